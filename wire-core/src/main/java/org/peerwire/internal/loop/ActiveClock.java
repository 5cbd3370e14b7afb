/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * The scheduler's time, and a second time that stands still while reading is paused. Milliseconds since the connection
 * began.
 */
@EventLoopOnly
public final class ActiveClock {
    private final Scheduler scheduler;
    private final long origin;
    private long paused;
    private long pausedSince = -1;
    private long lastRead;

    ActiveClock(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.origin = scheduler.now(TimeUnit.NANOSECONDS);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Returns the time. Reads nanoseconds, because the scheduler takes coarser units from the wall clock. */
    public long now() {
        return TimeUnit.NANOSECONDS.toMillis(scheduler.now(TimeUnit.NANOSECONDS) - origin);
    }

    /** Returns the time without the pauses. */
    public long active() {
        return (pausedSince < 0 ? now() : pausedSince) - paused;
    }

    /** Returns true while reading is paused. */
    public boolean isPaused() {
        return pausedSince >= 0;
    }

    /** Stops the active time. */
    public void pause() {
        if (pausedSince < 0) {
            pausedSince = now();
        }
    }

    /** Lets the active time go on. Returns false if it was not paused. */
    public boolean resume() {
        if (pausedSince < 0) {
            return false;
        }
        paused += now() - pausedSince;
        pausedSince = -1;
        return true;
    }

    /** Notes that something has been read now. */
    public void onRead() {
        lastRead = active();
    }

    /** Returns the active time since something was read. */
    public long idle(long active) {
        return active - lastRead;
    }
}
