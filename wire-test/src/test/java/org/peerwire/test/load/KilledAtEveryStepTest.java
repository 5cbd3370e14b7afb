/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireStats;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.test.SocketPeer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Tests that the end of a wire ends all its publishers, at every step of a session and in every way. */
class KilledAtEveryStepTest {
    private static final Features FEATURES = Features.of(Feature.FAST, Feature.EXTENSION_PROTOCOL);
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final int LENGTH = 1_000;

    /** The steps of the session. The last one pauses the reading with a subscriber without demand. */
    private enum Step {
        HANDSHAKEN,
        EXTENDED_HANDSHAKE,
        HAVE_ALL,
        UNCHOKED,
        INTERESTED,
        ASKED,
        ANSWERED,
        ASKED_BY_PEER,
        WAITING_TO_WRITE,
        HALF_A_MESSAGE,
        PAUSED
    }

    private enum Way {
        CLOSE,
        DISPOSE,
        FIN,
        RESET,
        VIOLATION
    }

    /** One wire, its peer, and the ends of all its publishers. */
    private static final class Talk implements AutoCloseable {
        private final CountingScheduler clock = new CountingScheduler(Schedulers.parallel());
        private final LoopResources loops = LoopResources.create("killed", 1, true);
        private final SocketPeer peer;
        private final Map<String, Boolean> handedOut = new ConcurrentHashMap<>();
        private final Map<String, SignalType> ends = new ConcurrentHashMap<>();
        private final Way way;
        private final Wire wire;

        Talk(boolean epoll, Way way) {
            this.way = way;
            LocalPeer self = Loopback.peer().withFeatures(FEATURES);
            peer = SocketPeer.listening(self.infoHash()).patience(Loopback.SOON);
            Mono<Wire> connecting = WireClient.create()
                    .options(WireOptions.builder()
                            .scheduler(clock)
                            .stallTimeout(STALL)
                            .subscriberQueue(4)
                            .build())
                    .tcp(tcp -> tcp.runOn(loops, epoll))
                    .connect(peer.address(), self)
                    .cache();
            connecting.subscribe();
            peer.theirs();
            peer.handshake(FEATURES);
            wire = connecting.block(Loopback.SOON);
            handOut();
        }

        private void handOut() {
            watch("inbound", wire.inbound());
            watch("states", wire.states());
            watch("extendedHandshakes", wire.extendedHandshakes());
            watch("channel", wire.extension(Loopback.EXTENSION).inbound());
            watch("onClose", wire.onClose());
            watch("serve", wire.blocks().serve(request -> Mono.never()));
            watch("download", wire.blocks().download(Flux.range(0, 9).map(KilledAtEveryStepTest::block)));
            watch("downloadOfNothing", wire.blocks().download(Flux.never()));
            watch("send", wire.outbound().send(Flux.never()));
        }

        void watch(String name, Publisher<?> publisher) {
            handedOut.put(name, true);
            Flux.from(publisher).doFinally(end -> ends.put(name, end)).subscribe(value -> {}, error -> {});
        }

        void play(Step last) {
            for (Step step : Step.values()) {
                take(step);
                if (step == last) {
                    return;
                }
            }
        }

