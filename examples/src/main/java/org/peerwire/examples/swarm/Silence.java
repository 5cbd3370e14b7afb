/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.time.Duration;

/** A detector of a long time without data. Times are milliseconds of the caller's clock. Not thread-safe. */
final class Silence {
    private final long every;
    private long received = -1;
    private long since;
    private long due;

    Silence(Duration every) {
        this.every = every.toMillis();
    }

    /** Returns the time without data each time another span of it has passed, otherwise zero. */
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

    /** Restarts with the next check. */
    void reset() {
        received = -1;
    }
}
