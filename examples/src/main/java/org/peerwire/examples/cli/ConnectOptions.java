/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.WireOptions;
import org.peerwire.examples.swarm.SwarmException;
import org.peerwire.examples.swarm.SwarmSettings;
import picocli.CommandLine.Option;

/** The options of commands that connect. */
final class ConnectOptions {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--peer", paramLabel = "HOST:PORT", description = "Dial this peer; may be given several times.")
    private List<InetSocketAddress> peers = new ArrayList<>();

    @Option(names = "--host", description = "Accept peers on this address (default: ${DEFAULT-VALUE}).")
    private String host = "0.0.0.0";

    @Option(names = "--port", description = "Accept peers on this port; 0 for any that is free.")
    private @Nullable Integer port;

    @Option(names = "--max-peers", paramLabel = "N", description = "Connections at most (default: ${DEFAULT-VALUE}).")
    private int maxPeers = 50;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Give up after this time without any peer, such as 30s or 5m (default: 30s).")
    private @Nullable Duration timeout;

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
        if (listen != null && (listen < 0 || listen > 65_535)) {
            throw new SwarmException("a port is 0 to 65535, not " + listen);
        }
        if (maxPeers < 1) {
            throw new SwarmException("--max-peers is 1 or more, not " + maxPeers);
        }
        return new SwarmSettings(host, listen, peers, discovering, maxPeers, patience, WireOptions.defaults());
    }
}
