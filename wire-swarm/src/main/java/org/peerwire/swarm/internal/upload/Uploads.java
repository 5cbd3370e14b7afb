/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockSource;
import org.peerwire.PeerState;
import org.peerwire.Wire;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The pieces that we serve, to whom, and how fast. Announces them first on each wire, gives the upload slots to the peers
 * in rounds, and serves the blocks at the rates of the options.
 *
 * <p>Confined to the thread of the swarm, except for {@link #have}, {@link #tell} and {@link #serve}.
 */
public final class Uploads {
    private static final long ROUND_SECONDS = 10;

    private final SwarmLoop loop;
    private final Rates shared;
    private final long bytesPerSecondPerWire;
    private final boolean servesNobody;
    private final Choker choker;
    private final RateGate gate;
    private volatile Stock stock = Stock.NOTHING;
    private @Nullable Disposable rounds;
    private boolean stopped;
    private long sentByEnded;

    /**
     * Creates uploads that have nothing and serve nobody yet.
     *
     * @param swarmAndHost the limits that all wires share
     * @param random the source of randomness, on the thread of the swarm
     * @param isSeed true if we want nothing; called on the thread of the swarm
     */
    public Uploads(SwarmLoop loop, SwarmOptions options, Rates swarmAndHost, Random random, BooleanSupplier isSeed) {
        this.loop = loop;
        this.shared = swarmAndHost;
        this.bytesPerSecondPerWire = options.uploadPerWire();
        this.servesNobody = options.uploadSlots() == 0;
        this.choker = new Choker(options.uploadSlots(), options.choking(), isSeed, random);
        this.gate = new RateGate(loop, swarmAndHost, random);
    }

    /** Sets the pieces and their source, for every wire. The source is called on event loops and on the swarm's thread. */
    public void offer(PieceSet have, BlockSource source) {
        stock = new Stock(have, source);
    }

    /** Returns the pieces that we serve. Any thread. */
    public PieceSet have() {
        return stock.have();
    }

    /** Announces our pieces, which must be the first message, and returns them. Any thread. */
    public PieceSet tell(Wire wire) {
        PieceSet have = stock.have();
        wire.announce(have).onErrorComplete().subscribe(); // fails only when the wire ends
        return have;
    }

    /**
     * Serves a wire until it ends: on subscription, once for each wire, on its event loop.
     *
     * @return completes when the wire ends; fails with the error of the source, and chokes the peer then. A cancellation
     *     ends the serving, but not the wire
     */
    public Mono<Void> serve(Wire wire) {
        return Mono.defer(() -> {
            RequestedBlocks requested = new RequestedBlocks(wire);
            Rates rates = bytesPerSecondPerWire == Long.MAX_VALUE
                    ? shared
                    : shared.after(RateLimit.of(bytesPerSecondPerWire));
            GateOfWire blocks = new GateOfWire(gate, rates, () -> servesNobody ? Stock.NOTHING : stock, requested);
            ServedPeer peer = new ServedPeer(wire, blocks, requested, gate.now());
            loop.schedule(() -> enter(peer));
            Mono<Void> interest = wire.states()
                    .map(PeerState::peerInterested)
                    .distinctUntilChanged()
                    .doOnNext(wanted -> onInterest(peer))
                    .then();
            return Mono.when(wire.blocks().serve(blocks), interest).doFinally(end -> loop.schedule(() -> leave(peer)));
        });
    }

    /** Looks at the state in one task at a time, so that a flood of changes costs no memory. */
    private void onInterest(ServedPeer peer) {
        if (peer.changed.compareAndSet(false, true)) {
            loop.schedule(() -> {
                peer.changed.set(false);
                if (!stopped) {
                    choker.onState(peer);
                }
            });
        }
    }

    private void enter(ServedPeer peer) {
        if (!stopped) {
            choker.add(peer);
        }
    }

    private void leave(ServedPeer peer) {
        gate.remove(peer.gate);
        sentByEnded += peer.wire.stats().payloadOut();
        choker.remove(peer);
    }

    /** Starts the rounds, the first one now. Before, nobody is unchoked. */
    public void start() {
        if (rounds == null && !stopped) {
            rounds = loop.schedulePeriodically(this::round, 0, ROUND_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void round() {
        if (!stopped) {
            choker.round(gate.now());
        }
    }

    /** Ends the timers, the rounds and every wait for a rate, for good. Reads that need no wait go on. */
    public void stop() {
        stopped = true;
        if (rounds != null) {
            rounds.dispose();
        }
        gate.stop();
    }

    /** Returns the bytes of blocks sent to all peers, also to those whose wire has ended. */
    public long sent() {
        return sentByEnded
                + choker.peers().stream()
                        .mapToLong(peer -> peer.wire.stats().payloadOut())
                        .sum();
    }

    /** Returns the number of blocks read for a peer that had been read for it before; 0 if it is not served. */
    public long repeated(Wire wire) {
        ServedPeer peer = choker.find(wire);
        return peer == null ? 0 : peer.requested.repeated();
    }

    /** Returns the bytes of blocks per second that a peer has got over the last 10 to 20 seconds; 0 if it is not served. */
    public long uploadRate(Wire wire) {
        ServedPeer peer = choker.find(wire);
        return peer == null ? 0 : peer.uploadRate(gate.now());
    }
}
