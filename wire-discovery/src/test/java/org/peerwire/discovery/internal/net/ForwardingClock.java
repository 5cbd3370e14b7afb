/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A clock with the time and the delays of another one, for tests that change or record a part of it. */
public abstract class ForwardingClock implements Scheduler {
    private final Scheduler clock;

    /** Creates a clock that forwards everything. */
    protected ForwardingClock(Scheduler clock) {
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
    public long now(TimeUnit unit) {
        return clock.now(unit);
    }

    @Override
    public Worker createWorker() {
        return clock.createWorker();
    }
}
