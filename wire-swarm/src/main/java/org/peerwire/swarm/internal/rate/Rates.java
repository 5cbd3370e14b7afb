/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.rate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.peerwire.swarm.RateLimit;

/** Limits that apply together: of a wire, of its swarm, of the host. Immutable and thread-safe. */
public final class Rates {
    private static final Rates UNLIMITED = new Rates(List.of());

    private final RateLimit[] limits;

    private Rates(List<RateLimit> limits) {
        this.limits =
                limits.stream().filter(limit -> limit != RateLimit.unlimited()).toArray(RateLimit[]::new);
    }

    /** Returns the limits. {@link RateLimit#unlimited()} is left out. */
    public static Rates of(RateLimit... limits) {
        return new Rates(List.of(limits));
    }

    /** Returns the absence of limits. */
    public static Rates unlimited() {
        return UNLIMITED;
    }

    /** Returns these limits after another one. Give the most special one first: it refuses most often. */
    public Rates after(RateLimit first) {
        return first == RateLimit.unlimited()
                ? this
                : new Rates(
                        Stream.concat(Stream.of(first), Arrays.stream(limits)).toList());
    }

    /** Returns true if nothing is limited at the moment. */
    public boolean isUnlimited() {
        for (RateLimit limit : limits) {
            if (!limit.isUnlimited()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes bytes from every limit, or from none if one refuses.
     *
     * @param nowNanos the time in nanoseconds of the clock of all limits
     */
    public boolean tryTake(int bytes, long nowNanos) {
        for (int i = 0; i < limits.length; i++) {
            if (!limits[i].tryTake(bytes, nowNanos)) {
                giveBack(bytes, i);
                return false;
            }
        }
        return true;
    }

    /** Returns the nanoseconds until {@link #tryTake} may succeed, 0 if it may now. */
    public long nanosUntilReady(long nowNanos) {
        long longest = 0;
        for (RateLimit limit : limits) {
            longest = Math.max(longest, limit.nanosUntilReady(nowNanos));
        }
        return longest;
    }

    /** Returns bytes that were taken and not used. */
    public void giveBack(int bytes) {
        giveBack(bytes, limits.length);
    }

    private void giveBack(int bytes, int count) {
        for (int i = 0; i < count; i++) {
            limits[i].giveBack(bytes);
        }
    }
}
