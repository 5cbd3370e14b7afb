/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

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
    final Set<BlockRequest> writing = new LinkedHashSet<>();

    /** The only pieces that the peer may be asked for, or null for all of its pieces. */
    @Nullable
    Set<Integer> only;

    /** Returns whether the peer may be asked for a piece. */
    boolean offers(int piece) {
        return pieces.get(piece) && !refused.get(piece) && (only == null || only.contains(piece));
    }
}
