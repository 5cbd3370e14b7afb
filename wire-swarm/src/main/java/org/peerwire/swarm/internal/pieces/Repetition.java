/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The choice of a block that others are asked for already: one that the fewest are asked for, by chance. */
final class Repetition<P> {
    private final P peer;
    private final RandomGenerator random;
    private @Nullable BegunPiece<P> piece;
    private int block;
    private int fewest = Integer.MAX_VALUE;
    private int ties;

    /**
     * Creates a choice without blocks.
     *
     * @param peer the peer that is going to be asked
     */
    Repetition(P peer, RandomGenerator random) {
        this.peer = peer;
        this.random = random;
    }

    /**
     * Considers the requested blocks of a piece.
     *
     * @param latest the time of the latest request that may be repeated
     */
    void consider(BegunPiece<P> progress, long latest) {
        for (Map.Entry<Integer, BegunPiece.Asked<P>> entry : progress.asked.entrySet()) {
            BegunPiece.Asked<P> asked = entry.getValue();
            int copies = asked.peers().size();
            if (copies > fewest || asked.since() > latest || asked.peers().contains(peer)) {
                continue;
            }
            ties = copies < fewest ? 1 : ties + 1;
            fewest = copies;
            if (random.nextInt(ties) == 0) {
                piece = progress;
                block = entry.getKey();
            }
        }
    }

    /** Returns the piece of the chosen block, or null if no block was chosen. */
    @Nullable
    BegunPiece<P> piece() {
        return piece;
    }

    /** Returns the number of the chosen block within its piece. */
    int block() {
        return block;
    }
}
