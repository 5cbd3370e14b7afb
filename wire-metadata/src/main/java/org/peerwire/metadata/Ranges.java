/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.time.Duration;

/** The checks of all values that a user sets. Each failure reads "name must be constraint, was value". */
final class Ranges {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Ranges() {}

    /** Returns a value from {@code min} to {@code max}. */
    static int check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw failure(name, min + " to " + max, value);
        }
        return value;
    }

    /** Returns a duration from 1 ms to 365 days. */
    static Duration check(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw failure(name, "1 ms to 365 days", value);
        }
        return value;
    }

    /** Returns a value of {@code min} or more. */
    static int atLeast(String name, int value, int min) {
        if (value < min) {
            throw failure(name, min + " or more", value);
        }
        return value;
    }

    /** Returns the exception for a constraint that is not a range. */
    static IllegalArgumentException failure(String name, String constraint, Object value) {
        return new IllegalArgumentException(name + " must be " + constraint + ", was " + value);
    }
}
