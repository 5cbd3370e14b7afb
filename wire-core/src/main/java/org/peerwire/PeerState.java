/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * The choke and interest state of a wire (BEP 3). A wire starts choking and not interested on both sides.
 *
 * @param amChoking true if this side does not answer the peer's requests
 * @param amInterested true if this side wants pieces of the peer
 * @param peerChoking true if the peer does not answer this side's requests
 * @param peerInterested true if the peer wants pieces of this side
 */
public record PeerState(boolean amChoking, boolean amInterested, boolean peerChoking, boolean peerInterested) {
    /** The state of a new wire, and of an ended one. */
    public static final PeerState INITIAL = new PeerState(true, false, true, false);
}
