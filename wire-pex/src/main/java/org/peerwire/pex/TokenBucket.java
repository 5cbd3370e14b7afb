/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/** Lets one message through per interval on average, and a few at once after a silence. Not thread-safe. */
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

    /** Takes a token if there is one. A clock that goes back gives none. */
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
