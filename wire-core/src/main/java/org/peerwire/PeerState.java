/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * The four booleans of a wire (BEP 3). A wire starts choking and not interested on both sides.
 *
 * @param amChoking we do not answer the peer's requests
 * @param amInterested we want pieces the peer has
 * @param peerChoking the peer does not answer our requests
 * @param peerInterested the peer wants pieces we have
 */
public record PeerState(boolean amChoking, boolean amInterested, boolean peerChoking, boolean peerInterested) {
    /** How every wire starts, and ends. */
    public static final PeerState INITIAL = new PeerState(true, false, true, false);
}
