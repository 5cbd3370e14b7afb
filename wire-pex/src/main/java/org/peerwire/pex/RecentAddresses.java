/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A set of the addresses taken within the last minute, with a maximum size. Not thread-safe. */
final class RecentAddresses {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final int most;
    private final Map<InetSocketAddress, Long> taken = new LinkedHashMap<>();

    RecentAddresses(int most) {
        this.most = most;
    }

    /** Takes an address and returns true, or returns false if it is present or the set is full. */
    boolean take(InetSocketAddress address, long nowMillis) {
        return !isFull(nowMillis) && taken.putIfAbsent(address, nowMillis) == null;
    }

    /** Returns the number of addresses taken in the last minute. */
    int size(long nowMillis) {
        forget(nowMillis);
        return taken.size();
    }

    boolean isEmpty(long nowMillis) {
        return size(nowMillis) == 0;
    }

    private boolean isFull(long nowMillis) {
        return size(nowMillis) >= most;
    }

    private void forget(long nowMillis) {
        taken.values().removeIf(since -> nowMillis - since >= MINUTE);
    }
}
