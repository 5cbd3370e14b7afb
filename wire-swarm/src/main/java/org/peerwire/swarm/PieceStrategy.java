/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** A choice of the next piece to begin with a peer. Called on the thread of the swarm; must not block. */
@FunctionalInterface
public interface PieceStrategy {

    /** Returns one of {@link Choice#candidates()}, or -1 to begin none. */
    int choose(Choice choice);

    /** The facts of one choice. Valid during the call only. */
    interface Choice {
        /** Returns the pieces that the peer has, that are wanted, and that nobody has begun. Never empty. */
        BitSet candidates();

        /** Returns the number of connected peers that have a piece. */
        int availability(int piece);

        /** Returns the first piece of the order that is wanted and not verified, or -1. */
        int first();

        /** Returns the source of randomness of the swarm. */
        RandomGenerator random();
    }
}
