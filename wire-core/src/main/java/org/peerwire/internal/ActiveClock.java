/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** The scheduler's time, and beside it one that stands while reading is paused. */
@EventLoopOnly
final class ActiveClock {
    private final Scheduler scheduler;
    private final long origin;
    private long paused;
    private long pausedSince = -1;

    ActiveClock(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.origin = scheduler.now(TimeUnit.NANOSECONDS);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Milliseconds since the wire opened. Nanoseconds are asked for because coarser units are those of the wall clock. */
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(scheduler.now(TimeUnit.NANOSECONDS) - origin);
    }

    long active() {
        return (pausedSince < 0 ? now() : pausedSince) - paused;
    }

    boolean isPaused() {
        return pausedSince >= 0;
    }

    void pause() {
        if (pausedSince < 0) {
            pausedSince = now();
        }
    }

    /** False if it was not paused. */
    boolean resume() {
        if (pausedSince < 0) {
            return false;
        }
        paused += now() - pausedSince;
        pausedSince = -1;
        return true;
    }
}
