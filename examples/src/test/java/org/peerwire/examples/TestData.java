/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

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

/** Files and torrents for tests. */
public final class TestData {
    /** The piece length of the torrents, in bytes. */
    public static final int PIECE_LENGTH = 32 * 1024;

    private static final Duration SOON = Duration.ofSeconds(15);

    private TestData() {}

    /** Writes a file of random bytes, which depend only on the length. */
    public static Path file(Path path, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    /** Writes a folder with files that start and end inside pieces, one long file and one empty file. */
    public static Path folder(Path folder) throws IOException {
        file(folder.resolve("a.bin"), 10_000);
        file(folder.resolve("b").resolve("long.bin"), 200_000);
        file(folder.resolve("b").resolve("none.bin"), 0);
        file(folder.resolve("c.bin"), 1);
        file(folder.resolve("d.bin"), 50_001);
        return folder;
    }

    /** Returns the torrent of a file or folder. */
    public static Torrent torrent(Path source) throws IOException {
        return Torrent.create(
                source, TorrentOptions.builder().pieceLength(PIECE_LENGTH).build());
    }

    /** Returns an address on the loopback interface. */
    public static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Waits for the value. */
    public static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(SOON), "the publisher must emit a value, was empty");
    }
}
