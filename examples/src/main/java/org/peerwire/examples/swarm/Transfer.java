/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.RequestException;
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Fetches the pieces of a torrent from many wires at once. The picker and everything else that changes is touched on the
 * swarm's thread only; blocks go from the wire straight to the disk, and a wire is asked for no more than the disk takes.
 */
final class Transfer {
    /** Blocks of one wire that may be on their way or wait for the picker: 16 MiB. Clients that send in batches need it. */
    private static final int IN_FLIGHT = 1024;

    /** Blocks of one wire that may wait for the disk: 512 KiB. */
    private static final int WRITE_BEHIND = 32;

    /** Blocks of all wires that are on their way or wait for the disk: 64 MiB. Then a slow disk slows all peers. */
    private static final int UNDER_WAY = 4096;

    /** So many blocks every wire may be asked for even then, so that a new one gets its turn. */
    private static final int FAIR_SHARE = 16;

    /** After this long a peer that has refused a block is asked for its piece again; its queue may just have been full. */
    private static final long FORGIVE_MILLIS = 3_000;

    /** Three seconds of blocks; what the peer says it queues bounds it. */
    private static final RequestWindow WINDOW = RequestWindow.adaptive();

    private final Storage storage;
    private final TorrentShape shape;
    private final Uploads uploads;
    private final Scheduler loop;
    private final SwarmEvent.Listener events;
    private final BiConsumer<Wire, String> drop;
    private final PiecePicker<Wire> picker;
    private final BitSet have;
    private final Map<Wire, Lane> lanes = new LinkedHashMap<>();
    private final Sinks.Many<Integer> completed = Sinks.many().unicast().onBackpressureBuffer();
    private final Map<InetSocketAddress, Long> perPeer = new LinkedHashMap<>();
    private long received;

    /** One wire: where its requests are asked for. */
    private static final class Lane {
        @Nullable
        FluxSink<BlockRequest> requests;
    }

    /**
     * A transfer that starts with what is on disk.
     *
     * @param drop closes a wire whose peer has misbehaved, with the reason
     */
    Transfer(
            Storage storage,
            BitSet have,
            Uploads uploads,
            Scheduler loop,
            SwarmEvent.Listener events,
            BiConsumer<Wire, String> drop) {
        this.storage = storage;
        this.shape = storage.shape();
        this.have = have;
        this.uploads = uploads;
        this.loop = loop;
        this.events = events;
        this.drop = drop;
        this.picker = new PiecePicker<>(shape, have, new Random());
        publish();
    }

    /** Completes when every piece is there; fails when the disk does. Signals come on the swarm's thread. */
    Mono<Void> run() {
        if (picker.isDone()) {
            return Mono.empty();
        }
        return completed
                .asFlux()
                .flatMap(piece -> storage.verify(piece).publishOn(loop).doOnNext(right -> settle(piece, right)))
                .takeUntil(right -> picker.isDone())
                .then();
    }

    /**
     * Downloads from a wire until it ends. To be called on the swarm's thread.
     *
     * @param told what the peer knows of the pieces we have
     */
    Mono<Void> pull(Wire wire, PieceSet told) {
        Flux<BlockRequest> requests = Flux.create(sink -> {
            loop.schedule(() -> attach(wire, sink));
            AtomicBoolean woken = new AtomicBoolean(); // demand comes block by block: one look at it serves many
            sink.onRequest(demand -> {
                if (woken.compareAndSet(false, true)) {
                    loop.schedule(() -> {
                        woken.set(false);
                        supply(wire);
                    });
                }
            });
        });
        Flux<Block> blocks = wire.blocks()
                .download(requests, WINDOW, (request, failure) -> {
                    if (failure.reason() != RequestException.Reason.CANCELLED) { // else another peer was faster
                        loop.schedule(() -> refused(wire, request));
                    }
                    return Mono.empty();
                })
                .publishOn(loop, IN_FLIGHT)
                .<Block>handle((block, sink) -> {
                    if (accept(wire, block.request())) {
                        sink.next(block);
                    } else {
                        block.release();
                    }
                });
        Mono<Void> written = storage.write(blocks, WRITE_BEHIND)
                .onErrorResume(IOException.class, e -> {
                    loop.schedule(() -> completed.tryEmitError(e));
                    return Mono.never();
                })
                .publishOn(loop)
                .doOnNext(request -> written(wire, request))
                .doOnDiscard(Block.class, Block::release)
                .then();
        Mono<Void> unchokes = wire.states()
                .publishOn(loop)
                .doOnNext(state -> choked(wire, state.peerChoking()))
                .then();
        lanes.put(wire, new Lane());
        picker.offers(wire, wire.peerPieces());
        uploads.have().stream().filter(piece -> !told.contains(piece)).forEach(piece -> wire.outbound()
                .tryEmit(new Message.Have(piece)));
        interest(wire);
        return Mono.when(written, unchokes);
    }

