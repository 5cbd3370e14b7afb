/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;

/** A change of a swarm, as one of its peers sees it. */
public sealed interface PeerEvent {

    /** Returns the address at which the peer accepts connections. */
    InetSocketAddress peer();

    /**
     * A connection to a peer exists.
     *
     * @param peer the address at which it accepts connections
     * @param flags the properties that the sender reports
     */
    record Added(InetSocketAddress peer, PexFlags flags) implements PeerEvent {

        /** Creates an event without flags. */
        public Added(InetSocketAddress peer) {
            this(peer, PexFlags.NONE);
        }
    }

    /**
     * The connection of the sender to a peer has ended. This is no reason to close our own connection to it.
     *
     * @param peer the address with which the peer was added
     */
    record Dropped(InetSocketAddress peer) implements PeerEvent {}
}