        private void take(Step step) {
            long before = wire.stats().messagesIn();
            switch (step) {
                case HANDSHAKEN -> {}
                case EXTENDED_HANDSHAKE -> peer.send(new Message.Extended(0, Unpooled.copiedBuffer("de".getBytes())));
                case HAVE_ALL -> peer.send(new Message.HaveAll());
                case UNCHOKED -> peer.send(new Message.Unchoke());
                case INTERESTED ->
                    wire.outbound().send(new Message.Interested()).block(Loopback.SOON);
                case ASKED -> {
                    watch("request", wire.blocks().request(block(100)));
                    Loopback.await("requests", () -> wire.stats().requestsOutstanding() > 1);
                }
                case ANSWERED -> peer.send(new Message.Piece(0, 0, Unpooled.wrappedBuffer(new byte[LENGTH])));
                case ASKED_BY_PEER -> {
                    wire.outbound().send(new Message.Unchoke()).block(Loopback.SOON);
                    peer.send(new Message.Request(block(7)));
                }
                case WAITING_TO_WRITE -> {
                    ByteBuf much = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[16_384]));
                    watch(
                            "clogged",
                            wire.outbound()
                                    .send(Flux.range(0, 10_000).map(i -> new Message.Piece(i, 0, much.duplicate()))));
                    Loopback.settled(() -> wire.stats().bytesOut());
                    watch("sendAfterClogged", wire.outbound().send(new Message.Have(1)));
                }
                case HALF_A_MESSAGE -> peer.send(Unpooled.buffer().writeInt(5).writeByte(4));
                case PAUSED -> {
                    Sleeper sleeper = new Sleeper();
                    handedOut.put("sleeper", true);
                    wire.inbound().doFinally(end -> ends.put("sleeper", end)).subscribe(sleeper);
                    peer.send(Unpooled.buffer().writeInt(1));
                    for (int i = 0; i < 20; i++) {
                        peer.send(new Message.Have(i));
                    }
                }
            }
            if (step == Step.EXTENDED_HANDSHAKE || step == Step.HAVE_ALL || step == Step.UNCHOKED) {
                Loopback.await(step.name(), () -> wire.stats().messagesIn() > before);
            }
        }

        void end() throws InterruptedException {
            switch (way) {
                case CLOSE -> watch("close", wire.close());
                case DISPOSE -> {
                    Thread other = new Thread(wire::dispose);
                    other.start();
                    other.join();
                }
                case FIN -> peer.halfClose();
                case RESET -> peer.reset();
                case VIOLATION -> peer.send(Unpooled.buffer().writeInt(Integer.MAX_VALUE));
            }
            if (way == Way.CLOSE) {
                peer.dispose();
            }
        }

        @Override
        public void close() {
            wire.dispose();
            peer.dispose();
            loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
        }
    }

    /** A subscriber without demand. */
    private static final class Sleeper extends BaseSubscriber<Message> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // requests nothing
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            // the stall timeout, or the end of the wire
        }
    }

    private static BlockRequest block(int piece) {
        return new BlockRequest(piece, 0, LENGTH);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("killed"))
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void everythingHandedOutEndsAndNothingRemains(Step step) throws InterruptedException {
        List<Talk> talks = new ArrayList<>();
        try {
            for (boolean epoll : FloodLoadTest.transports().toList()) {
                for (Way way : Way.values()) {
                    Talk talk = new Talk(epoll, way);
                    talks.add(talk);
                    talk.play(step);
                }
            }
            for (Talk talk : talks) {
                talk.end();
            }
            talks.forEach(KilledAtEveryStepTest::checkEnded);
        } finally {
            talks.forEach(Talk::close);
        }
        Loopback.await("no thread", () -> threads() == 0);
    }

    private static void checkEnded(Talk talk) {
        Way way = talk.way;
        Loopback.await(
                way + " to end all but " + talk.ends + " of " + talk.handedOut.keySet(),
                () -> talk.ends.keySet().containsAll(talk.handedOut.keySet()));
        WireStats last = talk.wire.stats();
        assertThat(talk.wire.isDisposed()).as("%s", way).isTrue();
        assertThat(last.requestsOutstanding() + last.uploadsQueued() + last.uploadBytesHeld())
                .as("%s", way)
                .isZero();
        Loopback.await(way + " to leave no timer", () -> talk.clock.pending().get() == 0);
        assertThat(talk.wire.stats()).as("%s", way).isEqualTo(last);
    }

    @Test
    void aViolationIsWhatTheUserHears() throws InterruptedException {
        try (Talk talk = new Talk(false, Way.VIOLATION)) {
            talk.play(Step.ANSWERED);
            talk.end();

            assertThat(talk.wire
                            .onClose()
                            .then(Mono.<Throwable>empty())
                            .onErrorResume(Mono::just)
                            .block(Loopback.SOON))
                    .isInstanceOf(ProtocolException.class);
        }
    }
}
