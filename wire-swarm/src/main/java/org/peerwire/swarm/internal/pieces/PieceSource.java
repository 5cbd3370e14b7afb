/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;

/** The pieces that one peer has, and the blocks that it was asked for. Not thread-safe. */
final class PieceSource {
    final BitSet pieces = new BitSet();
    final BitSet refused = new BitSet();
    final Set<BlockRequest> asked = new LinkedHashSet<>();

    /** The only pieces that the peer may be asked for, or null for all of its pieces. */
    @Nullable
    BitSet only;

    /** True if the next piece in order is begun after one, where the order does not matter. */
    boolean isForRuns;

    /** The piece after the one that was begun last, or -1 to begin anywhere. */
    int following = -1;

    /** Returns whether the peer may be asked for a piece. */
    boolean offers(int piece) {
        BitSet allowed = only;
        return pieces.get(piece) && !refused.get(piece) && (allowed == null || allowed.get(piece));
    }

    /** Returns the pieces of a set that the peer may be asked for, as a new set. */
    BitSet offered(BitSet among) {
        BitSet offered = (BitSet) pieces.clone();
        offered.and(among);
        offered.andNot(refused);
        BitSet allowed = only;
        if (allowed != null) {
            offered.and(allowed);
        }
        return offered;
    }
}
