/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock that notes its workers. */
record CountingClock(Scheduler clock, List<Disposable> workers) implements Scheduler {
    @Override
    public Disposable schedule(Runnable task) {
        return clock.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return clock.schedule(task, delay, unit);
    }

    @Override
    public long now(TimeUnit unit) {
        return clock.now(unit);
    }

    @Override
    public Worker createWorker() {
        Worker worker = clock.createWorker();
        workers.add(worker);
        return worker;
    }
}
