/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import java.time.Duration;

/** The check of the deadlines that are arguments of a method. */
public final class Deadlines {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Deadlines() {}

    /**
     * Returns a deadline from 1 ms to 365 days.
     *
     * @throws IllegalArgumentException for any other
     */
    public static Duration check(Duration deadline) {
        if (deadline.compareTo(SHORTEST) < 0 || deadline.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("deadline must be 1 ms to 365 days, was " + deadline);
        }
        return deadline;
    }
}
