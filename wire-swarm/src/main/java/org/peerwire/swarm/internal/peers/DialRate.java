/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

/** A limit of the dials that begin per second, spread over the ticks of a second. Not thread-safe. */
final class DialRate {
    /** The parts of one dial. */
    private static final long DIAL = 1_000;

    private static final int TICKS = 4;

    private final int perSecond;
    private long allowance;
    private long last;

    /** Creates a limit whose first tick is now. */
    DialRate(int perSecond, long now) {
        this.perSecond = perSecond;
        this.allowance = burst();
        this.last = now;
    }

    /** Returns the number of dials that may begin now. */
    int allowed(long now) {
        allowance = Math.min(burst(), allowance + (now - last) * perSecond);
        last = now;
        return (int) (allowance / DIAL);
    }

    /** Notes that dials have begun. */
    void begun(int dials) {
        allowance -= dials * DIAL;
    }

    /** Returns the most of one tick: late ticks must not add up. */
    private long burst() {
        return (perSecond + TICKS - 1) / TICKS * DIAL;
    }
}
