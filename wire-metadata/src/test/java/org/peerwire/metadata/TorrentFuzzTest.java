/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.BencodeValue;

/** Fuzz tests of torrent files. Bytes are a consistent torrent or fail with {@link TorrentException}. */
class TorrentFuzzTest {
    private static final Path FOLDER = Path.of("/downloads");

    static Stream<byte[]> seeds() {
        BencodeValue single = BencodeValue.dictionary(Infos.single());
        BencodeValue multi = BencodeValue.dictionary(
                Infos.multi(Infos.file(15_000, "a", "b"), Infos.file(0, "c"), Infos.file(5_000, "a", "d")));
        String file = "d0:d6:lengthi20000e11:pieces root32:" + "r".repeat(32) + "ee";
        String v2 = "d9:file treed6:folderd1:a" + file + "1:bd0:d6:lengthi0eeeee12:meta versioni2e4:name6:folder"
                + "12:piece lengthi16384ee";
        return Stream.of(
                torrent(single),
                torrent(multi),
                BencodeValue.dictionary(Map.of(
                                "info",
                                single,
                                "announce",
                                BencodeValue.of("http://a"),
                                "announce-list",
                                BencodeValue.list(List.of(BencodeValue.list(List.of(BencodeValue.of("http://b"))))),
                                "comment",
                                BencodeValue.of("c"),
                                "creation date",
                                BencodeValue.of(1)))
                        .encoded(),
                ("d4:info" + v2 + "e").getBytes(ISO_8859_1),
                "d4:infod6:lengthi9223372036854775807e4:name1:a12:piece lengthi1e6:pieces0:ee".getBytes(ISO_8859_1),
                "d4:infod6:lengthi0e4:name2:..12:piece lengthi1e6:pieces0:7:privatei1eee".getBytes(ISO_8859_1),
                ("d4:infod5:filesl" + entry("2:..1:a") + entry("1:a") + entry("1:A1:b") + entry("4:caf\u00e9")
                                + entry("4:caf\u00e8") + entry("300:" + "x".repeat(296) + ".mp3")
                                + entry("300:" + "x".repeat(296) + ".mp3") + entry("3:c:\0") + entry("i5e0:")
                                + "e4:name0:12:piece lengthi1e6:pieces0:ee\n")
                        .getBytes(ISO_8859_1));
    }

    private static String entry(String path) {
        return "d6:lengthi0e4:pathl" + path + "ee";
    }

    private static byte[] torrent(BencodeValue info) {
        return BencodeValue.dictionary(Map.of("info", info)).encoded();
    }

