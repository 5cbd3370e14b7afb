/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.time.Duration;

/** A detector of a long time without data. Times are milliseconds of the caller's clock. Not thread-safe. */
final class Silence {
    private final long every;
    private final long everyAlone;
    private long received = -1;
    private long since;
    private long told;

    /**
     * Creates a detector.
     *
     * @param every the interval of its reports
     * @param everyAlone the interval while no peer is connected
     */
    Silence(Duration every, Duration everyAlone) {
        this.every = every.toMillis();
        this.everyAlone = everyAlone.toMillis();
    }

    /** Returns the time without data each time another interval has passed, otherwise zero. */
    Duration check(long now, long receivedSoFar, boolean alone) {
        if (receivedSoFar != received) {
            received = receivedSoFar;
            since = now;
            told = now;
        } else if (now - told >= (alone ? everyAlone : every)) {
            told = now;
            return Duration.ofMillis(now - since);
        }
        return Duration.ZERO;
    }

    /** Restarts with the next check. */
    void reset() {
        received = -1;
    }
}
