/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** A hash of the events of a network with their times. */
final class Trace {
    private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

    private final Scheduler clock;
    private long hash;
    private long events;

    Trace(Scheduler clock) {
        this.clock = clock;
    }

    /** Adds an event of a connection or a host. */
    void add(long subject, long event) {
        mix(clock.now(TimeUnit.NANOSECONDS));
        mix(subject);
        mix(event);
        events++;
    }

    long hash() {
        return hash;
    }

    long events() {
        return events;
    }

    private void mix(long value) {
        hash = (hash ^ value) * FACTOR;
        hash ^= hash >>> 32;
    }
}
