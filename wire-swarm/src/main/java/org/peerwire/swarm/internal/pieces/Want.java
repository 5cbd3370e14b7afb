/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import org.peerwire.swarm.PieceStrategy;

/** A consumer of pieces, as the picker sees it. Confined to the thread of the swarm. */
interface Want {
    /** The deadline of a piece without one. */
    long NONE = Long.MAX_VALUE;

    /** Returns true if pieces may be requested for it now. */
    boolean isActive();

    /** Returns the pieces that it still needs from peers. The picker does not change it. */
    BitSet missing();

    /** Returns true if it may hold one more piece besides {@link #first()}. */
    boolean hasRoom();

    /** Returns true if it may hold one more piece if that is {@link #first()}. */
    boolean hasRoomForFirst();

    /** Returns the piece without which nothing can be emitted, or -1 if each piece can. */
    int first();

    /** Returns the first missing piece. */
    default int lowest() {
        return missing().nextSetBit(0);
    }

    /** Returns the choice among the pieces that may be begun. */
    PieceStrategy strategy();

    /** Returns the deadline of a piece in milliseconds of the clock, or {@link #NONE}. */
    long deadline(int piece);

    /** Returns the time from which blocks of a piece are asked of several peers, or {@link #NONE}. */
    long urgentFrom(int piece);

    /** Notes that a piece was begun for it. */
    void begun(int piece);

    /** Notes that a begun piece was given up. */
    void abandoned(int piece);
}
