/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.peerwire.discovery.Dht;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The nodes of the distributed hash table that a command can begin with, and the file that keeps them between commands. */
final class TableOfNodes {
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_NODES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Path file;
    private final List<InetSocketAddress> bootstrap;
    private final boolean isLocal;
    private final Optional<byte[]> saved;

    /**
     * Creates a table. Blocks to read the file.
     *
     * @param nodes the nodes of the user. With these, the file is not read: they may be of another network
     * @param targets the torrents and links, which may name nodes
     */
    TableOfNodes(Path file, List<InetSocketAddress> nodes, List<Target> targets) {
        this.file = file;
        this.bootstrap = Stream.concat(nodes.stream(), targets.stream().flatMap(target -> named(target).stream()))
                .distinct()
                .limit(MAX_NODES)
                .toList();
        this.isLocal = nodes.stream().anyMatch(TableOfNodes::isLocal);
        this.saved = nodes.isEmpty() ? read(file) : Optional.empty();
    }

    private static List<InetSocketAddress> named(Target target) {
        Torrent torrent = target.torrent();
        MagnetLink link = target.link();
        return torrent != null ? torrent.dhtNodes() : link != null ? link.dhtNodes() : List.of();
    }

    /** Returns true for a node of the local network. A user who names one permits the local nodes that it knows. */
    private static boolean isLocal(InetSocketAddress node) {
        InetAddress address = node.getAddress();
        if (address == null) {
            return false;
        }
        byte[] ip = address.getAddress();
        boolean isUniqueLocal = ip.length == 16 && (ip[0] & 0xfe) == 0xfc; // fc00::/7
        boolean isShared = ip.length == 4 && ip[0] == 100 && (ip[1] & 0xc0) == 64; // 100.64.0.0/10
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal
                || isShared;
    }

    /** Returns true if there is no node to begin with. */
    boolean isEmpty() {
        return bootstrap.isEmpty() && saved.isEmpty();
    }

    /**
     * Returns a node of our own, which starts with its first use.
     *
     * @param here the address on which the command accepts peers, whose port the node has as well, if there is one
     */
    Dht node(Optional<InetSocketAddress> here) {
        DhtOptions.Builder options = DhtOptions.builder().bootstrap(bootstrap).allowLocal(isLocal);
        here.filter(address -> !address.getAddress().isAnyLocalAddress()).ifPresent(options::listen);
        Dht dht = Dht.create(options.build());
        saved.ifPresent(bytes -> {
            try {
                dht.restore(bytes);
            } catch (IllegalArgumentException e) {
                // another program wrote it; it is written again at the end
            }
        });
        return dht;
    }

    /** Saves the nodes that our node knows, if there are any. Never fails. */
    Mono<Void> save(Dht dht) {
        return dht.stats()
                .filter(stats -> stats.nodes() > 0)
                .flatMap(stats -> dht.save())
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(this::write)
                .then()
                .timeout(PATIENCE, Mono.empty())
                .onErrorComplete();
    }

    // ---- the file ----

    /** Returns the file in the folder for data that may be deleted, as desktops of Linux have it. */
    static Path standardFile() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache != null && !cache.isBlank() ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("peerwire").resolve("dht");
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Files.size(file) > MAX_LENGTH ? Optional.empty() : Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            return Optional.empty(); // no file, or an unreadable one
        }
    }

    private void write(byte[] nodes) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "dht", ".new");
            Files.write(fresh, nodes);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // the next command asks the bootstrap nodes
        }
    }
}
