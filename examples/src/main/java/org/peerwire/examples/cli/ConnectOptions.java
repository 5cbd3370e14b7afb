/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.Patience;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.examples.swarm.SwarmSettings;
import org.peerwire.examples.swarm.WireTap;
import org.peerwire.metadata.MagnetLink;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Schedulers;

/** The options of commands that connect. */
final class ConnectOptions {
    private static final Duration METADATA = Duration.ofSeconds(60);

    @Option(names = "--peer", paramLabel = "HOST:PORT", description = "Dial this peer. May be repeated.")
    private List<InetSocketAddress> peers = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            converter = Values.Host.class,
            description = "Accept peers on this address, and dial from it (default: all addresses).")
    private String host = "0.0.0.0";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Values.Port.class,
            description = "Accept peers on this port; 0 means any free port (default: 0 for seed, else no port).")
    private @Nullable Integer port;

    @Option(
            names = "--max-peers",
            paramLabel = "N",
            converter = Values.Limit.class,
            description = "Maximum number of connections (default: ${DEFAULT-VALUE}).")
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
            description = "Print to stderr each failed dial, and of each connection its start, handshake, choke and"
                    + " interest, and end. Twice (-vv): also the messages received. Replaces the progress bar by"
                    + " lines.")
    private boolean[] verbose = {};

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** Returns true if the events of the wires are printed. */
    boolean isVerbose() {
        return verbose.length > 0;
    }

    /** Returns the settings of commands that fail without peers. */
    SwarmSettings forLeeching() {
        return settings(port, true, timeout == null ? Patience.DEFAULT : Patience.of(timeout));
    }

    /**
     * Fails if nothing gives a peer for a magnet link. Other texts pass.
     *
     * @throws SwarmException if the link and the options have no peer, and no port accepts one
     */
    void requirePeers(String target) {
        if (!Values.isMagnet(target) || !peers.isEmpty() || port != null) {
            return;
        }
        MagnetLink link = Values.magnet(target);
        if (link.peers().isEmpty()) {
            String has = !link.trackers().isEmpty()
                    ? "the link has only trackers"
                    : !link.dhtNodes().isEmpty() ? "the link has only DHT nodes" : "the link has only an info hash";
            throw new SwarmException("no peers: " + has
                    + ", and trackers and DHT are not supported yet; give a peer with --peer HOST:PORT");
        }
    }

    /** Returns the limit for the whole command. */
    Duration deadline() {
        return timeout == null ? METADATA : timeout;
    }

    /** Returns the settings of commands that accept peers and wait for them without a limit. */
    SwarmSettings forSeeding() {
        return settings(port == null ? Integer.valueOf(0) : port, false, Patience.of(timeout));
    }

    private SwarmSettings settings(@Nullable Integer listen, boolean discovering, Patience patience) {
        return new SwarmSettings(
                host,
                listen,
                peers,
                discovering,
                maxPeers,
                patience,
                SwarmSettings.OPTIONS,
                encryption.policy(),
                false,
                tap());
    }

    private WireTap tap() {
        return isVerbose()
                ? new WireLog(
                        Objects.requireNonNull(command, "set by picocli")
                                .commandLine()
                                .getErr(),
                        verbose.length > 1,
                        Schedulers.single())
                : WireTap.NONE;
    }
}
