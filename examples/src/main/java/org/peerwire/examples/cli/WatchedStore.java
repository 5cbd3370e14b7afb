/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import io.netty.buffer.ByteBuf;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceStore;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A store that tells which pieces it had when it was opened. */
final class WatchedStore implements PieceStore {
    private final PieceStore store;
    private final Sinks.One<PieceSet> opened = Sinks.one();

    WatchedStore(PieceStore store) {
        this.store = store;
    }

    /** Returns the verified pieces, once they are known. Never completes if the store cannot be opened. */
    Mono<PieceSet> opened() {
        return opened.asMono();
    }

    @Override
    public Mono<PieceSet> open(Torrent torrent, PieceSet wanted) {
        return store.open(torrent, wanted).doOnNext(opened::tryEmitValue);
    }

    @Override
    public Mono<Void> write(Piece piece) {
        return store.write(piece);
    }

    @Override
    public Mono<ByteBuf> read(BlockRequest request) {
        return store.read(request);
    }

    @Override
    public Mono<Void> close() {
        return store.close();
    }
}
