/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** The scheduler's time, and beside it one that stands while reading is paused. */
@EventLoopOnly
final class ActiveClock {
    private final Scheduler scheduler;
    private long paused;
    private long pausedSince = -1;

    ActiveClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
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
