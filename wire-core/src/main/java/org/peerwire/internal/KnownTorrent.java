/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;

/** The one owner of the torrent's shape on a wire: set on the event loop, read on any thread. */
final class KnownTorrent {
    private final int maxPieces;
    private volatile @Nullable TorrentShape shape;

    /**
     * @param maxPieces the number of pieces that is accepted before the shape is known
     */
    KnownTorrent(int maxPieces) {
        this.maxPieces = maxPieces;
    }

    @EventLoopOnly
    void learn(TorrentShape known) {
        shape = known;
    }

    /** Returns the shape, or null before it is known. */
    @Nullable
    TorrentShape shape() {
        return shape;
    }

    boolean isKnown() {
        return shape != null;
    }

    boolean isPrivate() {
        TorrentShape known = shape;
        return known != null && known.isPrivate();
    }

    /** Returns the number of pieces, or the maximum that is accepted before the shape is known. */
    int maxPieces() {
        TorrentShape known = shape;
        return known == null ? maxPieces : known.pieceCount();
    }

    /** Returns the number of bytes in a piece, or 0 before the shape is known. */
    int pieceLength(int piece) {
        TorrentShape known = shape;
        return known == null ? 0 : known.pieceLength(piece);
    }
}
