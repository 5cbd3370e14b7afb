/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.PeerState;
import org.peerwire.RequestException;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.extension.Extension;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What holds for a wire over any transport. */
@SuppressWarnings("try") // ends that are only held open
interface WireContract {
    InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    TorrentShape SHAPE = TorrentShape.of(4 << 20, 256 * 1024);
    Duration SOON = Duration.ofSeconds(10);

    /** Two ends of one connection, each given to its user before it reads. */
    interface Ends extends AutoCloseable {
        Wire dialler();

        Wire listener();

        @Override
        void close();
    }

    Ends open(
            LocalPeer dialler,
            LocalPeer listener,
            UnaryOperator<WireOptions.Builder> options,
            Consumer<Wire> onDialler,
            Consumer<Wire> onListener);

    private Ends open(Consumer<Wire> onDialler, Consumer<Wire> onListener) {
        return open(peer(), peer(), options -> options, onDialler, onListener);
    }

    static LocalPeer peer() {
        return LocalPeer.of(HASH, PeerId.random()).withShape(SHAPE).withExtension(Extension.named("xx_echo"));
    }

    private static Mono<ByteBuf> zeros(BlockRequest request) {
        return Mono.fromSupplier(() -> Unpooled.buffer(request.length()).writeZero(request.length()));
    }

    private static Flux<BlockRequest> everyBlock() {
        return Flux.range(0, SHAPE.pieceCount()).flatMapIterable(SHAPE::blocks);
    }

    private static Consumer<Wire> seed() {
        return wire -> wire.outbound()
                .send(Flux.just(new Message.HaveAll(), new Message.Unchoke()))
                .then(wire.blocks().serve(WireContract::zeros))
                .subscribe();
    }

