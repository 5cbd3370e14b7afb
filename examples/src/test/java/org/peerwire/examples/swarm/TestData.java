/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import reactor.core.publisher.Mono;

/** Files and torrents to test with. */
public final class TestData {
    /** Bytes in the pieces of the torrents. */
    public static final int PIECE_LENGTH = 32 * 1024;

    private static final Duration SOON = Duration.ofSeconds(15);

    private TestData() {}

    /** A file of random bytes, the same for the same length. */
    public static Path file(Path path, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    /** A folder with files that begin and end inside pieces, one over many, one empty. */
    public static Path folder(Path folder) throws IOException {
        file(folder.resolve("a.bin"), 10_000);
        file(folder.resolve("b").resolve("long.bin"), 200_000);
        file(folder.resolve("b").resolve("none.bin"), 0);
        file(folder.resolve("c.bin"), 1);
        file(folder.resolve("d.bin"), 50_001);
        return folder;
    }

    /** A torrent of it. */
    public static Torrent torrent(Path source) throws IOException {
        return Torrent.create(
                source, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build());
    }

    /** An address on loopback. */
    public static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The value, waited for. */
    public static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(SOON), "there was no value");
    }
}
