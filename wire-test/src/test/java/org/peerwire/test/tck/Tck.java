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

/** Two wires in memory for the verifications. One of them serves every request. */
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

    /** Closes all wires of a test. */
    static void close() {
        for (Disposable next = OPEN.poll(); next != null; next = OPEN.poll()) {
            next.dispose();
        }
    }

    /** Returns an environment without waiting: in memory, all effects happen during the call. */
    static TestEnvironment environment() {
        return new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS);
    }

    static LocalPeer peer() {
        return LocalPeer.of(TORRENT, PeerId.random());
    }

    static WirePair pair() {
        return open(WirePair.open(peer(), peer()));
    }

    /** Returns a wire whose peer unchokes it and answers at once. */
    static Wire leech() {
        Consumer<Wire> seed = wire -> wire.outbound()
                .send(Flux.just(new Message.HaveAll(), new Message.Unchoke()))
                .then(wire.blocks()
                        .serve(request -> Mono.fromSupplier(
                                () -> Unpooled.buffer(request.length()).writeZero(request.length()))))
                .subscribe();
        return open(WirePair.builder(peer(), peer()).onResponder(seed).open()).initiator();
    }

    /** Returns a peer for messages that violate the protocol. */
    static ScriptedPeer scripted() {
        return open(ScriptedPeer.dialledBy(peer()).handshake(Features.NONE));
    }

    /** Returns a wire that has ended. */
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
     * Returns the source with unchanged signals. Reactor wraps a foreign subscriber in one that corrects violations of
     * the rules. The subscriber here counts as Reactor's own, so it is not wrapped.
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
