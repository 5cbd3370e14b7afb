/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The options of commands that connect. */
final class ConnectOptions {
    private static final String ANY = "0.0.0.0";
    private static final int MAX_WIRES = 1_000_000;
    private static final Duration METADATA = Duration.ofSeconds(60);

    /** A seed that restarts is gone for less than the second time. */
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(2), null);

    @Option(
            names = "--peer",
            paramLabel = "HOST:PORT",
            description = "Dial this peer. May be repeated. With several torrents, it is dialled for each.")
    private List<InetSocketAddress> peers = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            converter = Values.Host.class,
            description = "Accept peers on this address, and dial from it (default: all addresses).")
    private String host = ANY;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Values.Port.class,
            description = "Accept peers on this port; 0 means any free port (default: 0, or no port if no source of"
                    + " peers tells others of it).")
    private @Nullable Integer port;

    @Option(
            names = "--max-peers",
            paramLabel = "N",
            converter = Values.Limit.class,
            description = "Maximum number of connections of each torrent (default: ${DEFAULT-VALUE}).")
    private int maxPeers = 50;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Fail after this time without any connected peer, such as 30s or 5m (default: 30s until the"
                    + " first peer, then 2m; seed: never). For metadata, also the limit for the whole command"
                    + " (default: 60s).")
    private @Nullable Duration timeout;

    @Option(
            names = "--encryption",
            paramLabel = "WORD",
            description =
                    "plaintext: never encrypt; allow: encrypt only with peers that refuse plaintext; prefer: plaintext"
                            + " only with peers that refuse encryption; require: always encrypt (default:"
                            + " ${DEFAULT-VALUE}). Hides the traffic from passive observers; is not secure.")
    private Encryption encryption = Encryption.ALLOW;

    @Mixin
    private DiscoveryOptions discovery = new DiscoveryOptions();

    @Option(
            names = {"-v", "--verbose"},
            description = "Print to stderr the first failed dial of each address, and of each connection its start,"
                    + " handshake, choke and interest, and end. Twice (-vv): also the messages received. Replaces the"
                    + " progress bar by lines.")
    private boolean[] verbose = {};

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private @Nullable WireTap tap;

    /** Returns true if the events of the wires are printed. */
    boolean isVerbose() {
        return verbose.length > 0;
    }

    /**
     * Checks that there is a way to peers.
     *
     * @throws Failure if the target, the options and the sources have no peer, and no port is given
     */
    void requirePeers(Target target, Network network) {
        MagnetLink link = target.link();
        if (network.sources().has(target)
                || !peers.isEmpty()
                || port != null
                || (link != null && !link.peers().isEmpty())) {
            return;
        }
        String has = !target.trackers().isEmpty()
                ? "only trackers, which --no-trackers forbids"
                : link == null ? "no tracker" : "only an info hash";
        throw new Failure("no peers: the " + (link == null ? "torrent" : "link") + " has " + has
                + "; give a peer with --peer HOST:PORT, or a DHT node with --dht HOST:PORT");
    }

    // ---- time ----

    /** Returns the patience of commands that fail without peers. */
    Patience patience() {
        return timeout == null ? PATIENCE : Patience.of(timeout);
    }

    /** Returns the time without a connected peer that the user allows, or null if the user has not said. */
    @Nullable
    Duration timeout() {
        return timeout;
    }

    /** Returns the limit for the whole command. */
    Duration deadline() {
        return timeout == null ? METADATA : timeout;
    }

    // ---- swarms ----

    /**
     * Returns the network of the swarms on subscription, with its port open. Close it at the end. Signals on a thread that
     * may block.
     *
     * @param needsPort true to open a port even if nothing tells others of it
     * @param targets the torrents of the swarms
     */
    Mono<Network> network(boolean needsPort, RateOptions rates, List<Target> targets) {
        return Mono.fromCallable(() -> new Sources(discovery, hostAddress(), targets))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(sources -> {
                    boolean listens = needsPort || targets.stream().anyMatch(sources::has);
                    return host(listens ? 0 : null, rates, targets.size()).map(host -> {
                        sources.open(host.address());
                        return new Network(host, sources);
                    });
                });
    }

    private @Nullable InetAddress hostAddress() throws UnknownHostException {
        return host.equals(ANY) ? null : InetAddress.getByName(host);
    }

    private Mono<SwarmHost> host(@Nullable Integer defaultPort, RateOptions rates, int swarms) {
        SwarmHost configured = SwarmHost.create()
                .encryption(encryption.policy())
                .maxWires((int) Math.min(MAX_WIRES, (long) maxPeers * swarms))
                .download(rates.down())
                .upload(rates.up());
        Integer listening = port == null ? defaultPort : port;
        if (listening != null) {
            return configured.listen(host, listening).bind().publishOn(Schedulers.boundedElastic());
        }
        return Mono.just(
                host.equals(ANY)
                        ? configured
                        : configured.client(
                                client -> client.tcp(tcp -> tcp.bindAddress(() -> new InetSocketAddress(host, 0)))));
    }

    /**
     * Returns a swarm of the network for a target, which dials the peers of both.
     *
     * @param events called on any thread with the failures of trackers
     */
    Swarm swarm(Target target, Network network, Patience patience, CliEvent.Listener events) {
        SwarmOptions options =
                SwarmOptions.builder().maxWires(maxPeers).patience(patience).build();
        if (target.torrent() == null) { // the data of a torrent may be complete
            requirePeers(target, network);
        }
        return target.swarm()
                .host(network.host())
                .options(options)
                .peers(peers)
                .sources(network.sources().webSeeds(target))
                .discover(network.sources().of(target, new TrackerFailures(events)))
                .handle(wire -> {
                    tap().opened(wire);
                    return Mono.empty();
                })
                .connect();
    }

    /** Prints what an event tells of a dial, if the user wants to know. */
    void watch(SwarmEvent event) {
        if (event instanceof SwarmEvent.Unreachable unreachable) {
            tap().failed(unreachable.peer(), unreachable.cause());
        } else if (event instanceof SwarmEvent.Ourselves ours) {
            tap().failed(ours.peer(), new Failure("it is this program itself"));
        }
    }

    private synchronized WireTap tap() {
        WireTap present = tap;
        if (present == null) {
            present = isVerbose()
                    ? new WireLog(
                            Objects.requireNonNull(command, "set by picocli")
                                    .commandLine()
                                    .getErr(),
                            verbose.length > 1,
                            Schedulers.single())
                    : WireTap.NONE;
            tap = present;
        }
        return present;
    }
}