    private void attach(Wire wire, FluxSink<BlockRequest> sink) {
        Lane lane = lanes.get(wire);
        if (lane == null) {
            sink.complete();
        } else {
            lane.requests = sink;
            supply(wire);
        }
    }

    /** The peer has said something about its pieces. */
    void heard(Wire wire, Message message) {
        if (lanes.containsKey(wire)) {
            if (message instanceof Message.Have one) {
                picker.offers(wire, one.piece());
            } else {
                picker.offers(wire, wire.peerPieces());
            }
            interest(wire);
            supply(wire);
        }
    }

    /** The wire has ended: what it owes is fetched elsewhere. */
    void leave(Wire wire) {
        lanes.remove(wire);
        picker.leave(wire);
        supplyAll();
    }

    /** How the torrent is cut. */
    TorrentShape shape() {
        return shape;
    }

    /** Bytes of blocks received so far. */
    long received() {
        return received;
    }

    /** Bytes that are right on disk. */
    long verifiedBytes() {
        return have.stream().mapToLong(shape::pieceLength).sum();
    }

    /** Bytes received, by peer. */
    Map<InetSocketAddress, Long> perPeer() {
        return Map.copyOf(perPeer);
    }

    private void choked(Wire wire, boolean choked) {
        if (choked) {
            picker.stall(wire);
            supplyAll();
        } else {
            supply(wire);
        }
    }

    private void interest(Wire wire) {
        wire.outbound().tryEmit(picker.wants(wire) ? new Message.Interested() : new Message.NotInterested());
    }

    private void supply(Wire wire) {
        Lane lane = lanes.get(wire);
        FluxSink<BlockRequest> sink = lane == null ? null : lane.requests;
        if (sink == null || wire.state().peerChoking()) {
            return;
        }
        while (sink.requestedFromDownstream() > 0 && !sink.isCancelled() && hasRoom(wire)) {
            BlockRequest request = picker.next(wire);
            if (request == null) {
                return;
            }
            sink.next(request);
        }
    }

    private boolean hasRoom(Wire wire) {
        return picker.asked(wire) < FAIR_SHARE || picker.underWay() < UNDER_WAY;
    }

    private void supplyAll() {
        List.copyOf(lanes.keySet()).forEach(this::supply);
    }

    private void refused(Wire wire, BlockRequest request) {
        if (lanes.containsKey(wire)) {
            picker.refused(wire, request);
            supplyAll();
            loop.schedule(() -> forgive(wire, request.piece()), FORGIVE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void forgive(Wire wire, int piece) {
        if (lanes.containsKey(wire)) {
            picker.forgive(wire, piece);
            supply(wire);
        }
    }

    private boolean accept(Wire wire, BlockRequest request) {
        received += request.length();
        Set<Wire> others = picker.accept(wire, request);
        if (others == null) {
            return false;
        }
        others.forEach(other -> other.outbound().tryEmit(new Message.Cancel(request)));
        perPeer.merge(Addresses.of(wire), (long) request.length(), Long::sum);
        return true;
    }

    private void written(Wire wire, BlockRequest request) {
        if (picker.written(wire, request)) {
            completed.tryEmitNext(request.piece());
        }
        supply(wire);
    }

    private void settle(int piece, boolean right) {
        if (right) {
            picker.verified(piece);
            have.set(piece);
            publish();
            lanes.keySet().forEach(wire -> {
                wire.outbound().tryEmit(new Message.Have(piece));
                interest(wire);
            });
            events.on(new SwarmEvent.PieceDone(piece, have.cardinality(), shape.pieceCount()));
        } else {
            Set<Wire> authors = picker.failed(piece);
            events.on(new SwarmEvent.PieceBad(
                    piece, authors.stream().map(Addresses::of).toList()));
            if (authors.size() == 1) {
                authors.forEach(author -> drop.accept(author, "it sent a bad piece"));
            }
        }
        supplyAll();
    }

    private void publish() {
        uploads.offer(PieceSet.of(shape.pieceCount(), have), storage::read);
    }
}
