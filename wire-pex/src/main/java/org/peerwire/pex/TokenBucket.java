/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/** A token bucket: one token per interval on average, and a burst after a silence. Not thread-safe. */
final class TokenBucket {
    private final long interval;
    private final long capacity;
    private long credit;
    private long last;

    TokenBucket(long intervalMillis, int burst, long nowMillis) {
        this.interval = intervalMillis;
        this.capacity = intervalMillis * burst;
        this.credit = capacity;
        this.last = nowMillis;
    }

    /** Takes a token, or returns false if the bucket is empty. A clock that goes back adds no token. */
    boolean take(long nowMillis) {
        credit = Math.min(capacity, credit + Math.max(0, nowMillis - last));
        last = nowMillis;
        if (credit < interval) {
            return false;
        }
        credit -= interval;
        return true;
    }
}
