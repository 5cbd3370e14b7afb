/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A maximum number of anomalies per period. One more fails the wire with {@link ProtocolException.Reason#FLOOD}. See
 * {@link WireLimits#tolerance}.
 *
 * @param most the number of anomalies that are tolerated, 0 or more. With 0 the first one fails the wire, and the
 *     reason is the one of the anomaly instead of FLOOD
 * @param per the length of a period, 1 ms to 365 days; null for the life of the wire. A period starts with an anomaly,
 *     and is suspended while a slow subscriber pauses reading
 */
public record Tolerance(long most, @Nullable Duration per) {
    /** Tolerates nothing: the first anomaly fails the wire. */
    public static final Tolerance NONE = new Tolerance(0, null);

    /** Tolerates any number. */
    public static final Tolerance UNLIMITED = new Tolerance(Long.MAX_VALUE, null);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public Tolerance {
        Ranges.atLeast("most", most, 0);
        if (per != null) {
            Ranges.check("per", per);
        }
    }

    /** Returns a maximum for the life of the wire. */
    public static Tolerance of(long most) {
        return new Tolerance(most, null);
    }

    /** Returns a maximum per period. */
    public static Tolerance of(long most, Duration per) {
        return new Tolerance(most, per);
    }

    /** Returns the defaults, as {@link WireLimits#tolerance} lists them. */
    static Tolerance usual(Ignored kind, int maxQueuedUploads) {
        return switch (kind) {
            case SPARE_BITS, EXTENDED_WITHOUT_BIT -> NONE;
            case KEEP_ALIVE -> of(100, Duration.ofSeconds(10));
            case UNKNOWN_MESSAGE -> of(20, Duration.ofMinutes(1));
            case UNKNOWN_EXTENSION, INVALID_HASH_REQUEST -> of(100);
            case LATE_BITFIELD, UNKNOWN_REJECT -> of(64);
            case UNSOLICITED_BLOCK -> of(16, Duration.ofMinutes(1));
            case RAPID_CHOKE -> of(100, Duration.ofMinutes(1));
            case CHOKED_REQUEST, INVALID_REQUEST -> of(300);
            case REPEATED_REQUEST, EXCESS_REQUEST -> of(4L * maxQueuedUploads, Duration.ofSeconds(10));
            default -> of(WireLimits.MOST_PIECES, Duration.ofMinutes(1));
        };
    }

    /** Returns the number and the period in seconds, as in {@code 20 in 60.0 s}. */
    @Override
    public String toString() {
        return most + (per == null ? "" : " in " + per.toMillis() / 1000.0 + " s");
    }
}
