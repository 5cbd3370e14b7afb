/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import org.jspecify.annotations.Nullable;

/** One choice of a begun piece with a free block that suits a peer best: urgent, its own, without owner, another's. */
final class Continuation<P> {
    private final P peer;
    private final long now;
    private @Nullable BegunPiece<P> piece;
    private long rank = Long.MAX_VALUE;

    Continuation(P peer, long now) {
        this.peer = peer;
        this.now = now;
    }

    /**
     * Considers a piece that the peer may be asked for.
     *
     * @param deadline the deadline of the piece, or {@link Want#NONE}
     */
    void consider(BegunPiece<P> progress, long deadline) {
        long other = deadline != Want.NONE
                ? deadline - now - Integer.MAX_VALUE
                : peer.equals(progress.owner) ? 0 : progress.owner == null ? 1 : 2;
        if (other < rank) {
            piece = progress;
            rank = other;
        }
    }

    /** Returns the chosen piece, or null if none was considered. */
    @Nullable
    BegunPiece<P> piece() {
        return piece;
    }

    /**
     * Returns true if the piece goes before each piece that may be begun.
     *
     * @param mayRetry true if a failed piece may be begun again, which goes before a piece without owner
     */
    boolean isFirst(boolean mayRetry) {
        return mayRetry ? rank <= 0 : rank <= 1;
    }
}
