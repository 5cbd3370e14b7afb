/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmStats;

/** A seed on a port of the loopback interface, of a folder with a short file and a long one of random bytes. */
final class SeedOfBytes implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(10);
    static final int PIECE = 64 * 1024;
    static final int SHORT = 10_000;

    final Torrent torrent;
    final Path metainfo;
    final byte[] content;
    private final SwarmHost host;
    private final Swarm swarm;

    SeedOfBytes(Path temp, int length, RateLimit upload) throws IOException {
        content = new byte[length];
        new Random(length).nextBytes(content);
        Path folder = Files.createDirectories(temp.resolve("seeded things"));
        Files.write(folder.resolve("a short one.txt"), new byte[SHORT]);
        Files.write(folder.resolve("video.bin"), content);
        torrent = Torrent.create(
                folder, TorrentOptions.builder().pieceLength(PIECE).build());
        metainfo = Files.write(temp.resolve("x.torrent"), torrent.encode());
        host = Objects.requireNonNull(
                SwarmHost.create().upload(upload).listen("127.0.0.1", 0).bind().block(SOON));
        swarm = Swarm.of(torrent).host(host).connect();
        swarm.seed(FileStore.existing(folder)).subscribe(null, error -> {});
    }

    InetSocketAddress address() {
        return host.address().orElseThrow();
    }

    String port() {
        return "" + address().getPort();
    }

    /** Returns the bytes of blocks that it has sent. */
    long sent() {
        return stats(swarm).sent();
    }

    /** Waits until it has sent nothing for half a second, and returns the bytes of blocks that it has sent. */
    long sentWhenQuiet() {
        long[] state = {System.nanoTime(), sent()};
        await(() -> {
            long now = sent();
            if (now != state[1]) {
                state[0] = System.nanoTime();
                state[1] = now;
            }
            return System.nanoTime() - state[0] > QUIET.toNanos();
        });
        return state[1];
    }

    static SwarmStats stats(Swarm swarm) {
        return Objects.requireNonNull(swarm.stats().block(SOON));
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("the condition must hold in " + SOON.toSeconds() + " s, did not");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        swarm.close().then(host.close()).block(SOON);
    }
}
