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

/** What happens in a swarm, for those who watch. */
public sealed interface SwarmEvent {

    /** Somebody who watches; called on the swarm's own thread and to return at once. */
    @FunctionalInterface
    interface Listener {
        /** It has happened. */
        void on(SwarmEvent event);
    }

    /**
     * We accept wires.
     *
     * @param address where
     */
    record Listening(InetSocketAddress address) implements SwarmEvent {}

    /**
     * A wire is open.
     *
     * @param peer the other side
     * @param id what it calls itself
     * @param dialled whether we dialled
     */
    record Connected(InetSocketAddress peer, PeerId id, boolean dialled) implements SwarmEvent {}

    /**
     * A wire has ended.
     *
     * @param peer the other side
     * @param reason why
     */
    record Disconnected(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * Dialling did not lead to a wire.
     *
     * @param peer who was dialled
     * @param reason why
     */
    record Unreachable(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * A peer told us of another (BEP 11).
     *
     * @param teller who told
     * @param news what
     */
    record Heard(InetSocketAddress teller, PeerEvent news) implements SwarmEvent {}

    /**
     * The metadata of a magnet link has come and is verified.
     *
     * @param torrent the torrent
     */
    record MetadataReceived(Torrent torrent) implements SwarmEvent {}

    /**
     * What was on disk has been verified.
     *
     * @param pieces pieces that are right
     * @param total pieces of the torrent
     */
    record Checked(int pieces, int total) implements SwarmEvent {}

    /**
     * A piece has come and is right.
     *
     * @param piece its index
     * @param pieces pieces we have now
     * @param total pieces of the torrent
     */
    record PieceDone(int piece, int pieces, int total) implements SwarmEvent {}

    /**
     * A piece has come and is wrong.
     *
     * @param piece its index
     * @param authors who sent its blocks
     */
    record PieceBad(int piece, List<InetSocketAddress> authors) implements SwarmEvent {}

    /**
     * A peer was dropped for what it did.
     *
     * @param peer who
     * @param reason what
     */
    record Dropped(InetSocketAddress peer, String reason) implements SwarmEvent {}

    /**
     * How far the download is; comes a few times a second.
     *
     * @param bytes bytes that are right on disk
     * @param total bytes of the torrent
     * @param rate bytes received per second
     * @param peers open wires
     */
    record Progress(long bytes, long total, long rate, int peers) implements SwarmEvent {}

    /**
     * Nothing on disk matches, and what is there is replaced.
     *
     * @param path a file that is there
     * @param total pieces of the torrent
     */
    record Overwriting(Path path, int total) implements SwarmEvent {}

    /**
     * Nothing has come for a while.
     *
     * @param time for how long
     * @param peers open wires
     */
    record Waiting(Duration time, int peers) implements SwarmEvent {}

    /**
     * The download is complete and verified.
     *
     * @param path the file or directory
     * @param bytes its length
     * @param time how long it took
     * @param perPeer bytes of blocks by who sent them, those of bad pieces included
     */
    record Completed(Path path, long bytes, Duration time, Map<InetSocketAddress, Long> perPeer)
            implements SwarmEvent {}
}
