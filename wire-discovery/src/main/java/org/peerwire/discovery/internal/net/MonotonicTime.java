/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.net;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * The time of a scheduler since the creation of this object. Reads its nanoseconds, which are monotonic: its
 * milliseconds are the time of day, which a user or a time server may set back.
 */
public final class MonotonicTime {
    private final Scheduler clock;
    private final long origin;

    /** Creates a time that begins now. */
    public MonotonicTime(Scheduler clock) {
        this.clock = clock;
        this.origin = clock.now(TimeUnit.NANOSECONDS);
    }

    /** Returns the milliseconds since the creation. */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.now(TimeUnit.NANOSECONDS) - origin);
    }
}