    @Test
    default void subscribingInsideTheChainMissesNothing() {
        Sinks.Many<Message> seen = Sinks.many().replay().all();
        try (Ends ends = open(wire -> wire.inbound().subscribe(seen::tryEmitNext), seed())) {
            StepVerifier.create(seen.asFlux().take(3).map(message -> message.type()))
                    .expectNext(MessageType.EXTENDED, MessageType.HAVE_ALL, MessageType.UNCHOKE)
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    default void everySubscriberSeesEveryMessageInOrder() {
        int count = 5_000;
        try (Ends ends = open(wire -> {}, wire -> {})) {
            List<Integer> first = new CopyOnWriteArrayList<>();
            Sinks.Empty<Void> done = Sinks.empty();
            Flux<Integer> haves =
                    ends.dialler().inbound().ofType(Message.SuggestPiece.class).map(m -> m.piece());
            haves.subscribe(first::add);
            haves.take(count).doOnComplete(done::tryEmitEmpty).subscribe();
            settled(ends.dialler()).block(SOON);
            ends.listener()
                    .outbound()
                    .send(Flux.range(0, count).map(i -> new Message.SuggestPiece(i % SHAPE.pieceCount())))
                    .block(SOON);
            done.asMono().block(SOON);
            assertThat(first).hasSize(count);
            assertThat(first.subList(0, 20))
                    .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
        }
    }

    @Test
    default void aSubscriberThatTakesOneAtATimeGetsAll() {
        try (Ends ends = open(wire -> {}, wire -> {})) {
            StepVerifier.Step<Integer> step = StepVerifier.create(
                            ends.dialler()
                                    .inbound()
                                    .ofType(Message.SuggestPiece.class)
                                    .map(m -> m.piece()),
                            0)
                    .then(() -> settled(ends.dialler())
                            .then(ends.listener()
                                    .outbound()
                                    .send(Flux.range(0, 1_000).map(i -> new Message.SuggestPiece(i % 16))))
                            .subscribe());
            for (int i = 0; i < 1_000; i++) {
                step = step.thenRequest(1).expectNext(i % 16);
            }
            step.thenCancel().verify(SOON);
        }
    }

    @Test
    default void aSlowSubscriberSlowsTheSenderAndLosesNothing() {
        try (Ends ends = open(wire -> {}, wire -> {})) {
            AtomicInteger sent = new AtomicInteger();
            int count = 2_000; // of 16 KiB each: more than any two kernels hold
            Flux<Integer> slow = ends.dialler().extension("xx_echo").inbound().map(bytes -> bytes.getInt(0));
            StepVerifier.Step<Integer> step = StepVerifier.create(slow, 10)
                    .then(() -> settled(ends.dialler())
                            .then(ends.listener()
                                    .outbound()
                                    .send(Flux.range(0, count)
                                            .doOnNext(i -> sent.incrementAndGet())
                                            .map(WireContract::large)))
                            .subscribe())
                    .expectNext(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
                    .then(() -> assertThat(sent).hasValueLessThan(count))
                    .thenRequest(Long.MAX_VALUE);
            for (int i = 10; i < count; i++) {
                step = step.expectNext(i);
            }
            step.thenCancel().verify(SOON);
        }
    }

    /** A subscription from another thread takes effect when the loop gets to it; what is sent behind it leaves later. */
    private static Mono<Void> settled(Wire subscribedTo) {
        return subscribedTo.outbound().send(new Message.KeepAlive());
    }

    private static Message large(int number) {
        return new Message.Extended(1, Unpooled.buffer(16_384).writeInt(number).writeZero(16_380));
    }

    @Test
    default void aDownloadGetsEveryBlockOnce() {
        for (PayloadMode mode : PayloadMode.values()) {
            try (Ends ends = open(peer(), peer(), options -> options.payloadMode(mode), wire -> {}, seed())) {
                List<BlockRequest> got = ends.dialler()
                        .blocks()
                        .download(everyBlock())
                        .map(block -> {
                            block.release();
                            return block.request();
                        })
                        .collectList()
                        .block(SOON);
                assertThat(got)
                        .containsExactlyInAnyOrderElementsOf(
                                everyBlock().collectList().block(SOON));
                assertThat(ends.dialler().stats().payloadIn()).isEqualTo(SHAPE.length());
            }
        }
    }

    @Test
    default void bothSidesDownloadAtOnce() {
        try (Ends ends = open(seed(), seed())) {
            Mono<Long> there = ends.dialler().blocks().download(everyBlock()).count();
            Mono<Long> back = ends.listener().blocks().download(everyBlock()).count();
            assertThat(Mono.zip(there, back)
                            .map(both -> both.getT1() + both.getT2())
                            .block(SOON))
                    .isEqualTo(2L * 256);
        }
    }

    @Test
    default void extensionsTalk() {
        Consumer<Wire> echo = wire -> wire.extension("xx_echo")
                .inbound()
                .concatMap(bytes -> wire.extension("xx_echo").send(bytes.copy()))
                .subscribe();
        try (Ends ends = open(wire -> {}, echo)) {
            Mono<String> answer =
                    ends.dialler().extension("xx_echo").inbound().next().map(bytes -> bytes.toString(UTF_8));
            Mono<Void> question = ends.dialler().extendedHandshake().then(Mono.defer(() -> ends.dialler()
                    .extension("xx_echo")
                    .send(Unpooled.copiedBuffer("hello", UTF_8))));
            assertThat(answer.doOnSubscribe(s -> question.subscribe()).block(SOON))
                    .isEqualTo("hello");
        }
    }

    @Test
    default void closingFlushesWhatIsQueuedAndEndsBothInOrder() {
        Sinks.Many<Message> seen = Sinks.many().replay().all();
        try (Ends ends = open(
                wire -> wire.inbound().subscribe(seen::tryEmitNext, seen::tryEmitError, seen::tryEmitComplete),
                wire -> {})) {
            for (int i = 0; i < 1_000; i++) {
                ends.listener().outbound().tryEmit(new Message.SuggestPiece(i % 16));
            }
            ends.listener().close().block(SOON);
            StepVerifier.create(seen.asFlux().ofType(Message.SuggestPiece.class))
                    .expectNextCount(1_000)
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(ends.dialler().onClose()).expectComplete().verify(SOON);
        }
    }

    @Test
    default void disposingTerminatesEverythingThatWasHandedOut() {
        try (Ends ends = open(wire -> {}, wire -> wire.outbound().tryEmit(new Message.Unchoke()))) {
            Wire wire = ends.dialler();
            wire.states().filter(state -> !state.peerChoking()).next().block(SOON);
            List<Mono<?>> handedOut = new ArrayList<>(List.of(
                    wire.inbound().then(),
                    wire.states().then(),
                    wire.extendedHandshakes().then(),
                    wire.extension("xx_echo").inbound().then(),
                    wire.onClose(),
                    wire.blocks().serve(WireContract::zeros),
                    wire.blocks().request(new BlockRequest(0, 0, 16_384)),
                    wire.blocks()
                            .download(Flux.just(new BlockRequest(1, 0, 16_384)))
                            .then(),
                    wire.outbound().send(Flux.never())));
            Mono<Void> all = Flux.fromIterable(handedOut)
                    .flatMap(one -> one.onErrorComplete().then(), handedOut.size())
                    .then();
            StepVerifier.create(all).then(wire::dispose).expectComplete().verify(SOON);
            assertThat(wire.isDisposed()).isTrue();
            assertThat(wire.state()).isEqualTo(PeerState.INITIAL);
            assertThat(wire.stats()).isEqualTo(wire.stats());
            assertThat(wire.outbound().tryEmit(new Message.Have(1))).isEqualTo(Sinks.EmitResult.FAIL_TERMINATED);
            StepVerifier.create(wire.blocks().request(new BlockRequest(0, 0, 1)))
                    .expectErrorMatches(
                            e -> e instanceof RequestException r && r.reason() == RequestException.Reason.CLOSED)
                    .verify(SOON);
            StepVerifier.create(wire.outbound().send(new Message.Have(1)))
                    .expectErrorMatches(
                            e -> e instanceof ConnectionException c && c.reason() == ConnectionException.Reason.CLOSED)
                    .verify(SOON);
            StepVerifier.create(wire.inbound()).expectComplete().verify(SOON);
            StepVerifier.create(ends.listener().onClose().onErrorComplete())
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    default void manyThreadsEmitAndEachKeepsItsOrder() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        try (Ends ends = open(peer(), peer(), options -> options.outboundQueue(1 << 20), wire -> {}, wire -> {})) {
            AtomicInteger accepted = new AtomicInteger();
            List<Runnable> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                senders.add(() -> {
                    for (int i = 0; i < each; i++) {
                        Message message = new Message.Cancel(new BlockRequest(0, thread, i + 1));
                        if (ends.listener().outbound().tryEmit(message) == Sinks.EmitResult.OK) {
                            accepted.incrementAndGet();
                        }
                    }
                });
            }
            Mono<List<BlockRequest>> cancels = ends.dialler()
                    .inbound()
                    .ofType(Message.Cancel.class)
                    .map(Message.Cancel::block)
                    .take((long) threads * each)
                    .collectList();
            Sinks.One<List<BlockRequest>> seen = Sinks.one();
            cancels.subscribe(seen::tryEmitValue);
            settled(ends.dialler()).block(SOON);
            if (runsOnTheCallingThread()) {
                senders.forEach(Runnable::run);
            } else {
                List<Thread> running = senders.stream().map(Thread::new).toList();
                running.forEach(Thread::start);
                for (Thread thread : running) {
                    thread.join(SOON.toMillis());
                }
            }
            assertThat(accepted).hasValue(threads * each);
            List<BlockRequest> order = seen.asMono().block(SOON);
            for (int t = 0; t < threads; t++) {
                int thread = t;
                assertThat(order.stream()
                                .filter(block -> block.offset() == thread)
                                .map(BlockRequest::length))
                        .isSorted()
                        .hasSize(each);
            }
        }
    }

    /** Whether everything happens before a call returns, so that other threads must stay away. */
    default boolean runsOnTheCallingThread() {
        return false;
    }

    @Test
    default void aPausedWireNoticesTheEndAtTheStallTimeoutAtTheLatest() {
        try (Ends ends = open(
                peer(),
                peer(),
                options -> options.stallTimeout(Duration.ofSeconds(2)).subscriberQueue(4),
                wire -> {},
                wire -> {})) {
            ends.dialler().inbound().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription s) {
                    // never asks for anything
                }

                @Override
                protected void hookOnError(Throwable slow) {
                    // the stall ends this subscriber, not the wire
                }
            });
            settled(ends.dialler()).block(SOON);
            for (int i = 0; i < 16; i++) {
                ends.listener().outbound().tryEmit(new Message.SuggestPiece(i));
            }
            ends.listener().close().block(SOON);
            advance(ends, Duration.ofSeconds(4));
            StepVerifier.create(ends.dialler().onClose().onErrorComplete())
                    .expectComplete()
                    .verify(SOON);
        }
    }

