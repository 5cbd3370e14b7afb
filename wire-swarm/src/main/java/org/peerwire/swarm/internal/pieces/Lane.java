/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.publisher.FluxSink;

/** The requests of one wire, and the facts about its answers. Confined to the thread of the swarm. */
public final class Lane {
    final Wire wire;
    final Rates rates;
    final Conduct conduct;

    @Nullable
    FluxSink<BlockRequest> requests;

    /** True if the picker limits the peer to the pieces that it allows while it chokes us. */
    boolean isLimited;

    /** True if the peer has allowed a piece since. */
    boolean allowsMore;

    /** True if nothing more is taken from it, because the peer has lied. */
    boolean isExpelled;

    /** True if the peer was told that we are interested. */
    boolean isInterested;

    /** The time at which it last had a wanted piece. */
    long wantedAt;

    long received;
    long wasted;
    long stalls;
    long refusals;
    long failedPieces;

    Lane(Wire wire, Rates rates, Conduct conduct) {
        this.wire = wire;
        this.rates = rates;
        this.conduct = conduct;
    }

    /** Returns the bytes of blocks that were missing. */
    public long received() {
        return received;
    }

    /** Returns the bytes of blocks that had arrived from others before. */
    public long wasted() {
        return wasted;
    }

    /** Returns the number of times that the blocks went to others because the peer sent none. */
    public long stalls() {
        return stalls;
    }

    /** Returns the number of requests that were rejected or left unanswered. */
    public long refusals() {
        return refusals;
    }

    /** Returns the number of failed pieces with a block of the peer. */
    public long failedPieces() {
        return failedPieces;
    }
}
