/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import io.netty.buffer.ByteBuf;
import org.peerwire.BlockSource;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;

/**
 * The pieces that we serve. Announces them first on each wire, unchokes each interested peer, and serves the blocks.
 */
final class Uploads {
    private static final BlockSource NOTHING = request -> Mono.empty();

    /** The pieces and their source, which change together. Read on the event loops of all wires. */
    private record Stock(PieceSet have, BlockSource source) {}

    private volatile Stock stock = new Stock(PieceSet.empty(), NOTHING);

    /** Returns the pieces that we serve. */
    PieceSet have() {
        return stock.have;
    }

    /** Sets the pieces and their source. Call it from one thread at a time. */
    void offer(PieceSet have, BlockSource source) {
        stock = new Stock(have, source);
    }

    /** Announces our pieces, which must be the first message, and returns them. */
    PieceSet tell(Wire wire) {
        PieceSet have = stock.have;
        wire.announce(have).onErrorComplete().subscribe(); // fails only when the wire ends
        return have;
    }

    /** Serves a wire until it ends. */
    Mono<Void> serve(Wire wire) {
        Mono<Void> unchoking = wire.states()
                .map(PeerState::peerInterested)
                .distinctUntilChanged()
                .concatMap(wanted -> wire.outbound().send(wanted ? new Message.Unchoke() : new Message.Choke()))
                .then();
        return Mono.when(wire.blocks().serve(this::read), unchoking);
    }

    private Mono<ByteBuf> read(BlockRequest request) {
        Stock now = stock;
        return now.have.contains(request.piece()) ? now.source.read(request) : Mono.empty();
    }
}
