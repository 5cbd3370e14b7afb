/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class ShortWaitsTest {
    private static final int TIMERS = 100_000;

    @Test
    void aTimerIsTakenBackWhileAnotherThreadHoldsTheQueue() throws InterruptedException {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
        timers.setRemoveOnCancelPolicy(true);
        List<ScheduledFuture<?>> set = new ArrayList<>();
        for (int i = 0; i < TIMERS; i++) {
            set.add(timers.schedule(() -> {}, 1 + i % 11, TimeUnit.HOURS));
        }
        Thread holding = new Thread(() -> {
            while (!Thread.interrupted() && !timers.getQueue().contains(timers)) {
                Thread.onSpinWait(); // the search holds the lock of the queue
            }
        });
        holding.start();
        try {
            Flux.fromIterable(set)
                    .take(1_000)
                    .doOnNext(timer -> timer.cancel(false))
                    .subscribeOn(Schedulers.parallel())
                    .blockLast(Duration.ofSeconds(20));
        } finally {
            holding.interrupt();
            holding.join();
            timers.shutdownNow();
        }
    }
}
