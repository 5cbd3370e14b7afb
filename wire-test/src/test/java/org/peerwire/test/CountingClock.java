/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A virtual clock that counts its pending tasks. A pair accepts only virtual clocks, hence this class. */
final class CountingClock extends VirtualTimeScheduler {
    private final AtomicInteger pending = new AtomicInteger();

    CountingClock() {
        super(false);
    }

    /** Returns the number of tasks that will run. */
    int pending() {
        return pending.get();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable once = counted();
        Disposable scheduled = super.schedule(
                () -> {
                    once.dispose();
                    task.run();
                },
                delay,
                unit);
        return Disposables.composite(scheduled, once);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return Disposables.composite(super.schedulePeriodically(task, initialDelay, period, unit), counted());
    }

    private Disposable counted() {
        pending.incrementAndGet();
        return Disposables.composite(pending::decrementAndGet);
    }
}
