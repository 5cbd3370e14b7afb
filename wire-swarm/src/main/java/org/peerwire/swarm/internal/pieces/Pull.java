/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.PieceStrategy;
import reactor.core.publisher.FluxSink;

/**
 * One subscriber of pieces: what it wants, and the pieces that wait for its demand. Confined to the thread of the swarm,
 * except for the sink.
 */
final class Pull implements Want {
    private final PieceOrder order;
    private final FluxSink<Piece> sink;
    private final IntSupplier room;
    private final long started;
    private final boolean isPooled;

    /** The pieces that are not emitted. */
    private final BitSet remaining;

    /** The pieces that are neither emitted nor ready nor in the store. */
    private final BitSet missing;

    /** The pieces that are begun, read or written for this subscriber. */
    private final BitSet pending = new BitSet();

    private final TreeMap<Integer, Piece> ready = new TreeMap<>();
    private boolean ended;

    /**
     * Creates a pull.
     *
     * @param wanted the pieces to emit, which belongs to the pull
     * @param stored the pieces that are read from the store
     * @param room returns the number of pieces that may be held
     * @param now the time in milliseconds
     * @param isPooled true if the subscriber releases the pieces, false if it gets copies on the heap
     */
    Pull(
            PieceOrder order,
            BitSet wanted,
            BitSet stored,
            IntSupplier room,
            long now,
            boolean isPooled,
            FluxSink<Piece> sink) {
        this.order = order;
        this.remaining = wanted;
        this.missing = (BitSet) wanted.clone();
        missing.andNot(stored);
        this.room = room;
        this.started = now;
        this.isPooled = isPooled;
        this.sink = sink;
    }

    // ---- for the picker ----

    @Override
    public boolean isActive() {
        return !ended && sink.requestedFromDownstream() > 0;
    }

    @Override
    public BitSet missing() {
        return missing;
    }

    @Override
    public boolean hasRoom() {
        return held() < (order.isSequential() ? room.getAsInt() - 1 : room.getAsInt());
    }

    @Override
    public boolean hasRoomForFirst() {
        return held() < room.getAsInt();
    }

    @Override
    public int first() {
        return order.isSequential() ? remaining.nextSetBit(0) : -1;
    }

    @Override
    public PieceStrategy strategy() {
        return order.strategy();
    }

    @Override
    public long deadline(int piece) {
        Duration within = order.deadlines().get(piece);
        return within == null ? NONE : started + within.toMillis();
    }

    @Override
    public long urgentFrom(int piece) {
        Duration within = order.deadlines().get(piece);
        if (within == null) {
            return NONE;
        }
        return started + within.toMillis() / 2;
    }

    @Override
    public void begun(int piece) {
        pending.set(piece);
    }

    @Override
    public void abandoned(int piece) {
        pending.clear(piece);
    }

    // ---- pieces ----

    /** Returns true if the subscriber releases the pieces, false if it gets copies on the heap. */
    boolean isPooled() {
        return isPooled;
    }

    /** Returns the number of pieces that are in memory for this subscriber. */
    int held() {
        return pending.cardinality() + ready.size();
    }

    /** Returns whether a verified piece is wanted, and may be held. Call it before {@link #offer}. */
    boolean takes(int piece) {
        return !ended && missing.get(piece) && (pending.get(piece) || hasRoom() || piece == first());
    }

    /** Notes that a verified piece is going to be offered. */
    void claim(int piece) {
        missing.clear(piece);
        pending.set(piece);
    }

    /** Returns the next stored piece to read, or -1 for none. It is claimed. */
    int nextStored(BitSet stored) {
        if (!isActive() || held() >= room.getAsInt()) {
            return -1;
        }
        for (int piece = remaining.nextSetBit(0); piece >= 0; piece = remaining.nextSetBit(piece + 1)) {
            if (stored.get(piece) && !pending.get(piece) && !ready.containsKey(piece)) {
                boolean fits = !order.isSequential() || piece == first() || (hasRoom() && isNear(piece));
                if (fits) {
                    claim(piece);
                }
                return fits ? piece : -1;
            }
        }
        return -1;
    }

    /** Returns whether a sequential piece comes within the memory of the subscriber. */
    private boolean isNear(int piece) {
        return remaining.get(first(), piece).cardinality() < room.getAsInt();
    }

    /** Takes a verified piece and its ownership, and emits what is possible. */
    void offer(Piece piece) {
        pending.clear(piece.index());
        if (ended || sink.isCancelled()) {
            piece.release();
            return;
        }
        ready.put(piece.index(), piece);
        emit();
    }

    /** Emits the pieces that are ready, as far as the demand goes. Completes after the last one. */
    void emit() {
        while (!ended && !ready.isEmpty() && sink.requestedFromDownstream() > 0 && !sink.isCancelled()) {
            Map.Entry<Integer, Piece> next = ready.firstEntry();
            int index = next.getKey();
            if (order.isSequential() && index != first()) {
                break;
            }
            ready.remove(index);
            remaining.clear(index);
            sink.next(next.getValue());
        }
        if (!ended && remaining.isEmpty()) {
            ended = true;
            sink.complete();
        }
    }

    /** Returns true after the completion, a failure or a cancellation. */
    boolean isEnded() {
        return ended;
    }

    /** Fails the subscriber, and frees what waits. */
    void fail(Throwable error) {
        if (!ended) {
            end();
            sink.error(error);
        }
    }

    /** Frees what waits. */
    void end() {
        ended = true;
        ready.values().forEach(Piece::release);
        ready.clear();
        pending.clear();
    }
}
