/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler in real time that counts its pending tasks. {@code CountingClock} is its virtual counterpart. */
record CountingScheduler(Scheduler actual, AtomicInteger pending) implements Scheduler {
    CountingScheduler(Scheduler actual) {
        this(actual, new AtomicInteger());
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable once = counted();
        Disposable scheduled = actual.schedule(
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
        return Disposables.composite(actual.schedulePeriodically(task, initialDelay, period, unit), counted());
    }

    private Disposable counted() {
        pending.incrementAndGet();
        return Disposables.composite(pending::decrementAndGet);
    }

    @Override
    public long now(TimeUnit unit) {
        return actual.now(unit);
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("createWorker must not be called: a wire needs no worker");
    }

    @Override
    public void dispose() {}
}
