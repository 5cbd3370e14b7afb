/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class KeyExchangesTest {

    /** Workers that run when the test calls them. */
    private static final class ByHand implements Scheduler {
        private final ArrayDeque<Runnable> workers = new ArrayDeque<>();

        @Override
        public Disposable schedule(Runnable task) {
            workers.add(task);
            return Disposables.disposed();
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void a63_noMoreAreComputedAtOnceAndNoMoreWaitThanAllowed() {
        ByHand scheduler = new ByHand();
        KeyExchanges exchanges = new KeyExchanges(scheduler, 2, 3);
        List<Integer> done = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            int number = i;
            assertThat(exchanges.submit(() -> done.add(number))).isTrue();
        }

        assertThat(exchanges.submit(() -> done.add(99))).isFalse();
        assertThat(scheduler.workers).hasSize(2);
        scheduler.workers.remove().run();
        assertThat(done).containsExactly(0, 1, 2, 3, 4);
        assertThat(exchanges.submit(() -> done.add(5))).isTrue();
        scheduler.workers.forEach(Runnable::run);
        assertThat(done).endsWith(5);
    }

    @Test
    void workThatThrowsLeavesRoomForOther() {
        KeyExchanges exchanges = new KeyExchanges(Schedulers.immediate(), 1, 0);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            try {
                exchanges.submit(() -> {
                    throw new IllegalStateException("no random numbers");
                });
            } catch (RuntimeException thrown) {
                assertThat(thrown).hasMessage("no random numbers");
            }
        }

        assertThat(exchanges.submit(done::incrementAndGet)).isTrue();
        assertThat(done).hasValue(1);
    }

    @Test
    void nothingIsTakenWhenNobodyWorks() {
        Scheduler ended = Schedulers.newSingle("ended");
        ended.dispose();
        KeyExchanges exchanges = new KeyExchanges(ended, 1, 1);
        for (int i = 0; i < 5; i++) {
            assertThat(exchanges.submit(() -> {})).isFalse();
        }
    }

    @Test
    void everythingSubmittedFromManyThreadsIsDoneAndNeverByMoreThanTwo() throws InterruptedException {
        int threads = 4;
        int each = 2_000;
        Scheduler scheduler = Schedulers.newParallel("exchanges", 4);
        try {
            KeyExchanges exchanges = new KeyExchanges(scheduler, 2, threads * each);
            CountDownLatch done = new CountDownLatch(threads * each);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            for (int t = 0; t < threads; t++) {
                new Thread(() -> {
                            for (int i = 0; i < each; i++) {
                                exchanges.submit(() -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    running.decrementAndGet();
                                    done.countDown();
                                });
                            }
                        })
                        .start();
            }

            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(most.get()).isBetween(1, 2);
        } finally {
            scheduler.dispose();
        }
    }
}
