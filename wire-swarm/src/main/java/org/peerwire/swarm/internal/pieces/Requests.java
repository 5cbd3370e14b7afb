/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** The requests of all sources of blocks, which share the rates and the picker. Confined to the thread of the swarm. */
final class Requests {
    /** The interval at which silent sources are looked for. */
    private static final long WATCH_MILLIS = 500;

    private final SwarmLoop loop;
    private final PiecePicker<Lane> picker;
    private final WireRequests wires;
    private final Throttle throttle;
    private final Rates rates;
    private final BlockTaker taker;
    private final List<RangeLane> sources = new ArrayList<>();
    private Disposable watching = Disposables.disposed();
    private int turn;

    /**
     * Creates the requests of a swarm without wires.
     *
     * @param rates the limits of the swarm and the host
     * @param perWire the limit of each wire in bytes per second
     * @param taker takes each block
     */
    Requests(SwarmLoop loop, PiecePicker<Lane> picker, Rates rates, long perWire, Random random, BlockTaker taker) {
        this.loop = loop;
        this.picker = picker;
        this.rates = rates;
        this.taker = taker;
        this.throttle = new Throttle(loop, rates, random, this::supplyAll);
        this.wires = new WireRequests(loop, picker, rates, perWire, throttle, this::supplyAll, taker);
    }

    void start() {
        watching = loop.schedulePeriodically(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        watching.dispose();
        wires.stop();
        sources.forEach(RangeLane::stop);
    }

    private void watch() {
        wires.watch();
        sources.forEach(RangeLane::watch);
        if (!picker.wants().isIdle()) {
            supplyAll(); // old requests may be repeated now
        }
    }

    /** Returns the requests of the wires. */
    WireRequests wires() {
        return wires;
    }

    /**
     * Adds sources of ranges.
     *
     * @param room the number of pieces that may be in memory
     */
    void add(List<RangeSource> added, Torrent torrent, int room, Consumer<SwarmEvent> events) {
        FileRanges files = new FileRanges(torrent);
        RangeContext context =
                new RangeContext(loop, torrent, files, picker, rates, throttle, room, this::supplyAll, taker, events);
        for (RangeSource source : added) {
            RangeLane lane = new RangeLane(source, context);
            sources.add(lane);
            lane.join();
        }
    }

    /** Returns the sources of ranges. */
    List<RangeLane> sources() {
        return sources;
    }

    private List<Lane> all() {
        List<Lane> all = new ArrayList<>(wires.all());
        all.addAll(sources);
        return all;
    }

    /** Asks all sources, each time beginning with another one, so that a limited rate is shared. */
    void supplyAll() {
        List<Lane> all = all();
        int first = all.isEmpty() ? 0 : Math.floorMod(turn++, all.size());
        for (int i = 0; i < all.size(); i++) {
            all.get((first + i) % all.size()).supply();
        }
    }

    /** Takes no more from proven liars. Returns their blocks of begun pieces, which are free again. */
    List<BlockRequest> expel(Predicate<Lane> liar) {
        all().stream().filter(liar).forEach(lane -> {
            picker.leave(lane);
            lane.expel();
        });
        return picker.discard(liar);
    }
}
