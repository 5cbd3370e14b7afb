/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

/**
 * The origin of an address, the most trusted first. It decides how long the address is tried, and whether a private
 * torrent dials it.
 */
public enum PeerSource {
    /** The user, or the torrent's own list. Dialled without end, also for a private torrent. */
    USER,
    /** A tracker of the torrent. Dialled also for a private torrent (BEP 27). */
    TRACKER,
    /** A multicast in the local network (BEP 14). */
    LOCAL_NETWORK,
    /** The distributed hash table (BEP 5). */
    DHT,
    /** Any other discovery, such as another program. */
    DISCOVERY,
    /** Another peer, by peer exchange (BEP 11). */
    PEX;

    /** Returns true if a private torrent may dial addresses of this origin. */
    public boolean isTrusted() {
        return this == USER || this == TRACKER;
    }
}
