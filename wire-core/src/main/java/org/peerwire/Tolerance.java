/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * So many of something odd in so long a time; one more closes the wire. See {@link WireLimits#tolerance}.
 *
 * @param most how many, 0 or more; with 0 the first one closes the wire
 * @param per in how long a time, 1 ms to 365 days, counted from the first; null for the life of the wire
 */
public record Tolerance(long most, @Nullable Duration per) {
    /** The first one closes the wire. */
    public static final Tolerance NONE = new Tolerance(0, null);

    /** Any number. */
    public static final Tolerance UNLIMITED = new Tolerance(Long.MAX_VALUE, null);

    /** Checks the ranges. */
    public Tolerance {
        Ranges.atLeast("most", most, 0);
        if (per != null) {
            Ranges.check("per", per);
        }
    }

    /** So many in the life of the wire. */
    public static Tolerance of(long most) {
        return new Tolerance(most, null);
    }

    /** So many in so long a time. */
    public static Tolerance of(long most, Duration per) {
        return new Tolerance(most, per);
    }

    @Override
    public String toString() {
        return most + (per == null ? "" : " in " + per.toMillis() / 1000.0 + " s");
    }
}
