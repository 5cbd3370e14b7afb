/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** The publishers of pieces: subscribers come, have demand, and leave on any thread. */
final class PieceFlux {
    private final SwarmLoop loop;
    private final Torrent torrent;
    private final PiecePicker<?> picker;
    private final Requests requests;
    private final Delivery delivery;

    PieceFlux(SwarmLoop loop, Torrent torrent, PiecePicker<?> picker, Requests requests, Delivery delivery) {
        this.loop = loop;
        this.torrent = torrent;
        this.picker = picker;
        this.requests = requests;
        this.delivery = delivery;
    }

    /** The place of a subscriber, which may leave before it has joined. */
    private static final class Slot {
        @Nullable
        Pull pull;
    }

    /**
     * Returns the pieces of an order.
     *
     * @param isDownload true to leave out the pieces that the store has; the subscriber releases the others
     */
    Flux<Piece> of(PieceOrder order, boolean isDownload) {
        return Flux.<Piece>create(sink -> {
                    AtomicBoolean woken = new AtomicBoolean();
                    Slot slot = new Slot();
                    sink.onRequest(demand -> {
                        if (woken.compareAndSet(false, true)) { // demand may come piece by piece
                            loop.schedule(() -> {
                                woken.set(false);
                                wake(slot);
                            });
                        }
                    });
                    sink.onDispose(() -> loop.schedule(() -> leave(slot)));
                    loop.schedule(() -> join(slot, order, isDownload, sink));
                })
                .doOnDiscard(Piece.class, Piece::release);
    }

    private void join(Slot slot, PieceOrder order, boolean isDownload, FluxSink<Piece> sink) {
        if (sink.isCancelled()) {
            return;
        }
        BitSet wanted;
        try {
            wanted = order.wanted(torrent);
        } catch (IllegalArgumentException e) {
            sink.error(e);
            return;
        }
        if (isDownload) {
            wanted.andNot(delivery.stored());
        }
        Pull pull = delivery.add(order, wanted, isDownload, sink);
        slot.pull = pull;
        picker.wants().add(pull);
        requests.wires().interestAll();
        wake(slot);
    }

    private void wake(Slot slot) {
        Pull pull = slot.pull;
        if (pull != null) {
            delivery.serve(pull);
            requests.supplyAll();
        }
    }

    private void leave(Slot slot) {
        Pull pull = slot.pull;
        if (pull != null) {
            delivery.remove(pull);
        }
    }
}
