/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;

/** A piece with at least one requested block. Not thread-safe. */
final class BegunPiece<P> {
    final int piece;
    final Set<BlockRequest> free = new LinkedHashSet<>();
    final Map<BlockRequest, Set<P>> askedOf = new LinkedHashMap<>();
    final Set<BlockRequest> writing = new HashSet<>();
    final Set<P> authors = new HashSet<>();

    @Nullable
    P owner;

    /** Creates a piece whose blocks are all free. */
    BegunPiece(int piece, int length) {
        this.piece = piece;
        for (int offset = 0; offset < length; offset += BlockRequest.BLOCK_LENGTH) {
            free.add(new BlockRequest(piece, offset, Math.min(BlockRequest.BLOCK_LENGTH, length - offset)));
        }
    }

    /** Returns whether every block is on disk. */
    boolean isComplete() {
        return free.isEmpty() && askedOf.isEmpty() && writing.isEmpty();
    }

    /** Returns whether the piece has no owner or this one. */
    boolean mayBelongTo(P peer) {
        return owner == null || owner.equals(peer);
    }
}
