/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock that counts the tasks of its workers, and the timers that have not run out. */
final class CountingClock implements Scheduler {
    private final Scheduler clock;
    final AtomicInteger tasks = new AtomicInteger();
    final AtomicInteger timers = new AtomicInteger();
    final AtomicInteger mostTimers = new AtomicInteger();

    CountingClock(Scheduler clock) {
        this.clock = clock;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return clock.schedule(task);
    }

    @Override
    public long now(TimeUnit unit) {
        return clock.now(unit);
    }

    @Override
    public Worker createWorker() {
        Worker worker = clock.createWorker();
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                tasks.incrementAndGet();
                return worker.schedule(task);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                started();
                Timer timer = new Timer(task);
                timer.running = worker.schedule(timer, delay, unit);
                return timer;
            }

            @Override
            public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
                started();
                Disposable running = worker.schedulePeriodically(task, initialDelay, period, unit);
                return () -> {
                    timers.decrementAndGet();
                    running.dispose();
                };
            }

            @Override
            public void dispose() {
                worker.dispose();
            }
        };
    }

    private void started() {
        mostTimers.accumulateAndGet(timers.incrementAndGet(), Math::max);
    }

    private final class Timer implements Runnable, Disposable {
        private final Runnable task;
        private Disposable running = () -> {};
        private boolean over;

        Timer(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            end();
            task.run();
        }

        @Override
        public void dispose() {
            end();
            running.dispose();
        }

        private void end() {
            if (!over) {
                over = true;
                timers.decrementAndGet();
            }
        }
    }
}
