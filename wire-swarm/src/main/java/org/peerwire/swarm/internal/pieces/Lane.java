/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import org.peerwire.message.BlockRequest;

/**
 * A source of blocks, as the picker knows it: a wire, or a source of ranges. Has the facts about its answers. Confined
 * to the thread of the swarm.
 */
public abstract sealed class Lane permits WireLane, RangeLane {
    /** True if nothing more is taken from it, because it has lied. */
    boolean isExpelled;

    long received;
    long wasted;
    long stalls;
    long refusals;
    long failedPieces;

    /** Returns the identity that a lie is blamed on. Several wires to one peer have the same. */
    abstract Object identity();

    /** Asks for what the picker chooses, within the rates. */
    abstract void supply();

    /** Withdraws the request of a block that has come from another source. */
    abstract void cancel(BlockRequest block);

    /**
     * Notes a block.
     *
     * @param isUseful true if the block was missing
     */
    abstract void answered(boolean isUseful);

    /** Takes no more, because the source has lied. The picker has forgotten it. */
    void expel() {
        isExpelled = true;
    }

    /** Returns the bytes of blocks that were missing. */
    public long received() {
        return received;
    }

    /** Returns the bytes of blocks that had arrived from others before. */
    public long wasted() {
        return wasted;
    }

    /** Returns the number of times that the blocks went to others because the source sent none. */
    public long stalls() {
        return stalls;
    }

    /** Returns the number of requests that were rejected or left unanswered. */
    public long refusals() {
        return refusals;
    }

    /** Returns the number of failed pieces with a block of the source. */
    public long failedPieces() {
        return failedPieces;
    }
}
