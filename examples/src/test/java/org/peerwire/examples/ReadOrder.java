/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceStore;
import reactor.core.publisher.Mono;

/** A store that records which pieces are read, in the order in which peers request them. */
public final class ReadOrder implements PieceStore {
    private final PieceStore store;
    private final List<Integer> pieces = new CopyOnWriteArrayList<>();

    public ReadOrder(PieceStore store) {
        this.store = store;
    }

    /** Returns the pieces in the order of their first read. */
    public List<Integer> pieces() {
        return pieces.stream().distinct().toList();
    }

    @Override
    public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
        return store.open(torrent, wanted);
    }

    @Override
    public Mono<Void> write(Piece piece) {
        return store.write(piece);
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        pieces.add(request.piece());
        return store.read(request);
    }

    @Override
    public Mono<Void> close() {
        return store.close();
    }
}