    @Test
    default void whatCameBeforeTheEndIsStillDeliveredToASlowSubscriber() {
        try (Ends ends = open(wire -> {}, wire -> {})) {
            Flux<Integer> slow =
                    ends.dialler().inbound().ofType(Message.SuggestPiece.class).map(message -> message.piece());
            StepVerifier.create(slow, 0)
                    .then(() -> settled(ends.dialler())
                            .then(ends.listener()
                                    .outbound()
                                    .send(Flux.range(0, 1_000).map(i -> new Message.SuggestPiece(i % 16))))
                            .then(ends.listener().close())
                            .subscribe())
                    .thenAwait(Duration.ofMillis(300))
                    .thenRequest(1)
                    .expectNext(0)
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextCount(999)
                    .expectComplete()
                    .verify(SOON);
        }
    }

    /** Turns the clock, where it is one that can be turned. */
    default void advance(Ends ends, Duration time) {}

    @Test
    default void availabilityIsTold() {
        PieceSet some = PieceSet.of(SHAPE.pieceCount(), 0, 3, 15);
        Sinks.Empty<Void> told = Sinks.empty();
        try (Ends ends = open(
                wire -> wire.inbound().ofType(Message.Have.class).next().subscribe(have -> told.tryEmitEmpty()),
                wire -> wire.outbound()
                        .send(Flux.just(new Message.Bitfield(some), new Message.Have(7)))
                        .subscribe())) {
            told.asMono().block(SOON);
            assertThat(ends.dialler().peerPieces()).isEqualTo(PieceSet.of(SHAPE.pieceCount(), 0, 3, 7, 15));
        }
    }

    @Test
    default void aBlockOfAnotherWireCanBePassedOn() {
        try (Ends ends = open(peer(), peer(), options -> options.payloadMode(PayloadMode.POOLED), seed(), seed())) {
            ends.dialler().states().filter(state -> !state.peerChoking()).next().block(SOON);
            Block block = ends.dialler()
                    .blocks()
                    .request(new BlockRequest(2, 16_384, 16_384))
                    .block(SOON);
            assertThat(block).isNotNull();
            assertThat(block.data().readableBytes()).isEqualTo(16_384);
            block.release();
        }
    }
}
