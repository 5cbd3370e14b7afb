/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.peerwire.discovery.internal.net.MonotonicTime;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** The one thread of an announcement, to which its state is confined: a worker of the clock of the options. */
final class TrackerLoop implements Disposable {
    private final Scheduler clock;
    private final Scheduler.Worker worker;
    private final Runnable atEnd;
    private final MonotonicTime time;

    /**
     * Creates a loop.
     *
     * @param atEnd runs after the loop is disposed
     */
    TrackerLoop(Scheduler clock, Runnable atEnd) {
        this.clock = clock;
        this.atEnd = atEnd;
        this.worker = clock.createWorker();
        this.time = new MonotonicTime(clock);
    }

    /** Runs a task soon. Returns false if the loop or its clock is disposed. */
    boolean run(Runnable task) {
        try {
            worker.schedule(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task after a delay, or not at all if the loop is disposed before. */
    Disposable schedule(Runnable task, Duration delay) {
        try {
            return worker.schedule(task, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return Disposables.disposed();
        }
    }

    /** Returns the milliseconds since the loop was created. */
    long millis() {
        return time.millis();
    }

    Scheduler clock() {
        return clock;
    }

    @Override
    public void dispose() {
        worker.dispose();
        atEnd.run();
    }
}
