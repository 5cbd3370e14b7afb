/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.util.List;

/**
 * A snapshot of a swarm.
 *
 * @param pieces the number of verified pieces
 * @param totalPieces the number of pieces of the torrent; 0 while it is unknown
 * @param bytes the length of the verified pieces in bytes
 * @param totalBytes the length of all pieces in bytes; 0 while the torrent is unknown
 * @param held the number of pieces in memory: begun, or verified and not taken
 * @param received the bytes of blocks received that were missing
 * @param wasted the bytes of blocks received more than once, or in failed pieces
 * @param sent the bytes of blocks sent
 * @param metadata the bytes of metadata received
 * @param wires the number of open wires
 * @param dialling the number of dials under way
 * @param known the number of known addresses
 * @param banned the number of banned peers and addresses
 * @param peers the peers, those with an open wire first
 * @param sources the sources of ranges; empty while the torrent is unknown
 */
public record SwarmStats(
        int pieces,
        int totalPieces,
        long bytes,
        long totalBytes,
        int held,
        long received,
        long wasted,
        long sent,
        long metadata,
        int wires,
        int dialling,
        int known,
        int banned,
        List<PeerStats> peers,
        List<SourceStats> sources) {

    /** Copies the lists. */
    public SwarmStats {
        peers = List.copyOf(peers);
        sources = List.copyOf(sources);
    }
}
