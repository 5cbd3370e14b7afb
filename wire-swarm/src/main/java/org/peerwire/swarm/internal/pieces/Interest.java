/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.publisher.Flux;

/** Tells each peer of the pieces that we have, and if we want anything from it. Confined to the thread of the swarm. */
final class Interest {
    /**
     * The time without a wanted piece after which a peer is told so. A consumer of one range after another, as a player
     * that seeks, would lose its upload slot each time, until the next round of the peer's choking.
     */
    private static final long LINGER_MILLIS = 10_000;

    private final SwarmLoop loop;
    private final PiecePicker<Lane> picker;
    private boolean complete;

    Interest(SwarmLoop loop, PiecePicker<Lane> picker) {
        this.loop = loop;
        this.picker = picker;
    }

    /** Notes that the store has all pieces, so that no later consumer misses one. */
    void complete() {
        complete = true;
    }

    /** Tells a peer of pieces, as fast as it takes them. */
    static void have(Wire wire, BitSet pieces) {
        if (!pieces.isEmpty()) {
            Flux<Message> told = Flux.fromStream(pieces.stream().boxed()).map(Message.Have::new);
            wire.outbound().send(told).subscribe(null, ended -> {}); // the end of the wire has the reason
        }
    }

    /** Tells a peer if our interest in it has changed. */
    void tell(WireLane lane) {
        long now = loop.millis();
        if (picker.wants(lane)) {
            lane.isInterested = true;
            lane.wantedAt = now;
            lane.wire.outbound().tryEmit(new Message.Interested());
        } else if (lane.isInterested && (complete || now - lane.wantedAt >= LINGER_MILLIS)) {
            lane.isInterested = false;
            lane.wire.outbound().tryEmit(new Message.NotInterested());
        }
    }
}
