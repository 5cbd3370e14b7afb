/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.time.Duration;

/** Checks the values that a user sets. */
final class Ranges {
    /** The longest duration: no product of it with another option overflows. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private Ranges() {}

    static int check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", was " + value);
        }
        return value;
    }

    static Duration check(String name, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be " + min.toMillis() + " ms to 365 days, was " + value);
        }
        return value;
    }
}
