/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.Dht;
import org.peerwire.discovery.LocalPeers;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerOptions;
import org.peerwire.discovery.Trackers;
import org.peerwire.discovery.WebSeedOptions;
import org.peerwire.discovery.WebSeeds;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.RangeSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The sources of peers of a command. The swarms of all its torrents share them. */
final class Sources {
    private final DiscoveryOptions options;
    private final @Nullable InetAddress host;
    private final TableOfNodes nodes;
    private final @Nullable LocalPeers localPeers;
    private final List<Trackers> asked = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> leaving = Sinks.empty();
    private final Farewell farewell = new Farewell(Mono.defer(this::leave));
    private @Nullable Dht dht;

    /**
     * Creates the sources that the options allow. Blocks to read the known nodes.
     *
     * @param host the address of the user for all connections, or null for any
     */
    Sources(DiscoveryOptions options, @Nullable InetAddress host, List<Target> targets) {
        this.options = options;
        this.host = host;
        this.nodes = new TableOfNodes(options.table(), options.nodes(), targets);
        this.localPeers = options.hasLocalPeers() ? LocalPeers.create() : null;
    }

    private boolean hasDht() {
        return options.hasDht() && !nodes.isEmpty();
    }

    /** Returns the trackers of a torrent, or null if it has none that is asked. */
    private @Nullable Trackers trackers(Target target) {
        Trackers trackers = options.hasTrackers() ? target.usableTrackers() : null;
        return trackers == null || trackers.tiers().isEmpty()
                ? null
                : trackers.options(TrackerOptions.builder()
                        .allowLocal(options.allowsLocalTrackers())
                        .localAddress(host)
                        .build());
    }

    /** Returns true if a tracker of the torrent is asked. */
    boolean hasTracker(Target target) {
        return trackers(target) != null;
    }

    /** Returns true if something can tell peers of a torrent. */
    boolean has(Target target) {
        return localPeers != null || hasDht() || hasTracker(target);
    }

    /** Begins with the address on which the command accepts peers, if there is one. */
    void open(Optional<InetSocketAddress> here) {
        dht = hasDht() ? nodes.node(here) : null;
        farewell.begin();
    }

    /**
     * Returns the sources for a torrent.
     *
     * @param failures called with the failures of trackers, on any thread
     */
    Discovery[] of(Target target, Consumer<TrackerEvent.Failed> failures) {
        List<Discovery> all = new ArrayList<>();
        Trackers trackers = trackers(target);
        if (trackers != null) {
            asked.add(trackers);
            all.add(new WatchedTrackers(trackers, failures, leaving.asMono()));
        }
        if (dht != null) {
            all.add(dht);
        }
        if (localPeers != null) {
            all.add(localPeers);
        }
        return all.toArray(Discovery[]::new);
    }

    /** Returns the web seeds of a torrent. */
    List<RangeSource> webSeeds(Target target) {
        WebSeedOptions web = WebSeedOptions.builder()
                .allowLocal(options.allowsLocalTrackers())
                .build();
        return options.hasWebSeeds() ? WebSeeds.of(target.webSeeds(), web) : List.of();
    }

    /** Tells the trackers that we leave, and saves the known nodes. */
    private Mono<Void> leave() {
        leaving.tryEmitEmpty();
        Mono<Void> saved = dht == null ? Mono.empty() : nodes.save(dht);
        return Flux.fromIterable(asked).flatMap(Trackers::ended).then().and(saved);
    }

    /** Tells the trackers that we leave, saves the known nodes for the next time, and closes our node. Never fails. */
    Mono<Void> close() {
        return farewell.say().then(Mono.defer(() -> dht == null ? Mono.empty() : dht.close()));
    }
}
