/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;

/** Checks what a user sets. */
final class Ranges {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Ranges() {}

    static int check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + min + " to " + max + ", not " + value);
        }
        return value;
    }

    static Duration check(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is 1 ms to 365 days, not " + value);
        }
        return value;
    }
}
