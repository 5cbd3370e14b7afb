/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
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
            description = "Accept peers on this port; 0 means any free port (default: 0 for seed and download --seed,"
                    + " else no port).")
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
     * Fails if nothing gives a peer for a magnet link. Torrents pass: a complete download needs no peer.
     *
     * @throws Failure if the link and the options have no peer, and no port accepts one
     */
    void requirePeers(Target target) {
        MagnetLink link = target.link();
        if (link == null || hasPeers() || !link.peers().isEmpty()) {
            return;
        }
        String has = !link.trackers().isEmpty()
                ? "the link has only trackers"
                : !link.dhtNodes().isEmpty() ? "the link has only DHT nodes" : "the link has only an info hash";
        throw new Failure(
                "no peers: " + has + ", and trackers and DHT are not supported yet; give a peer with --peer HOST:PORT");
    }

    /** Returns true if a peer or a port is given. */
    boolean hasPeers() {
        return !peers.isEmpty() || port != null;
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
     * Returns the host of the swarms on subscription, with its port open if there is one. Close it at the end. Signals on
     * a thread that may block.
     *
     * @param defaultPort the port without {@code --port}, or null for none
     * @param swarms the number of swarms
     */
    Mono<SwarmHost> host(@Nullable Integer defaultPort, RateOptions rates, int swarms) {
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

    /** Returns a swarm of the host for a target, which dials the peers of both. */
    Swarm swarm(Target target, SwarmHost of, Patience patience) {
        SwarmOptions options =
                SwarmOptions.builder().maxWires(maxPeers).patience(patience).build();
        return target.swarm()
                .host(of)
                .options(options)
                .peers(peers)
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
