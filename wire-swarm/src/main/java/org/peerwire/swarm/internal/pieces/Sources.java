/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.PieceSet;

/** The pieces of all connected peers, and the number of peers that have each piece. Not thread-safe. */
final class Sources<P> {
    private final Map<P, PieceSource> sources = new HashMap<>();
    private final int[] availability;

    Sources(int pieceCount) {
        this.availability = new int[pieceCount];
    }

    /** Replaces the set of pieces that a peer has. The first call adds the peer. */
    void offers(P peer, PieceSet pieces) {
        PieceSource source = sources.computeIfAbsent(peer, p -> new PieceSource());
        source.pieces.stream().forEach(piece -> availability[piece]--);
        source.pieces.clear();
        pieces.stream().limit(availability.length).forEach(source.pieces::set);
        source.pieces.stream().forEach(piece -> availability[piece]++);
    }

    /** Adds one piece to the set of a known peer. */
    void offers(P peer, int piece) {
        PieceSource source = sources.get(peer);
        if (source != null && piece < availability.length && !source.pieces.get(piece)) {
            source.pieces.set(piece);
            availability[piece]++;
        }
    }

    /** Removes a peer. */
    void remove(P peer) {
        PieceSource source = sources.remove(peer);
        if (source != null) {
            source.pieces.stream().forEach(piece -> availability[piece]--);
        }
    }

    /** Returns the pieces of a peer, or null for an unknown one. */
    @Nullable
    PieceSource get(P peer) {
        return sources.get(peer);
    }

    /** Returns the number of peers that have a piece. */
    int availability(int piece) {
        return availability[piece];
    }

    /** Returns the number of pieces that a peer has. */
    int count(P peer) {
        PieceSource source = sources.get(peer);
        return source == null ? 0 : source.pieces.cardinality();
    }
}
