/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.BlockRequest;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Each block in pooled memory is released once, however its flux or its work ends. */
class BlockUseTest {
    private final List<Block> made = new ArrayList<>();
    private final List<Integer> begun = new ArrayList<>();
    private final TestPublisher<Block> source = TestPublisher.createNoncompliant(
            TestPublisher.Violation.REQUEST_OVERFLOW, TestPublisher.Violation.CLEANUP_ON_TERMINATE);

    @AfterEach
    void everyBlockIsReleasedOnce() {
        assertThat(made).allMatch(block -> block.refCnt() == 0); // twice would have thrown
    }

    private Block block(int piece) {
        Block block = new Block(
                new BlockRequest(piece, 0, 16),
                PooledByteBufAllocator.DEFAULT.buffer(16).writeZero(16));
        made.add(block);
        return block;
    }

    private TestSubscriber<Integer> use(int concurrency, Function<Block, Publisher<Integer>> work) {
        TestSubscriber<Integer> subscriber = TestSubscriber.create();
        source.flux()
                .transform(Block.<Integer>use(
                        block -> {
                            begun.add(block.piece());
                            assertThat(block.refCnt()).isPositive();
                            return work.apply(block);
                        },
                        concurrency))
                .subscribe(subscriber);
        return subscriber;
    }

    @Test
    void blockIsReleasedWhenItsWorkCompletes() {
        Sinks.One<Integer> work = Sinks.one();
        TestSubscriber<Integer> subscriber = use(1, block -> work.asMono());
        Block block = block(1);
        source.next(block);
        assertThat(block.refCnt()).isEqualTo(1);

        work.tryEmitValue(7);

        assertThat(block.refCnt()).isZero();
        assertThat(subscriber.getReceivedOnNext()).containsExactly(7);
        source.complete();
        assertThat(subscriber.isTerminatedComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void cancellationDuringWorkReleasesThatBlockAndThoseInTheQueue(int concurrency) {
        TestPublisher<Integer> work = TestPublisher.create();
        TestSubscriber<Integer> subscriber = use(concurrency, block -> work);
        source.next(block(1), block(2), block(3));
        assertThat(begun).hasSize(concurrency);

        subscriber.cancel();

        work.assertCancelled();
    }

    @Test
    void cancellationBetweenTwoWorks() {
        TestSubscriber<Integer> subscriber = use(1, block -> Mono.just(block.piece()));
        source.next(block(1));
        subscriber.cancel();

        source.next(block(2)); // was on its way

        assertThat(begun).containsExactly(1);
    }

    @Test
    void cancellationByAResultReleasesTheQueue() {
        List<Sinks.One<Integer>> works = new ArrayList<>();
        TestSubscriber<Integer> subscriber = TestSubscriber.create();
        source.flux()
                .transform(Block.<Integer>use(block -> {
                    works.add(Sinks.one());
                    return works.get(works.size() - 1).asMono();
                }))
                .take(1)
                .subscribe(subscriber);
        source.next(block(1), block(2), block(3));

        works.get(0).tryEmitValue(1);

        assertThat(works).hasSize(1);
    }

    @Test
    void cancellationBeforeAnyDemandReleasesABlockThatCameAnyway() {
        TestSubscriber<Integer> subscriber = use(1, block -> Mono.empty());
        subscriber.cancel();

        source.next(block(1));

        assertThat(begun).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void errorOfAWorkReleasesTheOthers(int concurrency) {
        List<Sinks.One<Integer>> works = new ArrayList<>();
        TestSubscriber<Integer> subscriber = use(concurrency, block -> {
            works.add(Sinks.one());
            return works.get(works.size() - 1).asMono();
        });
        source.next(block(1), block(2), block(3));

        works.get(0).tryEmitError(new IllegalStateException("disk full"));

        assertThat(subscriber.expectTerminalError()).hasMessage("disk full");
        source.next(block(4));
    }

    @Test
    void errorOfTheSourceReleasesTheQueue() {
        TestSubscriber<Integer> subscriber = use(1, block -> Mono.never());
        source.next(block(1), block(2));

        source.error(new IllegalStateException("wire"));

        assertThat(subscriber.expectTerminalError()).hasMessage("wire");
    }

    @Test
    void workThatThrowsFailsTheFlux() {
        TestSubscriber<Integer> subscriber = use(1, block -> {
            throw new IllegalStateException("bug");
        });

        source.next(block(1), block(2));

        assertThat(subscriber.expectTerminalError()).hasMessage("bug");
    }

    @Test
    void workThatReturnsNullFailsTheFlux() {
        TestSubscriber<Integer> subscriber = use(1, block -> nothing());

        source.next(block(1), block(2));

        assertThat(subscriber.expectTerminalError()).isInstanceOf(NullPointerException.class);
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static Publisher<Integer> nothing() {
        return null;
    }

    @Test
    void workThatCancelsTheFluxIsReleased() {
        TestSubscriber<Integer> subscriber = TestSubscriber.create();
        source.flux()
                .transform(Block.<Integer>use(block -> {
                    subscriber.cancel();
                    return Mono.just(1);
                }))
                .subscribe(subscriber);

        source.next(block(1), block(2));
    }

    @Test
    void resultsKeepTheOrderOfTheBlocks() {
        TestSubscriber<Integer> subscriber = use(1, block -> Mono.just(block.piece()));

        source.next(block(1), block(2), block(3)).complete();

        assertThat(subscriber.getReceivedOnNext()).containsExactly(1, 2, 3);
    }

    @Test
    void concurrencyMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Block.use(block -> Mono.empty(), 0))
                .withMessage("concurrency must be 1 or more, was 0");
    }

    /** Cancels on one thread while blocks come on another and are worked with on a third. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void racingCancellationReleasesEveryBlock(int concurrency) throws InterruptedException {
        for (int round = 0; round < 300; round++) {
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                blocks.add(block(i));
            }
            CountDownLatch emitted = new CountDownLatch(1);
            CountDownLatch started = new CountDownLatch(1);
            Disposable flux = Flux.from(careless(blocks, started, emitted))
                    .transform(Block.<Integer>use(
                            block -> Mono.just(block.piece()).subscribeOn(Schedulers.parallel()), concurrency))
                    .onErrorComplete()
                    .subscribe();
            started.await();
            for (int spin = 0; spin < round * 20; spin++) {
                Thread.onSpinWait();
            }
            flux.dispose();
            emitted.await();
            blocks.forEach(BlockUseTest::awaitRelease);
        }
    }

    /** Emits on another thread, whatever is requested or cancelled: each block reaches the operator. */
    private static Publisher<Block> careless(List<Block> blocks, CountDownLatch started, CountDownLatch emitted) {
        return subscriber -> {
            subscriber.onSubscribe(Operators.emptySubscription());
            Schedulers.parallel().schedule(() -> {
                started.countDown();
                blocks.forEach(subscriber::onNext);
                emitted.countDown();
            });
        };
    }

    private static void awaitRelease(Block block) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (block.refCnt() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(block.refCnt()).isZero();
    }
}
