/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for peers that nobody names with {@code --peer}. */
final class DiscoveryOptions {
    @Option(names = "--no-trackers", description = "Do not ask the trackers of the torrent or link.")
    private boolean noTrackers;

    @Option(
            names = "--local-trackers",
            description = "Allow trackers and web seeds in the local network. Whoever wrote the torrent or link then"
                    + " decides which machine of it is asked.")
    private boolean localTrackers;

    @Option(
            names = "--dht",
            paramLabel = "HOST:PORT",
            description = "Join the distributed hash table through this node. May be repeated. Without it, through the"
                    + " nodes of the torrent or link, and those of the last time; without any of them, not at all.")
    private List<InetSocketAddress> nodes = new ArrayList<>();

    @Option(
            names = "--dht-table",
            paramLabel = "FILE",
            description = "Keep the nodes for the next time in this file (default: ~/.cache/peerwire/dht, or below"
                    + " $$XDG_CACHE_HOME).")
    private Path table = TableOfNodes.standardFile();

    @Option(names = "--no-dht", description = "Do not join the distributed hash table.")
    private boolean noDht;

    @Option(names = "--no-web-seeds", description = "Do not read from the web seeds of the torrent or link.")
    private boolean noWebSeeds;

    @Option(names = "--no-local-peers", description = "Do not look for peers in the local network.")
    private boolean noLocalPeers;

    /** Returns true if the trackers of torrents and links are asked. */
    boolean hasTrackers() {
        return !noTrackers;
    }

    /** Returns true if the web seeds of torrents and links are read. */
    boolean hasWebSeeds() {
        return !noWebSeeds;
    }

    /** Returns true if trackers and web seeds may be in the local network. */
    boolean allowsLocalTrackers() {
        return localTrackers;
    }

    /** Returns true if the distributed hash table may be joined. */
    boolean hasDht() {
        return !noDht;
    }

    /** Returns the nodes of the user. */
    List<InetSocketAddress> nodes() {
        return nodes;
    }

    /** Returns the file with the nodes of the last time. */
    Path table() {
        return table;
    }

    /** Returns true if peers in the local network are used. */
    boolean hasLocalPeers() {
        return !noLocalPeers;
    }
}
