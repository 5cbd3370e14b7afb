/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmEvent;

/** An event that a command reports: one of a swarm, or one that the command finds out itself. */
sealed interface CliEvent {

    /** A receiver of events. Called on any thread, one call at a time for one torrent, and must not block. */
    @FunctionalInterface
    interface Listener {
        /** Receives one event. */
        void on(CliEvent event);
    }

    /**
     * An event of a swarm.
     *
     * @param event the event
     */
    record OfSwarm(SwarmEvent event) implements CliEvent {}

    /**
     * We listen for peers.
     *
     * @param address the address we listen on
     */
    record Listening(InetSocketAddress address) implements CliEvent {}

    /**
     * An existing file matches no piece and is overwritten.
     *
     * @param path the existing file
     * @param total the number of pieces of the torrent
     */
    record Overwriting(Path path, int total) implements CliEvent {}

    /**
     * The progress of the download, four times a second.
     *
     * @param bytes the number of wanted bytes that are verified, without padding
     * @param total the number of wanted bytes, without padding
     * @param rate the number of bytes received per second
     * @param peers the number of open wires
     */
    record Progress(long bytes, long total, long rate, int peers) implements CliEvent {}

    /**
     * No data has arrived for a while.
     *
     * @param time the time without data
     * @param peers the number of open wires
     */
    record Waiting(Duration time, int peers) implements CliEvent {}

    /**
     * The download is complete and verified.
     *
     * @param path the file or folder
     * @param bytes the length of all wanted files in bytes, without padding
     * @param time the duration of the download
     * @param perPeer the number of bytes that each peer sent, those of bad pieces included
     */
    record Completed(Path path, long bytes, Duration time, Map<InetSocketAddress, Long> perPeer) implements CliEvent {

        /** Copies the map. */
        public Completed {
            perPeer = Map.copyOf(perPeer);
        }
    }

    /**
     * The download is complete, and its files are served further.
     *
     * @param ratio the ratio at which that ends, or null for no limit
     * @param time the time after which that ends, or null for no limit
     */
    record Seeding(@Nullable Double ratio, @Nullable Duration time) implements CliEvent {}

    /**
     * The files are not served any more.
     *
     * @param sent the number of bytes sent to peers, those during the download included
     * @param ratio the number of bytes sent for each byte received
     */
    record Seeded(long sent, double ratio) implements CliEvent {}

    /**
     * The download has failed. The downloads of other torrents go on.
     *
     * @param reason the reason, for people
     */
    record Failed(String reason) implements CliEvent {}

    /**
     * A source told us an address for the first time.
     *
     * @param source the source
     * @param peer the address
     */
    record Found(PeerSource source, InetSocketAddress peer) implements CliEvent {}

    /**
     * A tracker has refused an announce, or could not be asked. Reported once until its reason changes.
     *
     * @param tracker its URL
     * @param reason the reason, for people
     */
    record TrackerFailed(URI tracker, String reason) implements CliEvent {}
}
