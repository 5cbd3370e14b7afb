/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.internal.loop.EventLoopOnly;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The one owner of the torrent's shape on a wire: set on the event loop, read on any thread. */
public final class KnownTorrent {
    private final int maxPieces;
    private final Sinks.One<TorrentShape> known = Sinks.unsafe().one();
    private volatile @Nullable TorrentShape shape;

    /**
     * Creates a torrent whose shape is not known.
     *
     * @param maxPieces the number of pieces that is accepted before the shape is known
     */
    public KnownTorrent(int maxPieces) {
        this.maxPieces = maxPieces;
    }

    /** Sets the shape. */
    @EventLoopOnly
    public void learn(TorrentShape known) {
        shape = known;
    }

    /** Signals that the shape has been applied, the first time. */
    @EventLoopOnly
    public void onApplied() {
        TorrentShape applied = shape;
        if (applied != null) {
            known.tryEmitValue(applied);
        }
    }

    /** Returns the shape that is applied first; empty if the wire ends before. Any thread. */
    public Mono<TorrentShape> await() {
        return known.asMono();
    }

    /** Completes {@link #await()}. */
    @EventLoopOnly
    public void close() {
        known.tryEmitEmpty();
    }

    /** Returns the shape, or null before it is known. */
    public @Nullable TorrentShape shape() {
        return shape;
    }

    /** Returns true once the shape is known. */
    public boolean isKnown() {
        return shape != null;
    }

    /** Returns true once the torrent is known to be private (BEP 27). */
    public boolean isPrivate() {
        TorrentShape known = shape;
        return known != null && known.isPrivate();
    }

    /** Returns the number of pieces, or the maximum that is accepted before the shape is known. */
    public int maxPieces() {
        TorrentShape known = shape;
        return known == null ? maxPieces : known.pieceCount();
    }

    /** Returns the number of bytes in a piece, or 0 before the shape is known. */
    public int pieceLength(int piece) {
        TorrentShape known = shape;
        return known == null ? 0 : known.pieceLength(piece);
    }
}
