/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler that counts the tasks that are neither done nor disposed. */
final class CountingScheduler implements Scheduler {
    private final Scheduler actual;
    private final Set<Object> pending = ConcurrentHashMap.newKeySet();

    CountingScheduler(Scheduler actual) {
        this.actual = actual;
    }

    int pending() {
        return pending.size();
    }

    private Disposable begin() {
        Object task = new Object();
        pending.add(task);
        return () -> pending.remove(task);
    }

    private static Runnable once(Runnable task, Disposable counted) {
        return () -> {
            counted.dispose();
            task.run();
        };
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable counted = begin();
        return Disposables.composite(actual.schedule(once(task, counted), delay, unit), counted);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return Disposables.composite(actual.schedulePeriodically(task, initialDelay, period, unit), begin());
    }

    @Override
    public Worker createWorker() {
        Worker worker = actual.createWorker();
        Disposable.Composite all = Disposables.composite(worker);
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return schedule(task, 0, TimeUnit.MILLISECONDS);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                Disposable counted = begin();
                return keep(worker.schedule(once(task, counted), delay, unit), counted);
            }

            @Override
            public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
                return keep(worker.schedulePeriodically(task, initialDelay, period, unit), begin());
            }

            private Disposable keep(Disposable scheduled, Disposable counted) {
                all.add(counted);
                return Disposables.composite(scheduled, counted);
            }

            @Override
            public void dispose() {
                all.dispose();
            }
        };
    }

    @Override
    public long now(TimeUnit unit) {
        return actual.now(unit);
    }

    @Override
    public void dispose() {
        actual.dispose();
    }
}
