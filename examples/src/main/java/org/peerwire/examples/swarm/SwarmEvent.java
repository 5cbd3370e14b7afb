/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.peerwire.PeerId;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.PeerEvent;

/** An event of a swarm. */
public sealed interface SwarmEvent {

    /** A receiver of events. Called on the swarm's thread, and must not block. */
    @FunctionalInterface
    interface Listener {
        /** Receives one event. */
        void on(SwarmEvent event);
    }

    /**
     * We listen for peers.
     *
     * @param address the address we listen on
     */
    record Listening(InetSocketAddress address) implements SwarmEvent {}

    /**
     * A wire is open.
     *
     * @param peer the other side
     * @param id the peer id of the other side
     * @param dialled true if we dialled
     */
    record Connected(InetSocketAddress peer, PeerId id, boolean dialled) implements SwarmEvent {}

    /**
     * A wire has ended.
     *
     * @param peer the other side
     * @param reason the reason, for people
     */
    record Disconnected(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * A dial has failed.
     *
     * @param peer the dialled address
     * @param reason the reason, for people
     */
    record Unreachable(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * A peer told us about another peer (BEP 11).
     *
     * @param teller the peer that told us
     * @param news the other peer, added or dropped
     */
    record Heard(InetSocketAddress teller, PeerEvent news) implements SwarmEvent {}

    /**
     * The metadata of a magnet link is received and verified.
     *
     * @param torrent the torrent
     */
    record MetadataReceived(Torrent torrent) implements SwarmEvent {}

    /**
     * The existing data on disk is verified.
     *
     * @param pieces the number of pieces that match
     * @param total the number of pieces of the torrent
     */
    record Checked(int pieces, int total) implements SwarmEvent {}

    /**
     * A piece is received and verified.
     *
     * @param piece the index
     * @param pieces the number of verified pieces
     * @param total the number of pieces of the torrent
     */
    record PieceDone(int piece, int pieces, int total) implements SwarmEvent {}

    /**
     * A piece is received and its hash does not match.
     *
     * @param piece the index
     * @param authors the peers that sent its blocks
     */
    record PieceBad(int piece, List<InetSocketAddress> authors) implements SwarmEvent {}

    /**
     * A peer is disconnected and banned.
     *
     * @param peer the peer
     * @param reason its misbehaviour, for people
     */
    record Dropped(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * The progress of the download, four times a second.
     *
     * @param bytes the number of verified bytes on disk, without padding
     * @param total the number of bytes of all files, without padding
     * @param rate the number of bytes received per second
     * @param peers the number of open wires
     */
    record Progress(long bytes, long total, long rate, int peers) implements SwarmEvent {}

    /**
     * An existing file matches no piece and is overwritten.
     *
     * @param path the existing file
     * @param total the number of pieces of the torrent
     */
    record Overwriting(Path path, int total) implements SwarmEvent {}

    /**
     * No data has arrived for a while.
     *
     * @param time the time without data
     * @param peers the number of open wires
     */
    record Waiting(Duration time, int peers) implements SwarmEvent {}

    /**
     * The download is complete and verified.
     *
     * @param path the file or folder
     * @param bytes the length of all files in bytes, without padding
     * @param time the duration of the download
     * @param perPeer the number of bytes that each peer sent, those of bad pieces included
     */
    record Completed(Path path, long bytes, Duration time, Map<InetSocketAddress, Long> perPeer)
            implements SwarmEvent {}
}
