/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import org.peerwire.BlockSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;

/**
 * A place for the verified pieces of one torrent. A swarm opens it once, writes each verified piece once, and serves
 * blocks of the pieces that are there. Signals may arrive on any thread. No method may block.
 *
 * @see FileStore
 * @see MemoryStore
 */
public interface PieceStore extends BlockSource {

    /**
     * Opens the store, and finds the verified pieces that are there already.
     *
     * @param wanted the pieces that are going to be written, or are wanted for reading
     * @return the verified pieces, also those that are not wanted. Fails with {@link StoreException}
     */
    Mono<PieceSet> open(Torrent torrent, PieceSet wanted);

    /**
     * Writes a verified piece.
     *
     * @param piece the piece, off the heap; its owner releases it after the returned publisher has ended
     * @return completes when the piece can be read. Fails with {@link StoreException}, then the piece is not there
     */
    Mono<Void> write(Piece piece);

    /**
     * Reads a range of bytes of one piece.
     *
     * @param request the range; at most a whole piece
     * @return the bytes, owned by the subscriber. Fails with {@link StoreException}
     */
    @Override
    Mono<ByteBuf> read(BlockRequest request);

    /** Closes the store. Completes when its resources are free. Later calls fail with {@link StoreException}. */
    Mono<Void> close();
}
