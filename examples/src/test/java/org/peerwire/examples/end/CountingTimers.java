/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler that counts its tasks that have neither run nor been disposed of. */
final class CountingTimers implements Scheduler {
    private final Scheduler actual;
    private final AtomicInteger pending = new AtomicInteger();

    CountingTimers(Scheduler actual) {
        this.actual = actual;
    }

    int pending() {
        return pending.get();
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Task counted = new Task(task, false);
        return counted.scheduled(actual.schedule(counted, delay, unit));
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        Task counted = new Task(task, true);
        return counted.scheduled(actual.schedulePeriodically(counted, initialDelay, period, unit));
    }

    @Override
    public long now(TimeUnit unit) {
        return actual.now(unit);
    }

    @Override
    public Worker createWorker() {
        Worker worker = actual.createWorker();
        Disposable.Composite tasks = Disposables.composite(worker);
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                Task counted = new Task(task, false);
                tasks.add(counted);
                return counted.scheduled(worker.schedule(counted));
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                Task counted = new Task(task, false);
                tasks.add(counted);
                return counted.scheduled(worker.schedule(counted, delay, unit));
            }

            @Override
            public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
                Task counted = new Task(task, true);
                tasks.add(counted);
                return counted.scheduled(worker.schedulePeriodically(counted, initialDelay, period, unit));
            }

            @Override
            public void dispose() {
                tasks.dispose();
            }

            @Override
            public boolean isDisposed() {
                return tasks.isDisposed();
            }
        };
    }

    @Override
    public void dispose() {
        // the actual scheduler belongs to others
    }

    private final class Task implements Runnable, Disposable {
        private final Runnable body;
        private final boolean periodic;
        private final AtomicBoolean over = new AtomicBoolean();
        private final Disposable.Swap scheduled = Disposables.swap();

        Task(Runnable body, boolean periodic) {
            this.body = body;
            this.periodic = periodic;
            pending.incrementAndGet();
        }

        Disposable scheduled(Disposable task) {
            scheduled.update(task);
            return this;
        }

        @Override
        public void run() {
            if (!periodic) {
                end();
            }
            body.run();
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                pending.decrementAndGet();
            }
        }

        @Override
        public void dispose() {
            end();
            scheduled.dispose();
        }

        @Override
        public boolean isDisposed() {
            return over.get();
        }
    }
}
