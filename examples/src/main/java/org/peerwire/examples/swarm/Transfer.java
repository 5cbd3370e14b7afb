/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
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
import org.peerwire.RequestWindow;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A transfer of the missing pieces of a torrent from many wires at once. The picker and all other mutable state is
 * confined to the swarm's thread. Blocks go from the wire to the disk, and a slow disk slows the requests.
 */
final class Transfer {
    /** The maximum number of blocks of one wire that are requested or wait for the picker: 16 MiB. */
    private static final int IN_FLIGHT = 1024;

    /** The maximum number of blocks of one wire that wait for the disk: 512 KiB. */
    private static final int WRITE_BEHIND = 32;

    /** The maximum number of blocks of all wires that are requested or wait for the disk: 64 MiB. */
    private static final int UNDER_WAY = 4096;

    /** The number of blocks that each wire is asked for also above {@link #UNDER_WAY}: a share for a new wire. */
    private static final int FAIR_SHARE = 16;

    /** The time after which a peer is asked again for a piece it has rejected: its queue may have been full. */
    private static final long FORGIVE_MILLIS = 3_000;

    /** The window: three seconds of blocks, at most the queue that the peer announces. */
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
    private final Tally tally = new Tally();

    /** The interval at which silent peers are looked for. */
    private static final long WATCH_MILLIS = 500;

    /** The requests of one wire. */
    private static final class Lane {
        final Conduct conduct = new Conduct();

        @Nullable
        FluxSink<BlockRequest> requests;
    }

    /**
     * Creates a transfer of the missing pieces.
     *
     * @param have the verified pieces on disk, which the transfer updates
     * @param drop closes a wire and bans its peer, for the given reason
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

    /** Completes when every piece is verified, fails when the disk fails. Signals on the swarm's thread. */
    Mono<Void> run() {
        if (picker.isDone()) {
            return Mono.empty();
        }
        Flux<Boolean> settled = completed
                .asFlux()
                .flatMap(piece -> storage.verify(piece).publishOn(loop).doOnNext(right -> settle(piece, right)))
                .takeUntil(right -> picker.isDone());
        return Flux.using(
                        () -> loop.schedulePeriodically(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS),
                        watching -> settled,
                        Disposable::dispose)
                .then();
    }

    /** Gives the blocks of peers that have stalled to others. They may still send them. */
    private void watch() {
        long now = now();
        List<Wire> stalled = lanes.entrySet().stream()
                .filter(lane -> lane.getValue().conduct.stalls(now))
                .map(Map.Entry::getKey)
                .toList();
        stalled.forEach(picker::stall);
        if (!stalled.isEmpty()) {
            supplyAll();
        }
    }

    private long now() {
        return loop.now(TimeUnit.MILLISECONDS);
    }

    /**
     * Downloads from a wire until it ends. Call it on the swarm's thread.
     *
     * @param told the pieces that we have announced on the wire
     */
    Mono<Void> pull(Wire wire, PieceSet told) {
        Flux<BlockRequest> requests = Flux.create(sink -> {
            loop.schedule(() -> attach(wire, sink));
            AtomicBoolean woken = new AtomicBoolean(); // demand arrives block by block: one task serves many signals
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
                .download(requests.takeUntilOther(wire.onClose().onErrorComplete()), WINDOW, (request, failure) -> {
                    switch (failure.reason()) {
                        case CANCELLED, CLOSED -> {} // it has come from another peer, or leave() frees it
                        default -> loop.schedule(() -> refused(wire, request));
                    }
                    return Mono.empty();
                })
                .publishOn(new LastingTasks(loop), IN_FLIGHT)
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
        Mono<Void> unchokes =
                wire.states().publishOn(loop).doOnNext(state -> supply(wire)).then();
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

    /** Updates the pieces of the peer after a message about them. */
    void heard(Wire wire, Message message) {
        if (lanes.containsKey(wire)) {
            if (message instanceof Message.Have one) {
                picker.offers(wire, one.piece());
            } else if (!(message instanceof Message.AllowedFast)) {
                picker.offers(wire, wire.peerPieces());
            }
            interest(wire);
            supply(wire);
        }
    }

    /** Removes an ended wire. Its outstanding blocks are fetched from other peers. */
    void leave(Wire wire) {
        lanes.remove(wire);
        picker.leave(wire);
        supplyAll();
    }

    /** Returns the shape of the torrent. */
    TorrentShape shape() {
        return shape;
    }

    /** Returns the counters of the received bytes. */
    Tally tally() {
        return tally;
    }

    /** Returns the number of verified bytes on disk. */
    long verifiedBytes() {
        return have.stream().mapToLong(shape::pieceLength).sum();
    }

    /** Limits a peer that chokes us to the pieces that it allows meanwhile (BEP 6). Gives its other blocks to others. */
    private void obey(Wire wire) {
        int before = picker.asked(wire);
        picker.restrict(wire, wire.state().peerChoking() ? wire.peerAllowedFast() : null);
        if (picker.asked(wire) < before) {
            pause(wire);
            supplyAll();
        }
    }

    private void interest(Wire wire) {
        wire.outbound().tryEmit(picker.wants(wire) ? new Message.Interested() : new Message.NotInterested());
    }

    private void supply(Wire wire) {
        Lane lane = lanes.get(wire);
        FluxSink<BlockRequest> sink = lane == null ? null : lane.requests;
        long now = now();
        if (lane == null || sink == null) {
            return;
        }
        obey(wire);
        if (!lane.conduct.mayBeAsked(now)) {
            return;
        }
        while (sink.requestedFromDownstream() > 0 && !sink.isCancelled() && hasRoom(wire)) {
            BlockRequest request = picker.next(wire);
            if (request == null) {
                return;
            }
            lane.conduct.asked(now);
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
            pause(wire);
            supplyAll();
            loop.schedule(() -> forgive(wire, request.piece()), FORGIVE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Leaves a peer alone that has refused, the longer the more often. */
    private void pause(Wire wire) {
        Lane lane = lanes.get(wire);
        if (lane != null) {
            long pause = lane.conduct.refused(now(), picker.asked(wire) > 0);
            loop.schedule(() -> supply(wire), pause, TimeUnit.MILLISECONDS);
        }
    }

    private void forgive(Wire wire, int piece) {
        if (lanes.containsKey(wire)) {
            picker.forgive(wire, piece);
            supply(wire);
        }
    }

    private boolean accept(Wire wire, BlockRequest request) {
        Set<Wire> others = picker.accept(wire, request);
        tally.add(Addresses.of(wire), request.length(), others != null);
        Lane lane = lanes.get(wire);
        if (lane != null) {
            lane.conduct.answered(now(), picker.asked(wire) > 0, others != null);
        }
        if (others == null) {
            return false;
        }
        others.forEach(other -> other.outbound().tryEmit(new Message.Cancel(request)));
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
                authors.forEach(author -> drop.accept(author, "it sent piece " + piece + " with a wrong hash"));
            }
        }
        supplyAll();
    }

    private void publish() {
        uploads.offer(PieceSet.of(shape.pieceCount(), have), storage::read);
    }
}
