/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

/**
 * The conduct of one peer: how soon it answers, and how long it is left alone after it has refused to. Times are in
 * milliseconds of one clock. Not thread-safe.
 */
final class Conduct {
    /** The time without a block after which a peer has stalled, if it has answered faster before. */
    static final long PATIENCE = 3_000;

    /** The maximum of that time: a peer that answers ever later must not keep its blocks ever longer. */
    private static final long LONGEST_PATIENCE = 10_000;

    private static final long FIRST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 30_000;

    /** A peer has stalled if it takes longer than this many times its usual answer. */
    private static final int USUAL_ANSWERS = 3;

    private long waitingSince;
    private long usual;
    private boolean waiting;
    private boolean stalled;
    private long pause = FIRST_PAUSE;
    private long pausedUntil = Long.MIN_VALUE;

    /** Notes a request. The wait begins with the first one after an answer. */
    void asked(long now) {
        if (!waiting) {
            waiting = true;
            waitingSince = now;
        }
    }

    /**
     * Notes a block.
     *
     * @param more true if further requests are outstanding
     * @param useful true if the block was missing: the next refusal is the first again
     */
    void answered(long now, boolean more, boolean useful) {
        if (waiting) {
            long took = now - waitingSince;
            usual = usual == 0 ? took : (3 * usual + took) / 4;
        }
        waiting = more;
        waitingSince = now;
        stalled = false;
        if (useful) {
            pause = FIRST_PAUSE;
            pausedUntil = Long.MIN_VALUE;
        }
    }

    /** Returns true once if the peer has stalled: it is asked no more until it sends a block. */
    boolean stalls(long now) {
        long patience = Math.min(LONGEST_PATIENCE, Math.max(PATIENCE, USUAL_ANSWERS * usual));
        boolean stalls = waiting && !stalled && now - waitingSince >= patience;
        stalled |= stalls;
        return stalls;
    }

    /**
     * Notes a reject, a timeout, or a choke before the answer. A burst of them counts once.
     *
     * @param more true if further requests are outstanding
     * @return the time until the peer may be asked again, which doubles with each refusal
     */
    long refused(long now, boolean more) {
        waiting = more;
        stalled = false; // it has answered, or its time is over
        if (now >= pausedUntil) {
            pausedUntil = now + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        return pausedUntil - now;
    }

    /**
     * Notes the end of a wire, which is a refusal if the peer owes an answer.
     *
     * @param more true if requests are outstanding
     */
    void ended(long now, boolean more) {
        if (more || stalled) {
            refused(now, false);
        }
    }

    /** Returns true if the peer may be asked now. */
    boolean mayBeAsked(long now) {
        return !stalled && now >= pausedUntil;
    }
}
