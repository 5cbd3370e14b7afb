/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.PayloadMode;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.PieceStore;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * The way of verified pieces: to the store, then to the subscribers. Reads stored pieces for them too. Confined to the
 * thread of the swarm.
 */
final class Delivery {
    private final SwarmLoop loop;
    private final TorrentShape shape;
    private final boolean isPooled;
    private final int room;
    private final Listener listener;
    private final List<Pull> pulls = new ArrayList<>();

    /** The pieces that the store has. */
    private final BitSet stored = new BitSet();

    private @Nullable PieceStore store;
    private @Nullable Throwable failure;

    /** The number of pieces that are being written and that no subscriber takes. */
    private int writing;

    /** A receiver of what happens to pieces. */
    interface Listener {
        /** Called when a piece is verified, and is in the store if there is one. */
        void delivered(int piece, boolean isStored);

        /** Called when a subscriber has ended. */
        void ended(Pull pull);
    }

    Delivery(SwarmLoop loop, TorrentShape shape, SwarmOptions options, Listener listener) {
        this.loop = loop;
        this.shape = shape;
        this.isPooled = options.payload() == PayloadMode.POOLED;
        this.room =
                (int) Math.max(2, Math.min(options.piecesInFlight(), options.bytesInFlight() / shape.pieceLength()));
        this.listener = listener;
    }

    /** Sets the store, and the pieces that it has. */
    void store(PieceStore opened, BitSet have) {
        store = opened;
        stored.or(have);
    }

    /** Returns the pieces in the store. */
    BitSet stored() {
        return stored;
    }

    /** Returns the number of pieces in memory. */
    int held() {
        return writing + pulls.stream().mapToInt(Pull::held).sum();
    }

    /** Returns the number of pieces that may be in memory. */
    int room() {
        return room;
    }

    /** Returns the empty buffer of a piece that is begun. The caller owns it. */
    ByteBuf buffer(int piece) {
        int length = shape.pieceLength(piece);
        return PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
    }

    // ---- subscribers ----

    /**
     * Begins to serve a subscriber.
     *
     * @param wanted the pieces to emit, which belongs to the new pull
     * @param releases true if the subscriber releases the pieces in each mode
     */
    Pull add(PieceOrder order, BitSet wanted, boolean releases, FluxSink<Piece> sink) {
        Pull pull = new Pull(order, wanted, stored, this::share, loop.millis(), releases || isPooled, sink);
        pulls.add(pull);
        return pull;
    }

    /** Returns the number of pieces that each subscriber may hold. */
    private int share() {
        return Math.max(2, room / Math.max(1, pulls.size()));
    }

    /** Ends a subscriber that has completed, failed, or been cancelled. */
    void remove(Pull pull) {
        if (pulls.remove(pull)) {
            pull.end();
            listener.ended(pull);
        }
    }

    /** Serves a subscriber after new demand, as far as what is here goes. */
    void serve(Pull pull) {
        Throwable error = failure;
        if (error != null) {
            pull.fail(error);
        }
        pull.emit();
        for (int piece = pull.nextStored(stored); piece >= 0; piece = pull.nextStored(stored)) {
            read(pull, piece);
        }
        if (pull.isEnded()) {
            remove(pull);
        }
    }

    /** Fails all subscribers, also later ones. */
    void fail(Throwable error) {
        failure = failure == null ? error : failure;
        for (Pull pull : List.copyOf(pulls)) {
            pull.fail(error);
            remove(pull);
        }
    }

    private void read(Pull pull, int piece) {
        PieceStore from = store;
        if (from == null) {
            throw new IllegalStateException("a stored piece needs a store");
        }
        BlockRequest all = new BlockRequest(piece, 0, shape.pieceLength(piece));
        Mono.defer(() -> from.read(all))
                .flatMap(bytes -> bytes.readableBytes() == all.length() ? Mono.just(bytes) : wrong(all, bytes))
                .switchIfEmpty(Mono.error(() -> wrong(all, 0)))
                .publishOn(loop)
                .doOnDiscard(ByteBuf.class, ByteBuf::release)
                .subscribe(
                        bytes -> {
                            pull.offer(new Piece(piece, pull.isPooled() ? bytes : onHeap(bytes)));
                            serve(pull);
                        },
                        error -> {
                            pull.fail(error);
                            remove(pull);
                        });
    }

    private static Mono<ByteBuf> wrong(BlockRequest all, ByteBuf bytes) {
        int length = bytes.readableBytes();
        bytes.release();
        return Mono.error(wrong(all, length));
    }

    private static StoreException wrong(BlockRequest all, int length) {
        return new StoreException(
                StoreException.Reason.IO,
                "the store must return " + all.length() + " bytes of piece " + all.piece() + ", was " + length,
                null,
                null);
    }

    /** Copies a buffer to the heap, and releases it. */
    private static ByteBuf onHeap(ByteBuf bytes) {
        ByteBuf copy = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(bytes));
        bytes.release();
        return copy;
    }

    // ---- verified pieces ----

    /** Takes a verified piece and its ownership. */
    void deliver(int piece, ByteBuf data) {
        List<Pull> takers = pulls.stream().filter(pull -> pull.takes(piece)).toList();
        takers.forEach(pull -> pull.claim(piece));
        PieceStore to = store;
        if (to == null) {
            listener.delivered(piece, false);
            offer(takers, piece, data);
            return;
        }
        pulls.forEach(pull -> pull.missing().clear(piece)); // others read it from the store
        int unclaimed = takers.isEmpty() ? 1 : 0; // a claimed piece is held by its takers
        writing += unclaimed;
        Mono.defer(() -> to.write(new Piece(piece, data.duplicate())))
                .publishOn(loop)
                .subscribe(
                        null,
                        error -> {
                            writing -= unclaimed;
                            data.release();
                            fail(error);
                        },
                        () -> {
                            writing -= unclaimed;
                            stored.set(piece);
                            listener.delivered(piece, true);
                            offer(takers, piece, data);
                            List.copyOf(pulls).forEach(this::serve);
                        });
    }

    private void offer(List<Pull> takers, int piece, ByteBuf data) {
        for (Pull pull : takers) {
            ByteBuf bytes = data.retainedDuplicate(); // with indices of its own
            pull.offer(new Piece(piece, pull.isPooled() ? bytes : onHeap(bytes)));
        }
        data.release();
        for (Pull pull : takers) {
            if (pull.isEnded()) {
                remove(pull);
            }
        }
    }
}
