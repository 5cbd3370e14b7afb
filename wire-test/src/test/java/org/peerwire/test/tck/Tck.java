/* SPDX-License-Identifier: MIT */
package org.peerwire.test.tck;

import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the verifications share: two wires in memory, one of which serves whatever it is asked for. */
final class Tck {
    private static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    private static final long TIMEOUT_MILLIS = 500;
    private static final long NO_SIGNAL_MILLIS = 20;
    private static final int LENGTH = 16;

    private static final Queue<Disposable> OPEN = new ConcurrentLinkedQueue<>();

    private Tck() {}

    private static <T extends Disposable> T open(T opened) {
        OPEN.add(opened);
        return opened;
    }

    /** Ends all that a test has opened. */
    static void close() {
        for (Disposable next = OPEN.poll(); next != null; next = OPEN.poll()) {
            next.dispose();
        }
    }

    /** Everything in memory happens before the call that caused it returns, so nothing has to be waited for. */
    static TestEnvironment environment() {
        return new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS);
    }

    static LocalPeer peer() {
        return LocalPeer.of(TORRENT, PeerId.random());
    }

    static WirePair pair() {
        return open(WirePair.open(peer(), peer()));
    }

    /** A wire whose peer lets it ask, and answers at once. */
    static Wire leech() {
        Consumer<Wire> seed = wire -> wire.outbound()
                .send(Flux.just(new Message.HaveAll(), new Message.Unchoke()))
                .then(wire.blocks()
                        .serve(request -> Mono.fromSupplier(
                                () -> Unpooled.buffer(request.length()).writeZero(request.length()))))
                .subscribe();
        return open(WirePair.builder(peer(), peer()).onResponder(seed).open()).initiator();
    }

    /** A peer whose messages break the rules. */
    static ScriptedPeer scripted() {
        return open(ScriptedPeer.dialledBy(peer()).handshake(Features.NONE));
    }

    /** A wire that has ended. */
    static Wire ended() {
        WirePair pair = pair();
        pair.dispose();
        return pair.initiator();
    }

    static BlockRequest block(long number) {
        return new BlockRequest((int) (number >> 16), (int) (number & 0xffff) * LENGTH, LENGTH);
    }

    static <T> Publisher<T> bare(Publisher<T> source) {
        return bare(source, () -> {}, () -> {});
    }

    /**
     * Signals as the source gives them. Reactor puts a subscriber that is not its own behind one that mends what breaks the
     * rules; this one is Reactor's own, so nothing is mended.
     */
    static <T> Publisher<T> bare(Publisher<T> source, Runnable onDemand, Runnable onCancel) {
        return subscriber -> source.subscribe(new Bare<>(Objects.requireNonNull(subscriber), onDemand, onCancel));
    }

    private record Bare<T>(Subscriber<? super T> actual, Runnable onDemand, Runnable onCancel)
            implements CoreSubscriber<T> {
        @Override
        public void onSubscribe(Subscription s) {
            actual.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {
                    if (n > 0) {
                        onDemand.run();
                    }
                    s.request(n);
                }

                @Override
                public void cancel() {
                    onCancel.run();
                    s.cancel();
                }
            });
        }

        @Override
        public void onNext(T value) {
            actual.onNext(value);
        }

        @Override
        public void onError(Throwable t) {
            actual.onError(t);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }
}
