/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import org.peerwire.PeerState;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The four booleans: changed on the event loop, read and watched anywhere. */
final class States {
    private final Sinks.Many<PeerState> changes = Sinks.unsafe().many().replay().latestOrDefault(PeerState.INITIAL);
    private volatile PeerState now = PeerState.INITIAL;

    PeerState now() {
        return now;
    }

    /** The latest and each change; the operator keeps a slow subscriber from holding all it has missed. */
    Flux<PeerState> watch() {
        return changes.asFlux().onBackpressureLatest();
    }

    @EventLoopOnly
    void amChoking(boolean choking) {
        set(new PeerState(choking, now.amInterested(), now.peerChoking(), now.peerInterested()));
    }

    @EventLoopOnly
    void amInterested(boolean interested) {
        set(new PeerState(now.amChoking(), interested, now.peerChoking(), now.peerInterested()));
    }

    @EventLoopOnly
    void peerChoking(boolean choking) {
        set(new PeerState(now.amChoking(), now.amInterested(), choking, now.peerInterested()));
    }

    @EventLoopOnly
    void peerInterested(boolean interested) {
        set(new PeerState(now.amChoking(), now.amInterested(), now.peerChoking(), interested));
    }

    /** Back to how every wire starts, and no more. */
    @EventLoopOnly
    void close() {
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
