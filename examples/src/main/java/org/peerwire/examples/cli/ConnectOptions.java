/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.SwarmSettings;
import picocli.CommandLine.Option;

/** The options of commands that connect. */
final class ConnectOptions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--peer", paramLabel = "HOST:PORT", description = "Dial this peer; may be given several times.")
    private List<InetSocketAddress> peers = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            converter = Values.Host.class,
            description = "Accept peers on this address, and dial from it (default: any).")
    private String host = "0.0.0.0";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = Values.Port.class,
            description = "Accept peers on this port; 0 for any that is free (default: seed 0, others accept none).")
    private @Nullable Integer port;

    @Option(
            names = "--max-peers",
            paramLabel = "N",
            converter = Values.Limit.class,
            description = "Connections at most (default: ${DEFAULT-VALUE}).")
    private int maxPeers = 50;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Give up after this time without any peer, such as 30s or 5m (default: 30s; seed: never)."
                    + " For metadata also the time for all of it (default: 60s).")
    private @Nullable Duration timeout;

    @Option(
            names = "--encryption",
            paramLabel = "WORD",
            description =
                    "plaintext: none; allow: only with peers that refuse plain connections; prefer: plain only with"
                            + " peers that refuse encryption; require: always (default: ${DEFAULT-VALUE}). It hides what is"
                            + " spoken from those who merely look; it is no security.")
    private Encryption encryption = Encryption.ALLOW;

    /** For commands that give up without peers. */
    SwarmSettings forLeeching() {
        return settings(port, true, timeout == null ? PATIENCE : timeout);
    }

    /** How long a command may take that ends by itself. */
    Duration deadline() {
        return timeout == null ? PATIENCE.multipliedBy(2) : timeout;
    }

    /** For commands that always accept peers, and wait for them as long as it takes. */
    SwarmSettings forSeeding() {
        return settings(port == null ? Integer.valueOf(0) : port, false, timeout);
    }

    private SwarmSettings settings(@Nullable Integer listen, boolean discovering, @Nullable Duration patience) {
        return new SwarmSettings(
                host, listen, peers, discovering, maxPeers, patience, SwarmSettings.OPTIONS, encryption.policy());
    }
}
