/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.PieceStore;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceStats;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The pieces of a torrent, out of the wires of a swarm. Assembles and verifies blocks, finds liars, and hands pieces to
 * the store and the subscribers. Confined to the thread of the swarm.
 */
public final class Download {
    private final Torrent torrent;
    private final TorrentShape shape;
    private final Listener listener;
    private final PiecePicker<Lane> picker;
    private final Requests requests;
    private final Delivery delivery;
    private final PieceFlux pieces;
    private final Map<Integer, Assembly> assemblies = new HashMap<>();
    private final Suspects<Lane> suspects = new Suspects<>();
    private final BitSet verified = new BitSet();
    private long received;
    private long wasted;
    private boolean closed;
    private final Sinks.Empty<Void> end = Sinks.empty();

    /** A receiver of what happens. */
    public interface Listener {
        /**
         * Called when a piece is verified.
         *
         * @param isStored true if others can get it from the store now
         */
        void verified(int piece, boolean isStored);

        /** Called when the hash of a piece does not match. */
        void failed(int piece, Set<Lane> senders);

        /** Called when it is proven that a source has sent wrong data. */
        void lied(Lane lane, String proof);

        /** Called when something has happened to a source of ranges. */
        void happened(SwarmEvent event);
    }

    /** Creates a download without wires, store and subscribers. Nothing runs before {@link #start}. */
    public Download(
            SwarmLoop loop, Torrent torrent, SwarmOptions options, Rates rates, Random random, Listener listener) {
        this.torrent = torrent;
        this.shape = torrent.shape();
        this.listener = listener;
        this.picker = new PiecePicker<>(shape, random, new PiecePicker.Abandonment<>() {
            @Override
            public void piece(int piece) {
                abandoned(piece);
            }

            @Override
            public void request(Lane lane, BlockRequest block) {
                lane.cancel(block);
            }
        });
        this.requests = new Requests(loop, picker, rates, options.downloadPerWire(), random, this::received);
        this.delivery = new Delivery(loop, shape, options, new Delivery.Listener() {
            @Override
            public void delivered(int piece, boolean isStored) {
                done(piece, isStored);
            }

            @Override
            public void ended(Pull pull) {
                picker.remove(pull);
                requests.wires().interestAll();
                requests.supplyAll();
            }
        });
        this.pieces = new PieceFlux(loop, torrent, picker, requests, delivery);
    }

    /** Starts to look for silent sources, and to read from these. */
    public void start(List<RangeSource> sources) {
        requests.add(sources, torrent, delivery.room(), listener::happened);
        requests.start();
    }

    /** Fails all subscribers with an error, also later ones, and frees all buffers. */
    public void close(Throwable error) {
        closed = true;
        requests.stop();
        delivery.fail(error);
        assemblies.values().forEach(Assembly::release);
        assemblies.clear();
        end.tryEmitEmpty();
    }

    // ---- subscribers ----

    /** Sets the store, and the pieces that it has. */
    public void store(PieceStore store, PieceSet have) {
        BitSet pieces = new BitSet();
        have.stream().forEach(pieces::set);
        verified.or(pieces);
        delivery.store(store, pieces);
        requests.wires().have(pieces);
    }

    /**
     * Returns the pieces of an order, as {@link org.peerwire.swarm.Swarm#pieces(PieceOrder)}. Any thread may subscribe.
     *
     * @param isDownload true to leave out the pieces that the store has; the subscriber releases the others
     */
    public Flux<Piece> pieces(PieceOrder order, boolean isDownload) {
        return pieces.of(order, isDownload);
    }

    // ---- wires ----

    /**
     * Downloads from a wire until it ends. Call it on the thread of the swarm.
     *
     * @param told the pieces that we have announced on the wire
     */
    public Mono<Void> join(Wire wire, PieceSet told) {
        BitSet untold = (BitSet) delivery.stored().clone();
        told.stream().forEach(untold::clear);
        Interest.have(wire, untold);
        return requests.wires().join(wire);
    }

    /** Updates the pieces of the peer after a message about them. */
    public void heard(Wire wire, Message message) {
        requests.wires().heard(wire, message);
    }

    /** Removes an ended wire. Its outstanding blocks are fetched from other peers. */
    public void leave(Wire wire) {
        requests.wires().leave(wire);
    }

    // ---- blocks ----

    private void received(Lane lane, BlockRequest block, ByteBuf data) {
        Set<Lane> others = picker.accept(lane, block);
        lane.answered(others != null);
        if (others == null || closed) {
            lane.wasted += block.length();
            wasted += block.length();
            return;
        }
        lane.received += block.length();
        received += block.length();
        others.forEach(other -> other.cancel(block));
        int piece = block.piece();
        assemblies.computeIfAbsent(piece, this::begin).put(block, data);
        if (picker.isComplete(piece)) {
            complete(piece);
        }
    }

