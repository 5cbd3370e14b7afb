/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The requests of all wires. Asks each wire for what the picker chooses, within the rates; gives the blocks of silent
 * peers to others, and leaves alone those that refuse. Confined to the thread of the swarm.
 */
final class Requests {
    /** The maximum number of blocks of one wire that wait for the thread of the swarm: 16 MiB. */
    private static final int IN_FLIGHT = 1024;

    /** The time after which a peer is asked again for a piece it has rejected: its queue may have been full. */
    private static final long FORGIVE_MILLIS = 3_000;

    /** The interval at which silent peers are looked for. */
    private static final long WATCH_MILLIS = 500;

    /** The time after which a limited rate is tried again, and by chance up to twice as long: swarms take turns. */
    private static final int THROTTLE_MILLIS = 15;

    /** The window: three seconds of blocks, at most the queue that the peer announces. */
    private static final RequestWindow WINDOW = RequestWindow.adaptive();

    private final SwarmLoop loop;
    private final PiecePicker<Wire> picker;
    private final Interest interest;
    private final Rates rates;
    private final long perWire;
    private final Random random;
    private final BiConsumer<Lane, Block> onBlock;
    private final Map<Wire, Lane> lanes = new LinkedHashMap<>();
    private final Conducts conducts = new Conducts();
    private Disposable watching = Disposables.disposed();
    private boolean isThrottled;

    /** True while all wires wait for a limit that they share, so that this swarm does not overtake another one. */
    private boolean isContended;

    private int turn;

    /**
     * Creates the requests of a swarm without wires.
     *
     * @param rates the limits of the swarm and the host
     * @param perWire the limit of each wire in bytes per second
     * @param onBlock takes each block and its ownership
     */
    Requests(
            SwarmLoop loop,
            PiecePicker<Wire> picker,
            Rates rates,
            long perWire,
            Random random,
            BiConsumer<Lane, Block> onBlock) {
        this.loop = loop;
        this.picker = picker;
        this.interest = new Interest(loop, picker);
        this.rates = rates;
        this.perWire = perWire;
        this.random = random;
        this.onBlock = onBlock;
    }

