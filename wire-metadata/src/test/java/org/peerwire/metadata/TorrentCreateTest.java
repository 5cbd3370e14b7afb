/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.bencode.Bencode;

class TorrentCreateTest {
    @TempDir
    Path folder;

    @Test
    void hashesAFile() throws IOException {
        byte[] data = random(300_001);
        Path file = Files.write(folder.resolve("data.bin"), data);
        Torrent torrent = Torrent.create(
                file, TorrentOptions.builder().pieceLength(32 * 1024).build());
        assertThat(torrent.files()).containsExactly(new TorrentFile(List.of("data.bin"), 300_001, 0, false));
        assertThat(torrent.pieceCount()).isEqualTo(10);
        assertPiecesFit(torrent, data);
        assertThat(Torrent.parse(torrent.encode())).isEqualTo(torrent);
        assertCanonical(torrent);
    }

    @Test
    void hashesAFolderAcrossFileBoundariesInTheOrderOfThePaths() throws IOException {
        byte[] data = random(100_000);
        Path source = Files.createDirectories(folder.resolve("name"));
        Files.createDirectories(source.resolve("a"));
        Files.createDirectories(source.resolve("empty folder"));
        write(source.resolve("b"), data, 60_000, 100_000);
        write(source.resolve("a").resolve("z"), data, 10, 59_999);
        write(source.resolve("a-first? no"), data, 59_999, 60_000);
        write(source.resolve("B"), data, 0, 10);
        write(source.resolve("zero"), data, 0, 0);
        Torrent torrent = Torrent.create(source, TorrentOptions.defaults());
        assertThat(torrent.files())
                .extracting(TorrentFile::toString)
                .containsExactly("name/B", "name/a/z", "name/a-first? no", "name/b", "name/zero");
        assertThat(torrent.pieceLength()).isEqualTo(16 * 1024);
        assertPiecesFit(torrent, data);
        assertThat(Torrent.create(source, TorrentOptions.defaults()).encode()).isEqualTo(torrent.encode());
        assertCanonical(torrent);
    }

    @Test
    void hashesDataThatEndsWithAPiece() throws IOException {
        byte[] data = random(32 * 1024);
        Torrent torrent = Torrent.create(Files.write(folder.resolve("d"), data), TorrentOptions.defaults());
        assertThat(torrent.pieceCount()).isEqualTo(2);
        assertPiecesFit(torrent, data);
    }

    @Test
    void aFolderOfOneFileStaysAFolder() throws IOException {
        Path source = Files.createDirectories(folder.resolve("name"));
        Files.write(source.resolve("name"), random(10));
        assertThat(Torrent.create(source, TorrentOptions.defaults()).files().get(0))
                .hasToString("name/name");
    }

    @Test
    void doesNotFollowLinks() throws IOException {
        Path source = Files.createDirectories(folder.resolve("name"));
        Files.write(source.resolve("a"), random(10));
        Files.createSymbolicLink(source.resolve("link"), Files.write(folder.resolve("secret"), random(10)));
        assertThat(Torrent.create(source, TorrentOptions.defaults()).files()).hasSize(1);
    }

    @Test
    void storesTheOptions() throws IOException {
        Path file = Files.write(folder.resolve("d"), random(10));
        Instant date = Instant.parse("2026-01-02T03:04:05.999Z");
        Torrent torrent = Torrent.create(
                file,
                TorrentOptions.builder()
                        .isPrivate(true)
                        .trackers(List.of(List.of("http://a"), List.of("http://b")))
                        .comment("hi")
                        .creationDate(date)
                        .build());
        assertThat(torrent.isPrivate()).isTrue();
        assertThat(torrent.trackers()).containsExactly(List.of("http://a"), List.of("http://b"));
        assertThat(torrent.comment()).contains("hi");
        assertThat(torrent.creationDate()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertCanonical(torrent);
    }

    @Test
    void refusesEmptyDataAndUnusableNames() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> Torrent.create(empty, TorrentOptions.defaults()))
                .isInstanceOf(TorrentException.class)
                .hasMessageContaining("no data");
        Path root = folder.getRoot();
        assertThatThrownBy(() -> Torrent.create(root, TorrentOptions.defaults()))
                .hasMessageContaining("no name");
        assertThatThrownBy(() -> Torrent.create(folder.resolve("none"), TorrentOptions.defaults()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aFolderThatCannotBeReadIsAnIoException() throws IOException {
        // nested folders, moved into each other until the path is too long for the system
        Path source = Files.createDirectories(folder.resolve("name"));
        Path outer = Files.createDirectories(deep(source.resolve("outer")));
        Path inner = folder.resolve("inner");
        Files.createDirectories(deep(inner));
        Path moved = Files.move(inner, outer.resolve("inner"));
        try {
            assertThatThrownBy(() -> Torrent.create(source, TorrentOptions.defaults()))
                    .isInstanceOf(IOException.class);
        } finally {
            Files.move(moved, inner);
        }
    }

    private static Path deep(Path path) {
        Path deep = path;
        for (int i = 0; i < 12; i++) {
            deep = deep.resolve("x".repeat(200));
        }
        return deep;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 16384",
        "32768000, 16384",
        "32768001, 32768",
        "65536000, 32768",
        "1073741824, 1048576",
        "33554432000, 16777216",
        "9223372036854775807, 16777216",
    })
    void choosesAPieceLengthForOneToTwoThousandPieces(long length, int pieceLength) {
        assertThat(TorrentOptions.defaults().pieceLengthFor(length)).isEqualTo(pieceLength);
    }

    /** Checks that the bytes are canonical, because other programs hash them. */
    private static void assertCanonical(Torrent torrent) {
        byte[] encoded = torrent.encode();
        assertThat(Bencode.decodeStrict(encoded, InfoDictionary.LIMITS).encoded())
                .isEqualTo(encoded);
        assertThat(Bencode.decodeStrict(torrent.info(), InfoDictionary.LIMITS).encoded())
                .isEqualTo(torrent.info());
    }

    private static void assertPiecesFit(Torrent torrent, byte[] data) {
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            int from = piece * torrent.pieceLength();
            int length = Math.min(torrent.pieceLength(), data.length - from);
            assertThat(torrent.verify(piece, ByteBuffer.wrap(data, from, length)))
                    .isTrue();
        }
    }

    private static void write(Path path, byte[] data, int from, int to) throws IOException {
        Files.write(path, Arrays.copyOfRange(data, from, to));
    }

    private static byte[] random(int length) {
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }
}
