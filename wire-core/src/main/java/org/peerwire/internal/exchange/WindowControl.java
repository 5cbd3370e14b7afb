/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import org.peerwire.RequestWindow;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.BlockRequest;

/**
 * The window of one download: grows as in slow start while the rate grows, then follows the rate for a configured time.
 */
@EventLoopOnly
final class WindowControl {
    /** A rate that grows by less than this factor in a second counts as steady. */
    private static final double GROWTH = 1.1;

    private static final long MILLIS = 1000;

    private final RequestWindow bounds;
    private int size;
    private boolean slowStart = true;
    private long bytes;
    private long lastBytes;
    private long lastRate;
    private long lastTick = -1;

    WindowControl(RequestWindow bounds) {
        this.bounds = bounds;
        this.size = bounds.min();
    }

    /** Returns the number of requests that may be outstanding. */
    int size() {
        return size;
    }

    /** Notes a block of {@code length} bytes. */
    void onBlock(int length) {
        bytes += length;
        if (slowStart && size < bounds.max()) {
            size++;
        }
    }

    /** Follows the rate, once a second. */
    void tick(long now) {
        long elapsed = lastTick < 0 ? 0 : now - lastTick;
        lastTick = now;
        if (elapsed <= 0 || bounds.min() == bounds.max()) {
            lastBytes = bytes;
            return;
        }
        long rate = (bytes - lastBytes) * MILLIS / elapsed;
        lastBytes = bytes;
        slowStart = slowStart && (lastRate == 0 || rate > lastRate * GROWTH);
        lastRate = rate;
        if (!slowStart) {
            long wanted = rate * bounds.ahead().toMillis() / MILLIS / BlockRequest.BLOCK_LENGTH;
            size = (int) Math.max(bounds.min(), Math.min(bounds.max(), wanted));
        }
    }
}
