/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The requests of all wires. Asks each wire for what the picker chooses, within the rates; gives the blocks of silent
 * peers to others, and leaves alone those that refuse. Confined to the thread of the swarm.
 */
final class WireRequests {
    /** The maximum number of blocks of one wire that wait for the thread of the swarm: 16 MiB. */
    private static final int IN_FLIGHT = 1024;

    /** The time after which a peer is asked again for a piece it has rejected: its queue may have been full. */
    private static final long FORGIVE_MILLIS = 3_000;

    /** The window: three seconds of blocks, at most the queue that the peer announces. */
    private static final RequestWindow WINDOW = RequestWindow.adaptive();

    private final SwarmLoop loop;
    private final PiecePicker<Lane> picker;
    private final Interest interest;
    private final Rates rates;
    private final long perWire;
    private final Throttle throttle;
    private final Runnable supplyAll;
    private final BlockTaker taker;
    private final Map<Wire, WireLane> lanes = new LinkedHashMap<>();
    private final Conducts conducts = new Conducts();

    /**
     * Creates the requests of a swarm without wires.
     *
     * @param rates the limits of the swarm and the host
     * @param perWire the limit of each wire in bytes per second
     * @param throttle the wait for these limits, which all sources share
     * @param supplyAll asks all sources
     * @param taker takes each block
     */
    WireRequests(
            SwarmLoop loop,
            PiecePicker<Lane> picker,
            Rates rates,
            long perWire,
            Throttle throttle,
            Runnable supplyAll,
            BlockTaker taker) {
        this.loop = loop;
        this.picker = picker;
        this.interest = new Interest(loop, picker);
        this.rates = rates;
        this.perWire = perWire;
        this.throttle = throttle;
        this.supplyAll = supplyAll;
        this.taker = taker;
    }

    void stop() {
        lanes.clear();
    }

    /** Gives the blocks of peers that have stalled to others. They may still send them. */
    void watch() {
        long now = loop.millis();
        List<WireLane> stalled =
                lanes.values().stream().filter(lane -> lane.conduct.stalls(now)).toList();
        stalled.forEach(lane -> {
            lane.stalls++;
            picker.stall(lane);
        });
        lanes.values().stream().filter(lane -> lane.isInterested).forEach(interest::tell);
    }

    // ---- wires ----

    /** Downloads from a wire until it ends. */
    Mono<Void> join(Wire wire) {
        Rates limits = perWire == Long.MAX_VALUE ? rates : rates.after(RateLimit.of(perWire));
        WireLane lane = new WireLane(wire, limits, conducts.of(wire.remote().peerId()), this);
        lanes.put(wire, lane);
        picker.sources().offers(lane, wire.peerPieces());
        interest.tell(lane);
        Flux<BlockRequest> requests = Flux.create(sink -> {
            loop.schedule(() -> attach(lane, sink));
            AtomicBoolean woken = new AtomicBoolean(); // demand arrives block by block: one task serves many signals
            sink.onRequest(demand -> {
                if (woken.compareAndSet(false, true)) {
                    loop.schedule(() -> {
                        woken.set(false);
                        supply(lane);
                    });
                }
            });
        });
        Sinks.Empty<Void> done = Sinks.empty();
        wire.blocks() // not cancelled by the end of the wire, so that all blocks that have arrived are used
                .download(requests.takeUntilOther(wire.onClose().onErrorComplete()), WINDOW, (request, failure) -> {
                    switch (failure.reason()) {
                        case CANCELLED, CLOSED -> {} // it has come from another peer, or leave() frees it
                        default -> loop.schedule(() -> refused(lane, request));
                    }
                    return Mono.empty();
                })
                .publishOn(loop, IN_FLIGHT)
                .doOnNext(block -> take(lane, block))
                .doOnDiscard(Block.class, Block::release)
                .subscribe(null, done::tryEmitError, done::tryEmitEmpty);
        Mono<Void> unchokes =
                wire.states().publishOn(loop).doOnNext(state -> supply(lane)).then();
        return Mono.when(done.asMono(), unchokes);
    }

    private void take(WireLane lane, Block block) {
        try {
            taker.take(lane, block.request(), block.data());
        } finally {
            block.release();
        }
    }

    private void attach(WireLane lane, FluxSink<BlockRequest> sink) {
        if (lanes.get(lane.wire) != lane || lane.isExpelled) {
            sink.complete();
        } else {
            lane.requests = sink;
            supply(lane);
        }
    }

