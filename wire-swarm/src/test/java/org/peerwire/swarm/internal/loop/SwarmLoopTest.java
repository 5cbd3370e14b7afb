/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class SwarmLoopTest {
    private static final int TASKS = 1_000;

    /** Tasks race with the end of the loop: the worker must not drop those that it has accepted. */
    @RepeatedTest(200)
    void everyTaskRunsAlthoughTheLoopEndsMeanwhile() throws InterruptedException {
        Scheduler clock = Schedulers.parallel();
        SwarmLoop loop = new SwarmLoop(clock);
        CountDownLatch ran = new CountDownLatch(TASKS);
        AtomicInteger atATime = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < TASKS; i++) {
            if (i == TASKS / 2) {
                loop.dispose();
            }
            loop.schedule(() -> {
                most.accumulateAndGet(atATime.incrementAndGet(), Math::max);
                atATime.decrementAndGet();
                ran.countDown();
            });
        }

        assertThat(ran.await(5, TimeUnit.SECONDS))
                .as("%d tasks are lost", ran.getCount())
                .isTrue();
        assertThat(most).hasValue(1);
    }

    @Test
    void tasksRunInOrderAndOneThatFailsStopsNoOther() throws InterruptedException {
        SwarmLoop loop = new SwarmLoop(Schedulers.single());
        List<Integer> ran = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 0; i < 100; i++) {
            int number = i;
            loop.schedule(() -> {
                ran.add(number);
                if (number == 50) {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {});
                    throw new IllegalStateException("a test");
                }
            });
        }
        loop.schedule(done::countDown);

        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasSize(100).isSorted();
        loop.dispose();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void aFatalErrorReachesTheOwnerAndStopsNoOtherTask(long delay) throws InterruptedException {
        Scheduler clock = Schedulers.newSingle("fatal");
        BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        SwarmLoop loop = new SwarmLoop(clock, error -> {
            told.add(error);
            throw new OutOfMemoryError("and none to tell it");
        });
        CountDownLatch done = new CountDownLatch(1);
        loop.schedule(
                () -> {
                    Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {
                        throw new OutOfMemoryError("and none to report it");
                    });
                    throw new OutOfMemoryError("a test");
                },
                delay,
                TimeUnit.MILLISECONDS);

        assertThat(told.poll(5, TimeUnit.SECONDS)).hasMessage("a test");
        loop.schedule(done::countDown);
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        clock.dispose();
    }

    @Test
    void afterTheEndTasksRunOnTheCallingThreadAndTimersNotAtAll() {
        SwarmLoop loop = new SwarmLoop(Schedulers.immediate());
        loop.dispose();
        List<Thread> ran = new ArrayList<>();

        loop.schedule(() -> ran.add(Thread.currentThread()));
        loop.schedule(() -> ran.add(Thread.currentThread()), 1, TimeUnit.MILLISECONDS);

        assertThat(ran).containsExactly(Thread.currentThread());
    }
}