    void start() {
        watching = loop.schedulePeriodically(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        watching.dispose();
        lanes.clear();
    }

    /** Gives the blocks of peers that have stalled to others. They may still send them. */
    private void watch() {
        long now = loop.millis();
        List<Lane> stalled =
                lanes.values().stream().filter(lane -> lane.conduct.stalls(now)).toList();
        stalled.forEach(lane -> {
            lane.stalls++;
            picker.stall(lane.wire);
        });
        lanes.values().stream().filter(lane -> lane.isInterested).forEach(interest::tell);
        if (!picker.wants().isIdle()) {
            supplyAll(); // old requests may be repeated now
        }
    }

    // ---- wires ----

    /** Downloads from a wire until it ends. */
    Mono<Void> join(Wire wire) {
        Rates limits = perWire == Long.MAX_VALUE ? rates : rates.after(RateLimit.of(perWire));
        Lane lane = new Lane(wire, limits, conducts.of(wire.remote().peerId()));
        lanes.put(wire, lane);
        picker.sources().offers(wire, wire.peerPieces());
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
                .doOnNext(block -> onBlock.accept(lane, block))
                .doOnDiscard(Block.class, Block::release)
                .subscribe(null, done::tryEmitError, done::tryEmitEmpty);
        Mono<Void> unchokes =
                wire.states().publishOn(loop).doOnNext(state -> supply(lane)).then();
        return Mono.when(done.asMono(), unchokes);
    }

    private void attach(Lane lane, FluxSink<BlockRequest> sink) {
        if (lanes.get(lane.wire) != lane || lane.isExpelled) {
            sink.complete();
        } else {
            lane.requests = sink;
            supply(lane);
        }
    }

    /** Updates the pieces of the peer after a message about them. */
    void heard(Wire wire, Message message) {
        Lane lane = lanes.get(wire);
        if (lane != null && !lane.isExpelled) {
            if (message instanceof Message.Have one) {
                picker.sources().offers(wire, one.piece());
            } else if (message instanceof Message.AllowedFast) {
                lane.allowsMore = true;
            } else {
                picker.sources().offers(wire, wire.peerPieces());
            }
            interest.tell(lane);
            supply(lane);
        }
    }

    /** Removes an ended wire. Its outstanding blocks are fetched from other peers. */
    void leave(Wire wire) {
        Lane lane = lanes.remove(wire);
        if (lane != null) {
            lane.conduct.ended(loop.millis(), picker.asked(wire) > 0);
            if (lane.requests != null) {
                lane.requests.complete();
            }
        }
        picker.leave(wire);
        supplyAll();
    }

    /** Takes no more from proven liars. Returns their blocks of begun pieces, which are free again. */
    List<BlockRequest> expel(Predicate<Wire> liar) {
        lanes.values().stream().filter(lane -> liar.test(lane.wire)).forEach(lane -> {
            lane.isExpelled = true;
            picker.leave(lane.wire);
        });
        return picker.discard(liar);
    }

    /** Returns the facts about a wire, or null for one that has not joined. */
    @Nullable
    Lane lane(Wire wire) {
        return lanes.get(wire);
    }

    /** Counts a failed piece with a block of a wire. */
    void blame(Wire wire) {
        Lane lane = lanes.get(wire);
        if (lane != null) {
            lane.failedPieces++;
        }
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
        for (Lane lane : lanes.values()) {
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

    /** Asks all wires, each time beginning with another one, so that a limited rate is shared. */
    void supplyAll() {
        List<Lane> all = new ArrayList<>(lanes.values());
        int first = all.isEmpty() ? 0 : Math.floorMod(turn++, all.size());
        for (int i = 0; i < all.size(); i++) {
            supply(all.get((first + i) % all.size()));
        }
    }

    private void supply(Lane lane) {
        FluxSink<BlockRequest> sink = lane.requests;
        long now = loop.millis();
        if (sink == null || lane.isExpelled || lanes.get(lane.wire) != lane) {
            return;
        }
        obey(lane);
        while (!isContended
                && lane.conduct.mayBeAsked(now)
                && sink.requestedFromDownstream() > 0
                && !sink.isCancelled()) {
            if (!lane.rates.tryTake(BlockRequest.BLOCK_LENGTH, loop.now(TimeUnit.NANOSECONDS))) {
                tryLater();
                return;
            }
            BlockRequest request = picker.next(lane.wire, now);
            lane.rates.giveBack(BlockRequest.BLOCK_LENGTH - (request == null ? 0 : request.length()));
            if (request == null) {
                return;
            }
            lane.conduct.asked(now);
            sink.next(request);
        }
    }

    private void tryLater() {
        isContended = rates.nanosUntilReady(loop.now(TimeUnit.NANOSECONDS)) > 0;
        if (!isThrottled) {
            isThrottled = true;
            int delay = THROTTLE_MILLIS + random.nextInt(THROTTLE_MILLIS);
            loop.schedule(this::tryAgain, delay, TimeUnit.MILLISECONDS);
        }
    }

    private void tryAgain() {
        isThrottled = false;
        isContended = false;
        supplyAll();
    }

    /** Limits a peer that chokes us to the pieces that it allows meanwhile (BEP 6). Gives its other blocks to others. */
    private void obey(Lane lane) {
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
        int before = picker.asked(lane.wire);
        picker.restrict(lane.wire, only);
        if (picker.asked(lane.wire) < before) {
            pause(lane);
            supplyAll();
        }
    }

    private void refused(Lane lane, BlockRequest request) {
        if (lanes.get(lane.wire) == lane) {
            lane.refusals++;
            lane.rates.giveBack(request.length());
            picker.refused(lane.wire, request);
            pause(lane);
            supplyAll();
            loop.schedule(() -> forgive(lane, request.piece()), FORGIVE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Leaves a peer alone that has refused, the longer the more often. */
    private void pause(Lane lane) {
        long pause = lane.conduct.refused(loop.millis(), picker.asked(lane.wire) > 0);
        loop.schedule(() -> supply(lane), pause, TimeUnit.MILLISECONDS);
    }

    private void forgive(Lane lane, int piece) {
        if (lanes.get(lane.wire) == lane) {
            picker.forgive(lane.wire, piece);
            supply(lane);
        }
    }

    /**
     * Notes a block.
     *
     * @param isUseful true if the block was missing
     */
    void answered(Lane lane, boolean isUseful) {
        lane.conduct.answered(loop.millis(), picker.asked(lane.wire) > 0, isUseful);
    }
}
