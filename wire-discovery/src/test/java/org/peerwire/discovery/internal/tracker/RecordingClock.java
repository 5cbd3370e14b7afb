/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock that notes the delays in seconds that it is asked for. */
final class RecordingClock implements Scheduler {
    final List<Long> seconds = new CopyOnWriteArrayList<>();
    private final Scheduler clock;

    RecordingClock(Scheduler clock) {
        this.clock = clock;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return clock.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        if (unit == TimeUnit.SECONDS) {
            seconds.add(delay);
        }
        return clock.schedule(task, delay, unit);
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
