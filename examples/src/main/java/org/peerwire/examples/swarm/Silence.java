/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.time.Duration;

/** Notices that nothing comes. Times are milliseconds of the caller's clock; use it from one thread. */
final class Silence {
    private final long every;
    private long received = -1;
    private long since;
    private long due;

    Silence(Duration every) {
        this.every = every.toMillis();
    }

    /** How long nothing has come, each time another span of it is full; otherwise zero. */
    Duration check(long now, long receivedSoFar) {
        if (receivedSoFar != received) {
            received = receivedSoFar;
            since = now;
            due = now + every;
        } else if (now >= due) {
            due = now + every;
            return Duration.ofMillis(now - since);
        }
        return Duration.ZERO;
    }

    /** Begins anew. */
    void reset() {
        received = -1;
    }
}
