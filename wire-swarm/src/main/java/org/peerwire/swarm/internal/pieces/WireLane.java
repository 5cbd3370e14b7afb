/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.publisher.FluxSink;

/** The requests of one wire. Confined to the thread of the swarm. */
public final class WireLane extends Lane {
    final Wire wire;
    final Rates rates;
    final Conduct conduct;
    private final WireRequests owner;

    @Nullable
    FluxSink<BlockRequest> requests;

    /** True if the picker limits the peer to the pieces that it allows while it chokes us. */
    boolean isLimited;

    /** True if the peer has allowed a piece since. */
    boolean allowsMore;

    /** True if the peer was told that we are interested. */
    boolean isInterested;

    /** The time at which it last had a wanted piece. */
    long wantedAt;

    WireLane(Wire wire, Rates rates, Conduct conduct, WireRequests owner) {
        this.wire = wire;
        this.rates = rates;
        this.conduct = conduct;
        this.owner = owner;
    }

    /** Returns the wire. */
    public Wire wire() {
        return wire;
    }

    @Override
    Object identity() {
        return wire.remote().peerId();
    }

    @Override
    void supply() {
        owner.supply(this);
    }

    @Override
    void cancel(BlockRequest block) {
        wire.outbound().tryEmit(new Message.Cancel(block));
    }

    @Override
    void answered(boolean isUseful) {
        owner.answered(this, isUseful);
    }
}
