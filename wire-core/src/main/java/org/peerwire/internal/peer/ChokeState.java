/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import org.peerwire.PeerState;
import org.peerwire.internal.loop.EventLoopOnly;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The choke and interest state of both sides: changed on the event loop, read and watched on any thread. */
public final class ChokeState {
    /** Requests of the peer may have been sent before our choke arrived for as long as this. */
    private static final long GRACE_MILLIS = 2_000;

    private final Sinks.Many<PeerState> changes = Sinks.unsafe().many().replay().latestOrDefault(PeerState.INITIAL);
    private volatile PeerState now = PeerState.INITIAL;

    @EventLoopOnly
    private long chokedAt = -GRACE_MILLIS;

    /** Returns the state. */
    public PeerState now() {
        return now;
    }

    /** Returns the latest state and each change. A slow subscriber skips to the latest. */
    public Flux<PeerState> watch() {
        return changes.asFlux().onBackpressureLatest();
    }

    /** Notes a choke of ours that has been written. */
    @EventLoopOnly
    public void choke(long now) {
        chokedAt = now;
        amChoking(true);
    }

    /** Notes an unchoke of ours that has been written. */
    @EventLoopOnly
    public void unchoke() {
        amChoking(false);
    }

    private void amChoking(boolean choking) {
        set(new PeerState(choking, now.amInterested(), now.peerChoking(), now.peerInterested()));
    }

    /** Returns true if a request that arrives now may have crossed our choke. */
    @EventLoopOnly
    public boolean mayHaveCrossedChoke(long now) {
        return now - chokedAt < GRACE_MILLIS;
    }

    /** Notes an interested or not-interested of ours that has been written. */
    @EventLoopOnly
    public void amInterested(boolean interested) {
        set(new PeerState(now.amChoking(), interested, now.peerChoking(), now.peerInterested()));
    }

    /** Notes a choke or unchoke of the peer. */
    @EventLoopOnly
    public void peerChoking(boolean choking) {
        set(new PeerState(now.amChoking(), now.amInterested(), choking, now.peerInterested()));
    }

    /** Notes an interested or not-interested of the peer. */
    @EventLoopOnly
    public void peerInterested(boolean interested) {
        set(new PeerState(now.amChoking(), now.amInterested(), now.peerChoking(), interested));
    }

    /** Returns to the initial state and completes the watchers. */
    @EventLoopOnly
    public void close() {
        set(PeerState.INITIAL);
        changes.tryEmitComplete();
    }

    private void set(PeerState next) {
        if (!next.equals(now)) {
            now = next;
            changes.tryEmitNext(next);
        }
    }
}
