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
     * The sender no longer vouches for a peer. This is no reason to close our own connection to it.
     *
     * @param peer the address with which the peer was added
     * @param reason tells the sender's drops from our own
     */
    record Dropped(InetSocketAddress peer, Reason reason) implements PeerEvent {

        /** The cause of a drop. */
        public enum Reason {
            /** The connection of the sender to the peer has ended. */
            DISCONNECTED,
            /** The last sender that added the peer has left the {@link PexSwarm}. The peer may still be connected. */
            SENDER_LEFT,
            /** The peer made room for newer ones in our memory: see {@link PexLimits}. It may still be connected. */
            NO_ROOM
        }

        /** Creates the event of an ended connection. */
        public Dropped(InetSocketAddress peer) {
            this(peer, Reason.DISCONNECTED);
        }
    }
}
