/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.peerwire.discovery.internal.tracker.Announcer;
import org.peerwire.discovery.internal.tracker.Endpoint;
import org.peerwire.discovery.internal.tracker.Pace;
import org.peerwire.discovery.internal.tracker.Running;
import org.peerwire.discovery.internal.tracker.TrackerSettings;
import org.peerwire.discovery.internal.tracker.Watchers;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The trackers of a torrent in tiers (BEP 12), as a source of peers. Thread-safe.
 *
 * <pre>{@code
 * Swarm swarm = Swarm.of(torrent).discover(Trackers.of(torrent)).connect();
 * }</pre>
 *
 * <p>Each tier is shuffled at the subscription. The trackers are asked in order until one answers, which becomes the
 * first of its tier. A dead tracker does not hold up the others: see {@link TrackerOptions#patience()}.
 */
public final class Trackers implements Discovery {
    private static final int MAX_TRACKERS = 256;

    private final List<List<URI>> tiers;
    private final TrackerOptions options;
    private final boolean isStrangers;
    private final Watchers<TrackerEvent> watchers;
    private final Running running = new Running();

    private Trackers(
            List<List<URI>> tiers, TrackerOptions options, boolean isStrangers, Watchers<TrackerEvent> watchers) {
        this.tiers = tiers;
        this.options = options;
        this.isStrangers = isStrangers;
        this.watchers = watchers;
    }

    /**
     * Returns the trackers of URLs that the user has chosen. A repeated one is used once.
     *
     * @throws TrackerException UNSUPPORTED for a URL as in {@link Tracker#of(URI)}
     */
    public static Trackers of(List<List<URI>> tiers) {
        tiers.forEach(tier -> tier.forEach(Endpoint::checked));
        return create(tiers, false);
    }

    /**
     * Returns the trackers of a torrent file. Skips malformed and unsupported URLs, and all beyond 256: {@link #tiers()} has
     * those that are used.
     */
    public static Trackers of(Torrent torrent) {
        return ofStranger(torrent.trackers());
    }

    /** Returns the trackers of a magnet link. Skips URLs as {@link #of(Torrent)}. */
    public static Trackers of(MagnetLink link) {
        return ofStranger(link.trackers());
    }

    private static Trackers ofStranger(List<List<String>> tiers) {
        return create(
                tiers.stream()
                        .map(tier -> tier.stream()
                                .flatMap(url -> usable(url).stream())
                                .toList())
                        .toList(),
                true);
    }

    private static Trackers create(List<List<URI>> tiers, boolean isStrangers) {
        Set<URI> known = new HashSet<>();
        List<List<URI>> used = new ArrayList<>();
        for (List<URI> tier : tiers) {
            List<URI> added = new ArrayList<>();
            for (URI uri : tier) {
                if (known.size() < MAX_TRACKERS && known.add(uri)) {
                    added.add(uri);
                }
            }
            if (!added.isEmpty()) {
                used.add(List.copyOf(added));
            }
        }
        return new Trackers(List.copyOf(used), TrackerOptions.defaults(), isStrangers, new Watchers<>());
    }

    private static Optional<URI> usable(String url) {
        try {
            URI uri = new URI(url);
            Endpoint.checked(uri);
            return Optional.of(uri);
        } catch (URISyntaxException | TrackerException | IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    /** Returns these trackers with other options. The events of both are separate. */
    public Trackers options(TrackerOptions newOptions) {
        return new Trackers(tiers, newOptions, isStrangers, new Watchers<>());
    }

    /** Returns the URLs in tiers, as given. */
    public List<List<URI>> tiers() {
        return tiers;
    }

    @Override
    public PeerSource source() {
        return PeerSource.TRACKER;
    }

    /** Announces as {@link #announce(Swarm)}, and returns the peers of all answers. A peer may be emitted again. */
    @Override
    public Flux<PeerEvent> peers(Swarm swarm) {
        return peers(announce(swarm));
    }

    /** Announces as {@link #announce(Announce)}, and returns the peers of all answers. A peer may be emitted again. */
    public Flux<PeerEvent> peers(Announce announce) {
        return peers(announce(announce));
    }

    private static Flux<PeerEvent> peers(Flux<TrackerEvent> events) {
        return events.ofType(TrackerEvent.Announced.class)
                .concatMapIterable(TrackerEvent.Announced::peers)
                .map(PeerEvent.Added::new);
    }

    /**
     * Announces a swarm as {@link #announce(Announce)}, under each of its info hashes: that of version 2 truncated (BEP
     * 52), and the second one of a hybrid that is begun with a magnet link as soon as its metadata is known. Starts the
     * swarm.
     */
    public Flux<TrackerEvent> announce(Swarm swarm) {
        return SwarmHashes.of(swarm).flatMap(hash -> announce(Announce.of(swarm, hash)));
    }

    /**
     * Announces on subscription, again at the interval of the tracker and at the completion, and tells each tracker that
     * knows us of the end: at a cancellation, within two seconds, without waiting for the answer.
     *
     * <p>Both families of addresses are announced (BEP 7). The interval is the tracker's, at least
     * {@link TrackerOptions#minInterval()} and at most 24 hours, 30 minutes if it tells none, plus up to 10 %. After
     * failures a tracker is asked again after 5 s, which doubles up to 30 minutes, or after the time that it tells
     * (BEP 31).
     *
     * @return the events, on a thread of {@link TrackerOptions#scheduler()}. A subscriber that is slower loses the
     *     oldest beyond 256. Completes if no tracker is left that may be asked again; never fails, unless the scheduler
     *     is disposed
     */
    public Flux<TrackerEvent> announce(Announce announce) {
        return Flux.defer(() -> {
                    TrackerSettings settings = options.settings(isStrangers);
                    List<List<Endpoint>> endpoints = tiers.stream()
                            .map(tier -> tier.stream()
                                    .map(uri -> Endpoint.of(uri, settings))
                                    .toList())
                            .toList();
                    Pace pace = new Pace(options.patience(), options.minInterval(), options.everyTier());
                    return Announcer.start(
                            endpoints, announce, pace, settings.scheduler(), new Random(), running.begun());
                })
                .doOnNext(watchers::emit);
    }

    /**
     * Returns the events of all announcements of these trackers, those of swarms included, from the subscription on. A
     * subscriber that is slower loses the oldest beyond 256. Does not announce, and does not complete.
     */
    public Flux<TrackerEvent> events() {
        return watchers.flux();
    }

    /**
     * Waits for the announcements that are under way at the subscription. A program that ends cancels them, and then
     * waits here, so that the trackers are told.
     *
     * @return completes on any thread when each of these announcements has ended: after its cancellation, when the
     *     trackers that know us have answered or two seconds are over. Never fails
     */
    public Mono<Void> ended() {
        return running.ended();
    }
}
