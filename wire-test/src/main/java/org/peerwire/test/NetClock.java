/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * A virtual clock whose periodic tasks end with their disposal. A {@code VirtualTimeScheduler} itself runs the timer of a
 * disposed periodic task for ever, unless the task has a worker of its own.
 */
final class NetClock implements Scheduler {
    private final Scheduler clock;

    NetClock(Scheduler clock) {
        this.clock = clock;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return clock.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return clock.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        Worker worker = clock.createWorker();
        worker.schedulePeriodically(task, initialDelay, period, unit);
        return worker;
    }

    @Override
    public long now(TimeUnit unit) {
        return clock.now(unit);
    }

    @Override
    public Worker createWorker() {
        return clock.createWorker();
    }
}