    /** Updates the pieces of the peer after a message about them. */
    void heard(Wire wire, Message message) {
        WireLane lane = lanes.get(wire);
        if (lane != null && !lane.isExpelled) {
            if (message instanceof Message.Have one) {
                picker.sources().offers(lane, one.piece());
            } else if (message instanceof Message.AllowedFast) {
                lane.allowsMore = true;
            } else {
                picker.sources().offers(lane, wire.peerPieces());
            }
            interest.tell(lane);
            supply(lane);
        }
    }

    /** Removes an ended wire. Its outstanding blocks are fetched from other peers. */
    void leave(Wire wire) {
        WireLane lane = lanes.remove(wire);
        if (lane != null) {
            lane.conduct.ended(loop.millis(), picker.asked(lane) > 0);
            if (lane.requests != null) {
                lane.requests.complete();
            }
            picker.leave(lane);
        }
        supplyAll.run();
    }

    /** Returns the facts about a wire, or null for one that has not joined. */
    @Nullable
    WireLane lane(Wire wire) {
        return lanes.get(wire);
    }

    /** Returns the wires that have joined and not left, in the order of joining. */
    Collection<WireLane> all() {
        return lanes.values();
    }

    // ---- interest ----

    /**
     * Tells the peers of a verified piece, and those without other wanted pieces that we want no more.
     *
     * @param isLast true if the store has all pieces now, so that no later consumer misses one
     */
    void done(int piece, boolean isStored, boolean isLast) {
        if (isLast) {
            interest.complete();
        }
        for (WireLane lane : lanes.values()) {
            if (isStored) {
                lane.wire.outbound().tryEmit(new Message.Have(piece));
            }
            interest.tell(lane);
        }
    }

    /** Tells all peers of pieces that were in the store. */
    void have(BitSet pieces) {
        lanes.keySet().forEach(wire -> Interest.have(wire, pieces));
    }

    /** Tells all peers whether we want anything from them. */
    void interestAll() {
        lanes.values().forEach(interest::tell);
    }

    // ---- requests ----

    /** Asks a wire for what the picker chooses, as long as it has room and the rates allow it. */
    void supply(WireLane lane) {
        FluxSink<BlockRequest> sink = lane.requests;
        long now = loop.millis();
        if (sink == null || lane.isExpelled || lanes.get(lane.wire) != lane) {
            return;
        }
        obey(lane);
        while (!throttle.isContended()
                && lane.conduct.mayBeAsked(now)
                && sink.requestedFromDownstream() > 0
                && !sink.isCancelled()) {
            if (!lane.rates.tryTake(BlockRequest.BLOCK_LENGTH, loop.now(TimeUnit.NANOSECONDS))) {
                throttle.tryLater();
                return;
            }
            BlockRequest request = picker.next(lane, now);
            lane.rates.giveBack(BlockRequest.BLOCK_LENGTH - (request == null ? 0 : request.length()));
            if (request == null) {
                return;
            }
            lane.conduct.asked(now);
            sink.next(request);
        }
    }

    /** Limits a peer that chokes us to the pieces that it allows meanwhile (BEP 6). Gives its other blocks to others. */
    private void obey(WireLane lane) {
        boolean isChoking = lane.wire.state().peerChoking();
        if (isChoking == lane.isLimited && !lane.allowsMore) {
            return;
        }
        lane.isLimited = isChoking;
        lane.allowsMore = false;
        BitSet only = null;
        if (isChoking) {
            only = new BitSet();
            lane.wire.peerAllowedFast().forEach(only::set);
        }
        int before = picker.asked(lane);
        picker.restrict(lane, only);
        if (picker.asked(lane) < before) {
            pause(lane);
            supplyAll.run();
        }
    }

    private void refused(WireLane lane, BlockRequest request) {
        if (lanes.get(lane.wire) == lane) {
            lane.refusals++;
            lane.rates.giveBack(request.length());
            picker.refused(lane, request);
            pause(lane);
            supplyAll.run();
            loop.schedule(() -> forgive(lane, request.piece()), FORGIVE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Leaves a peer alone that has refused, the longer the more often. */
    private void pause(WireLane lane) {
        long pause = lane.conduct.refused(loop.millis(), picker.asked(lane) > 0);
        loop.schedule(() -> supply(lane), pause, TimeUnit.MILLISECONDS);
    }

    private void forgive(WireLane lane, int piece) {
        if (lanes.get(lane.wire) == lane) {
            picker.forgive(lane, piece);
            supply(lane);
        }
    }

    /**
     * Notes a block.
     *
     * @param isUseful true if the block was missing
     */
    void answered(WireLane lane, boolean isUseful) {
        lane.conduct.answered(loop.millis(), picker.asked(lane) > 0, isUseful);
    }
}
