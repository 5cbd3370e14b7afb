/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

/** A rate: permits come back steadily, and at most {@code burst} of them wait. Times are in milliseconds. */
final class TokenBucket {
    private final double perMilli;
    private final double burst;
    private double permits;
    private long last;

    TokenBucket(double perSecond, double burst, long now) {
        this.perMilli = perSecond / 1_000;
        this.burst = burst;
        this.permits = burst;
        this.last = now;
    }

    /** Takes a permit. Returns false without one. */
    boolean take(long now) {
        refill(now);
        if (permits < 1) {
            return false;
        }
        permits--;
        return true;
    }

    /** Returns the milliseconds until there is a permit: 0 if there is one. */
    long millisToNext(long now) {
        refill(now);
        return permits >= 1 ? 0 : (long) Math.ceil((1 - permits) / perMilli);
    }

    private void refill(long now) {
        permits = Math.min(burst, permits + Math.max(0, now - last) * perMilli);
        last = now;
    }
}
