/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An event of an announcement to trackers. */
public sealed interface TrackerEvent {

    /** Returns the URL of the tracker. */
    URI tracker();

    /**
     * A tracker has answered an announce, over IPv4 or over IPv6.
     *
     * @param tracker the URL of the tracker
     * @param interval the time to the next announce, without the jitter of up to 10 %
     * @param seeders the number of peers that have everything, if the tracker tells it
     * @param leechers the number of peers that lack something, if the tracker tells it
     * @param peers the peers, at most 2,000
     * @param warning a message for people
     * @param externalAddress our address, as the tracker sees it (BEP 24)
     */
    record Announced(
            URI tracker,
            Duration interval,
            OptionalLong seeders,
            OptionalLong leechers,
            List<InetSocketAddress> peers,
            Optional<String> warning,
            Optional<InetAddress> externalAddress)
            implements TrackerEvent {

        /** Copies the list. */
        public Announced {
            peers = List.copyOf(peers);
        }
    }

    /**
     * An announce has failed.
     *
     * @param tracker the URL of the tracker
     * @param failure the cause
     * @param retryIn the time after which the tracker may be asked again; empty for never
     */
    record Failed(URI tracker, TrackerException failure, Optional<Duration> retryIn) implements TrackerEvent {}
}