    private Assembly begin(int piece) {
        return new Assembly(delivery.buffer(piece), shape.pieceLength(piece));
    }

    private void abandoned(int piece) {
        Assembly assembly = assemblies.remove(piece);
        if (assembly != null) {
            assembly.release();
        }
    }

    private void complete(int piece) {
        Assembly assembly = Objects.requireNonNull(assemblies.remove(piece));
        boolean isRight = assembly.matches(torrent.pieceHash(piece));
        List<@Nullable Lane> senders = picker.finish(piece, isRight);
        if (isRight) {
            suspects.liars(piece, assembly::checksum)
                    .forEach(liar -> lied(liar, "it sent a wrong block of piece " + piece));
            verified.set(piece);
            ByteBuf data = assembly.take();
            delivery.deliver(piece, data);
        } else {
            failed(piece, assembly, senders);
        }
        requests.supplyAll();
    }

    private void failed(int piece, Assembly assembly, List<@Nullable Lane> senders) {
        Set<Lane> distinct = senders.stream()
                .filter(Objects::nonNull)
                .map(Lane.class::cast)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        wasted += shape.pieceLength(piece);
        received -= shape.pieceLength(piece);
        distinct.forEach(lane -> lane.failedPieces++);
        listener.failed(piece, distinct);
        if (distinct.stream().map(Lane::identity).distinct().count() == 1) {
            lied(distinct.iterator().next(), "it sent piece " + piece + " with a wrong hash");
        } else {
            suspects.add(piece, senders, shape.blocks(piece), assembly::checksum);
        }
        assembly.release();
    }

    /** Fetches all blocks of a liar again, also those that came over earlier wires. */
    private void lied(Lane liar, String proof) {
        Object identity = liar.identity();
        for (BlockRequest block : requests.expel(lane -> lane.identity().equals(identity))) {
            Objects.requireNonNull(assemblies.get(block.piece())).remove(block);
            wasted += block.length();
            received -= block.length();
        }
        listener.lied(liar, proof);
        if (liar instanceof RangeLane source) {
            source.prove(proof);
        }
    }

    private void done(int piece, boolean isStored) {
        requests.wires().done(piece, isStored, delivery.stored().cardinality() == shape.pieceCount());
        listener.verified(piece, isStored);
        requests.supplyAll();
    }

    // ---- facts ----

    /** Returns true if a source of ranges sends, which counts as an open wire. */
    public boolean isSourceOpen() {
        return requests.sources().stream().anyMatch(RangeLane::isOpen);
    }

    /** Returns true if a source of ranges may send something now or later. */
    public boolean hasSource() {
        return requests.sources().stream().anyMatch(RangeLane::hasHope);
    }

    /** Returns the facts about the sources of ranges. */
    public List<SourceStats> sources() {
        return requests.sources().stream().map(RangeLane::stats).toList();
    }

    /** Returns the torrent. */
    public Torrent torrent() {
        return torrent;
    }

    /** Returns the shape of the torrent. */
    public TorrentShape shape() {
        return shape;
    }

    /** Completes when the download is closed. Any thread may subscribe. */
    public Mono<Void> closed() {
        return end.asMono();
    }

    /** Returns true if no subscriber misses a piece. */
    public boolean isIdle() {
        return picker.wants().isIdle();
    }

    /** Returns true if a subscriber with demand misses a piece. */
    public boolean isHungry() {
        return picker.wants().isHungry();
    }

    /** Returns the pieces in the store. The caller must not change it. */
    public BitSet stored() {
        return delivery.stored();
    }

    /** Returns the pieces that are verified. The caller must not change it. */
    public BitSet verified() {
        return verified;
    }

    /** Returns the length of the verified pieces in bytes. The last piece may be shorter than the others. */
    public long verifiedBytes() {
        long whole = (long) torrent.pieceLength() * torrent.pieceCount();
        long absent = verified.get(torrent.pieceCount() - 1) ? whole - torrent.length() : 0;
        return (long) torrent.pieceLength() * verified.cardinality() - absent;
    }

    /** Returns the bytes of blocks that were missing, without failed pieces. */
    public long received() {
        return received;
    }

    /** Returns the bytes of blocks that came more than once, or in failed pieces. */
    public long wasted() {
        return wasted;
    }

    /** Returns the number of pieces in memory. */
    public int held() {
        return delivery.held();
    }

    /** Returns the facts about a wire, or null for one that has not joined. */
    public @Nullable WireLane lane(Wire wire) {
        return requests.wires().lane(wire);
    }

    /** Returns the number of pieces that a peer has. */
    public int announced(Wire wire) {
        WireLane lane = requests.wires().lane(wire);
        return lane == null ? 0 : picker.sources().count(lane);
    }
}