    @MethodSource("seeds")
    @FuzzTest
    void bytesAreATorrentOrATypedException(byte[] input) {
        Torrent torrent;
        try {
            torrent = Torrent.parse(input);
        } catch (TorrentException refused) {
            assertThat(refused).isExactlyInstanceOf(TorrentException.class);
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        byte[] encoded = torrent.encode();
        assertThat(encoded).isEqualTo(Arrays.copyOf(input, encoded.length));
        assertThat(torrent.hashes().matches(torrent.info())).isTrue();
        assertThat(Torrent.fromInfo(torrent.info()).hashes()).isEqualTo(torrent.hashes());
        assertThat(torrent).hasToString(torrent.name() + " " + torrent.hashes());
        assertThat(torrent.comment()).isNotNull();
        assertThat(torrent.creationDate()).isNotNull();
        assertThat(torrent.source()).isNotNull();
        assertThat(torrent.createdBy()).isNotNull();
        assertThat(torrent.webSeeds()).doesNotContain("");
        assertShape(torrent);
        assertFiles(torrent);
        assertTrackers(torrent);
    }

    private static void assertShape(Torrent torrent) {
        TorrentShape shape = torrent.shape();
        assertThat(shape.length()).isEqualTo(torrent.length()).isNotNegative();
        assertThat(shape.pieceCount()).isEqualTo(torrent.pieceCount()).isNotNegative();
        assertThat(shape.isPrivate()).isEqualTo(torrent.isPrivate());
        if (torrent.pieceCount() > 0) {
            int last = torrent.pieceCount() - 1;
            assertThat(shape.pieceLength(last)).isBetween(1, torrent.pieceLength());
            assertThat((long) last * torrent.pieceLength() + shape.pieceLength(last))
                    .isEqualTo(torrent.length());
        }
        if (torrent.hasPieceHashes()) {
            for (int piece = 0; piece < torrent.pieceCount(); piece++) {
                assertThat(torrent.pieceHash(piece)).hasSize(20);
            }
        }
    }

    /** Checks that files are in order, without overlaps and inside the torrent. */
    private static void assertFiles(Torrent torrent) {
        long end = 0;
        assertThat(torrent.files()).isNotEmpty();
        for (TorrentFile file : torrent.files()) {
            assertThat(file.length()).isNotNegative();
            assertThat(file.offset()).isGreaterThanOrEqualTo(end);
            end = file.offset() + file.length();
        }
        assertThat(end).isEqualTo(torrent.length());
        assertThat(torrent.contentLength()).isBetween(0L, torrent.length());
        for (PathRules rules : PathRules.values()) {
            assertPaths(torrent.files(rules), rules);
            assertThat(Torrent.fromInfo(torrent.info()).files(rules))
                    .as("the same on every run")
                    .isEqualTo(torrent.files(rules));
        }
    }

    /** Checks that every path is inside the folder, and that no stored file is at the place of another or a folder. */
    private static void assertPaths(List<TorrentFile> files, PathRules rules) {
        Set<List<String>> folders = new HashSet<>();
        Set<List<String>> places = new HashSet<>();
        for (TorrentFile file : files) {
            Path place = file.under(FOLDER);
            assertThat(place.normalize()).isEqualTo(place);
            assertThat(place.getParent().startsWith(FOLDER)).isTrue();
            assertThat(place.getNameCount())
                    .isEqualTo(FOLDER.getNameCount() + file.path().size());
            file.path().forEach(name -> assertPlain(name, rules));
            List<String> key = file.path().stream().map(rules::key).toList();
            if (!file.padding()) {
                assertThat(places.add(key)).as(key::toString).isTrue();
                for (int depth = 1; depth < key.size(); depth++) {
                    folders.add(key.subList(0, depth));
                }
            }
        }
        assertThat(places).noneMatch(folders::contains);
    }

    private static void assertPlain(String name, PathRules rules) {
        assertThat(name).isNotEmpty().isNotIn(".", "..").doesNotContain("/", "\\");
        assertThat(name.codePoints()).noneMatch(c -> Character.isISOControl(c) || (c >= 0x202a && c <= 0x202e));
        assertThat(name.getBytes(UTF_8).length).isLessThanOrEqualTo(SafeName.MAX_BYTES);
        assertThat(new String(name.getBytes(UTF_8), UTF_8)).isEqualTo(name);
        if (rules == PathRules.WINDOWS) {
            assertThat(name)
                    .doesNotContain(":", "?", "*", "\"")
                    .doesNotEndWith(".")
                    .doesNotEndWith(" ");
        }
    }

    private static void assertTrackers(Torrent torrent) {
        List<List<String>> trackers = torrent.trackers();
        assertThat(trackers).allMatch(tier -> !tier.isEmpty());
        Torrent again = Torrent.parse(torrent.withTrackers(trackers).encode());
        assertThat(again.trackers()).isEqualTo(trackers);
        assertThat(again.hashes()).isEqualTo(torrent.hashes());
        assertThat(Torrent.parse(torrent.withTrackers(List.of()).encode()).trackers())
                .isEmpty();
        MagnetLink link = torrent.magnet();
        assertThat(link.hashes()).isEqualTo(torrent.hashes());
        assertThat(link.toString()).startsWith("magnet:?xt=");
    }
}
