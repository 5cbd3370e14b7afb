/* SPDX-License-Identifier: MIT */
package org.peerwire.test.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** The contract of delivery over any transport: order, back pressure and concurrent senders. */
@SuppressWarnings("try") // open ends without a read
interface DeliveryContract extends TransportUnderTest {
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
            int count = 2_000; // of 16 KiB each: more than the buffers of two kernels
            Flux<Integer> slow = ends.dialler().extension("xx_echo").inbound().map(bytes -> bytes.getInt(0));
            StepVerifier.Step<Integer> step = StepVerifier.create(slow, 10)
                    .then(() -> settled(ends.dialler())
                            .then(ends.listener()
                                    .outbound()
                                    .send(Flux.range(0, count)
                                            .doOnNext(i -> sent.incrementAndGet())
                                            .map(DeliveryContract::large)))
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

    private static Message large(int number) {
        return new Message.Extended(1, Unpooled.buffer(16_384).writeInt(number).writeZero(16_380));
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
                    // requests nothing
                }

                @Override
                protected void hookOnError(Throwable slow) {
                    // the stall timeout ends this subscriber, not the wire
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
}
