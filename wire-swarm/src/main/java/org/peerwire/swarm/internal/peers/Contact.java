/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;

/** The time since the last open wire, and what has become of the peers. Not thread-safe. */
final class Contact {
    private final Fates fates = new Fates();
    private boolean connected;
    private long last;

    /** Begins the time again. */
    void restart(long now) {
        last = now;
    }

    /** Notes that a wire is open. */
    void connected(long now) {
        connected = true;
        last = now;
    }

    /** Notes what an event tells about a peer. */
    void on(SwarmEvent event) {
        fates.on(event);
    }

    /** Notes that a dial has failed. */
    void unreachable(InetSocketAddress peer, String reason) {
        fates.unreachable(peer, reason);
    }

    /**
     * Returns the failure of a swarm without a wire, or null if it may go on.
     *
     * @param hope true if a wire may still come
     */
    @Nullable
    SwarmException check(Patience patience, long now, boolean hope) {
        Duration limit = connected ? patience.again() : patience.reach();
        if (limit == null) {
            return null;
        }
        if (!hope) {
            return new SwarmException(SwarmException.Reason.NO_PEERS, fates.nobodyLeft());
        }
        return now - last > limit.toMillis()
                ? new SwarmException(SwarmException.Reason.UNREACHABLE, fates.nobodyFor(Reasons.text(limit)))
                : null;
    }
}
