/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

/** Computes bytes per second over the last five ticks of a counter. */
@EventLoopOnly
final class RateMeter {
    private static final int TICKS = 5;

    private final long[] totals = new long[TICKS];
    private final long[] times = new long[TICKS];
    private int ticks;

    /** Returns the rate at {@code now}, in milliseconds, with the counter at {@code total}. */
    long rate(long now, long total) {
        int oldest = ticks < TICKS ? 0 : ticks % TICKS;
        long elapsed = ticks == 0 ? 0 : now - times[oldest];
        long rate = elapsed <= 0 ? 0 : (total - totals[oldest]) * 1000 / elapsed;
        totals[ticks % TICKS] = total;
        times[ticks % TICKS] = now;
        ticks++;
        return rate;
    }
}
