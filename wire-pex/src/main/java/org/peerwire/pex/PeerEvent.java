/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.net.InetSocketAddress;

/** A peer has come into a swarm or has left it, as somebody sees it. */
public sealed interface PeerEvent {

    /** Where the peer accepts connections. */
    InetSocketAddress peer();

    /**
     * Somebody is connected to the peer.
     *
     * @param peer where it accepts connections
     * @param flags what is said of it
     */
    record Added(InetSocketAddress peer, PexFlags flags) implements PeerEvent {

        /** A peer of whom nothing is said but the address. */
        public Added(InetSocketAddress peer) {
            this(peer, PexFlags.NONE);
        }
    }

    /**
     * Who added the peer is connected to it no longer. That is no reason to close a connection of one's own.
     *
     * @param peer the address it was added with
     */
    record Dropped(InetSocketAddress peer) implements PeerEvent {}
}
