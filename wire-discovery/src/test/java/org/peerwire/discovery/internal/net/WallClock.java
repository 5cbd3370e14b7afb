/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock whose time of day can be set back, as that of a machine. Its nanoseconds go on, as those of a machine do. */
public final class WallClock implements Scheduler {
    private final Scheduler clock;
    private volatile Duration behind = Duration.ZERO;

    /** Creates a clock with the delays of another. */
    public WallClock(Scheduler clock) {
        this.clock = clock;
    }

    /** Sets the time of day back. */
    public void setBack(Duration time) {
        behind = behind.plus(time);
    }

    @Override
    public long now(TimeUnit unit) {
        long now = clock.now(unit);
        return unit.compareTo(TimeUnit.MILLISECONDS) < 0 ? now : now - unit.convert(behind);
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
    public Worker createWorker() {
        return clock.createWorker();
    }
}
