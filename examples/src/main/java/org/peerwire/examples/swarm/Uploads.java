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

/** What we have and give to everybody: says it first on each wire, unchokes whoever is interested, serves the blocks. */
final class Uploads {
    private static final BlockSource NOTHING = request -> Mono.empty();

    /** The two change together, and are read on the event loops of all wires. */
    private record Stock(PieceSet have, BlockSource source) {}

    private volatile Stock stock = new Stock(PieceSet.empty(), NOTHING);

    /** The pieces to tell of. */
    PieceSet have() {
        return stock.have;
    }

    /** Sets what there is and where it comes from; for one thread at a time. */
    void offer(PieceSet have, BlockSource source) {
        stock = new Stock(have, source);
    }

    /** Says what we have, which has to be the first message, and returns it. */
    PieceSet tell(Wire wire) {
        PieceSet have = stock.have;
        wire.announce(have).onErrorComplete().subscribe(); // fails only when the wire ends
        return have;
    }

    /** Serves the wire until it ends. */
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
