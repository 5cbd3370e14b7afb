/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.metadata.Infos.encode;
import static org.peerwire.metadata.Infos.file;
import static org.peerwire.metadata.Infos.multi;
import static org.peerwire.metadata.Infos.single;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.BencodeValue;

/** Tests of valid and malformed torrents. {@link TorrentPathTest} tests unusual names, and {@link TorrentWorldTest} unusual content. */
class TorrentTest {

    // ---- version 1 ----

    @Test
    void readsASingleFile() {
        byte[] info = encode(single());
        Torrent torrent = Torrent.fromInfo(info);
        assertThat(torrent.name()).isEqualTo("file.bin");
        assertThat(torrent.files()).containsExactly(new TorrentFile(List.of("file.bin"), 20_000, 0, false));
        assertThat(torrent.length()).isEqualTo(20_000);
        assertThat(torrent.pieceLength()).isEqualTo(16_384);
        assertThat(torrent.pieceCount()).isEqualTo(2);
        assertThat(torrent.shape()).isEqualTo(TorrentShape.of(20_000, 16_384));
        assertThat(torrent.isPrivate()).isFalse();
        assertThat(torrent.info()).isEqualTo(info);
        assertThat(torrent.hashes()).isEqualTo(InfoHashes.of(InfoHashes.sha1(info)));
        assertThat(torrent.hashes().matches(info)).isTrue();
        assertThat(torrent.trackers()).isEmpty();
        assertThat(torrent.comment()).isEmpty();
        assertThat(torrent.creationDate()).isEmpty();
        assertThat(torrent.magnet()).hasToString("magnet:?xt=urn:btih:" + InfoHashes.sha1(info) + "&dn=file.bin");
    }

    @Test
    void readsAFolderWithPaddingFiles() {
        BencodeValue padding = BencodeValue.dictionary(Map.of(
                "attr",
                BencodeValue.of("p"),
                "length",
                BencodeValue.of(9_000),
                "path",
                BencodeValue.list(List.of(BencodeValue.of(".pad"), BencodeValue.of("9000")))));
        Torrent torrent = Torrent.fromInfo(
                encode(multi(file(1_000, "a", "b.txt"), padding, file(0, "empty"), file(10_000, "c"))));
        assertThat(torrent.files())
                .containsExactly(
                        new TorrentFile(List.of("folder", "a", "b.txt"), 1_000, 0, false),
                        new TorrentFile(List.of("folder", ".pad", "9000"), 9_000, 1_000, true),
                        new TorrentFile(List.of("folder", "empty"), 0, 10_000, false),
                        new TorrentFile(List.of("folder", "c"), 10_000, 10_000, false));
        assertThat(torrent.length()).isEqualTo(20_000);
        assertThat(torrent.files().get(0)).hasToString("folder/a/b.txt");
        assertThat(torrent.files().get(0).under(Path.of("down"))).isEqualTo(Path.of("down", "folder", "a", "b.txt"));
    }

    @Test
    void prefersTheUtf8NamesOfOldTorrents() {
        Map<String, BencodeValue> info = single();
        info.put("name", BencodeValue.of(new byte[] {(byte) 0xe9}));
        assertThat(Torrent.fromInfo(encode(info)).name()).isEqualTo("_");
        info.put("name.utf-8", BencodeValue.of("é"));
        assertThat(Torrent.fromInfo(encode(info)).name()).isEqualTo("é");
    }

    @Test
    void verifiesPieces() {
        byte[] data = new byte[20_000];
        Arrays.fill(data, (byte) 7);
        Map<String, BencodeValue> info = single();
        byte[] hashes = new byte[40];
        System.arraycopy(InfoHashes.sha1(Arrays.copyOf(data, 16_384)).bytes(), 0, hashes, 0, 20);
        System.arraycopy(InfoHashes.sha1(Arrays.copyOf(data, 20_000 - 16_384)).bytes(), 0, hashes, 20, 20);
        info.put("pieces", BencodeValue.of(hashes));
        Torrent torrent = Torrent.fromInfo(encode(info));

        ByteBuffer first = ByteBuffer.wrap(data, 0, 16_384);
        assertThat(torrent.verify(0, first)).isTrue();
        assertThat(first.position()).isZero();
        assertThat(torrent.verify(1, ByteBuffer.wrap(data, 16_384, 20_000 - 16_384)))
                .isTrue();
        assertThat(torrent.verify(1, first)).isFalse();
        assertThat(torrent.verify(0, ByteBuffer.allocate(16_384))).isFalse();
        assertThat(torrent.pieceHash(1)).isEqualTo(Arrays.copyOfRange(hashes, 20, 40));
        assertThatThrownBy(() -> torrent.pieceHash(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> torrent.verify(-1, first)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "i0e, false",
        "i-0e, false",
        "i00e, false",
        "1:1, false",
        "le, false",
        "i1e, true",
        "i2e, true",
        "i-1e, true",
        "i99999999999999999999e, true"
    })
    void anyIntegerButZeroIsPrivate(String value, boolean isPrivate) {
        String info = "d6:lengthi0e4:name1:a12:piece lengthi16384e6:pieces0:7:private" + value + "e";
        Torrent torrent = Torrent.fromInfo(info.getBytes(ISO_8859_1));
        assertThat(torrent.isPrivate()).isEqualTo(isPrivate);
        assertThat(torrent.shape().isPrivate()).isEqualTo(isPrivate);
    }

    // ---- version 2 and hybrid ----

    @Test
    void readsVersion2FromTheFileTree() {
        BencodeValue tree = tree(
                Map.of("b", v2File(20_000), "a", tree(Map.of("x", v2File(5), "none", v2File(0))), "z", v2File(40_000)));
        Map<String, BencodeValue> info = v2(tree);
        info.put("private", BencodeValue.of(1));
        byte[] bytes = encode(info);
        Torrent torrent = Torrent.fromInfo(bytes);
        assertThat(torrent.hashes()).isEqualTo(InfoHashes.of(InfoHashes.sha256(bytes)));
        assertThat(torrent.files())
                .containsExactly(
                        new TorrentFile(List.of("folder", "a", "none"), 0, 0, false),
                        new TorrentFile(List.of("folder", "a", "x"), 5, 0, false),
                        new TorrentFile(List.of("folder", "b"), 20_000, 16_384, false),
                        new TorrentFile(List.of("folder", "z"), 40_000, 3 * 16_384, false));
        assertThat(torrent.shape()).isEqualTo(new TorrentShape(3 * 16_384 + 40_000, 16_384, true));
        assertThat(torrent.hasPieceHashes()).isFalse();
        assertThatThrownBy(() -> torrent.pieceHash(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aVersion2FileOfTheNameOfTheTorrentIsNotInAFolder() {
        Torrent file = Torrent.fromInfo(encode(v2(tree(Map.of("folder", v2File(5))))));
        assertThat(file.files()).containsExactly(new TorrentFile(List.of("folder"), 5, 0, false));
        Torrent folder = Torrent.fromInfo(encode(v2(tree(Map.of("folder", tree(Map.of("folder", v2File(5))))))));
        assertThat(folder.files()).containsExactly(new TorrentFile(List.of("folder", "folder", "folder"), 5, 0, false));
    }

    @Test
    void aHybridHasBothHashesAndTheVersion1Files() {
        Map<String, BencodeValue> info = single();
        info.put("meta version", BencodeValue.of(2));
        info.put("file tree", tree(Map.of("file.bin", v2File(20_000))));
        byte[] bytes = encode(info);
        Torrent torrent = Torrent.fromInfo(bytes);
        assertThat(torrent.hashes()).isEqualTo(InfoHashes.hybrid(InfoHashes.sha1(bytes), InfoHashes.sha256(bytes)));
        assertThat(torrent.hasPieceHashes()).isTrue();
        assertThat(MagnetLink.parse(torrent.magnet().toString()).hashes()).isEqualTo(torrent.hashes());
    }

    // ---- malformed torrents ----

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "nul\0byte"})
    void aFileIsNotMadeOfANameThatLeadsElsewhere(String name) {
        assertThatThrownBy(() -> new TorrentFile(List.of("a", name), 1, 0, false))
                .isInstanceOf(TorrentException.class)
                .hasMessageContaining("plain name");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                change(info -> info.remove("name"), "name must be a string, was absent"),
                change(info -> info.put("name", BencodeValue.of(5)), "name must be a string, was 5"),
                change(info -> info.remove("piece length"), "piece length must be 1 to 2147483647, was absent"),
                change(info -> info.put("piece length", BencodeValue.of(0)), "was 0"),
                change(info -> info.put("piece length", BencodeValue.of(-16_384)), "was -16384"),
                change(info -> info.put("piece length", BencodeValue.of(1L << 31)), "was 2147483648"),
                change(info -> info.remove("pieces"), "pieces must be a string of hashes, was absent"),
                change(info -> info.put("pieces", BencodeValue.of(40)), "pieces must be a string of hashes, was 40"),
                change(
                        info -> info.put("pieces", BencodeValue.of(new byte[39])),
                        "20 bytes for each of 2 pieces, had 39"),
                change(
                        info -> info.put("pieces", BencodeValue.of(new byte[60])),
                        "20 bytes for each of 2 pieces, had 60"),
                change(
                        info -> info.put("pieces", BencodeValue.of(new byte[20])),
                        "20 bytes for each of 2 pieces, had 20"),
                change(info -> info.remove("length"), "the length of a file must be 0 or more, was absent"),
                change(
                        info -> info.put("length", BencodeValue.of(-1)),
                        "the length of a file must be 0 or more, was -1"),
                change(
                        info -> info.put("length", BencodeValue.of(Long.MAX_VALUE)),
                        "the number of pieces must be at most 2147483647"),
                change(info -> info.put("length", BencodeValue.of(1L << 44)), "for each of 1073741824 pieces"),
                change(info -> info.put("meta version", BencodeValue.of(3)), "meta version must be 1 or 2, was 3"),
                change(
                        info -> info.put("files", BencodeValue.list(List.of())),
                        "files must have one or more entries, had 0"),
                change(
                        info -> info.put("files", BencodeValue.list(List.of(file(20_000)))),
                        "the path of each file must have one or more elements, had 0"),
                change(info -> info.put("files", BencodeValue.list(List.of(BencodeValue.of(1)))), "was absent"),
                change(info -> info.put("files", BencodeValue.list(List.of(file(-1, "a")))), "was -1"),
                change(
                        info -> info.put("files", BencodeValue.list(List.of(file(Long.MAX_VALUE, "a"), file(1, "b")))),
                        "the files must have at most 9223372036854775807 bytes together"),
                Arguments.of(v2(tree(Map.of())), "file tree must have one or more files"),
                Arguments.of(v2(BencodeValue.of(1)), "file tree must have one or more files"),
                Arguments.of(v2(tree(Map.of("a", tree(Map.of())))), "file tree must have one or more files"),
                Arguments.of(
                        v2(tree(Map.of("a", tree(Map.of("", file(5, "a")))))),
                        "pieces root of folder/a must have 32 bytes, had 0"),
                Arguments.of(
                        v2(tree(Map.of("a", v2File(1L << 62), "b", v2File(1L << 62)))),
                        "the files must have at most 9223372036854775807 bytes together"),
                Arguments.of(v2(tree(Map.of("a", v2File(1L << 62)))), "the number of pieces must be"));
    }

    private static Arguments change(Consumer<Map<String, BencodeValue>> change, String complaint) {
        Map<String, BencodeValue> info = single();
        change.accept(info);
        return Arguments.of(info, complaint);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void refusesInconsistentValues(Map<String, BencodeValue> info, String complaint) {
        assertRefused(info, complaint);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16_383, 8_192, 24_576})
    void refusesPieceLengthsThatVersion2DoesNotHave(int pieceLength) {
        Map<String, BencodeValue> info = v2(tree(Map.of("a", v2File(5))));
        info.put("piece length", BencodeValue.of(pieceLength));
        assertRefused(info, "piece length must be a power of two from 16384 to 1073741824, was " + pieceLength);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "i1e", "le", "de", "d4:infoi1ee", "d4:infode", "<html>", "d4:infod4:name1:aee"})
    void refusesBytesThatAreNotATorrentFile(String bytes) {
        assertThatThrownBy(() -> Torrent.parse(bytes.getBytes(ISO_8859_1))).isInstanceOf(TorrentException.class);
        assertThatThrownBy(() -> Torrent.fromInfo(bytes.getBytes(ISO_8859_1))).isInstanceOf(TorrentException.class);
    }

    @Test
    void refusesDeepNesting() {
        byte[] deep = ("d4:info" + "l".repeat(100_000)).getBytes(ISO_8859_1);
        assertThatThrownBy(() -> Torrent.parse(deep)).isInstanceOf(TorrentException.class);
    }

    static void assertRefused(Map<String, BencodeValue> info, String complaint) {
        assertThatThrownBy(() -> Torrent.fromInfo(encode(info)))
                .isInstanceOf(TorrentException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("\n");
    }

    // ---- helpers ----

    static Map<String, BencodeValue> v2(BencodeValue tree) {
        Map<String, BencodeValue> info = single();
        info.remove("length");
        info.remove("pieces");
        info.put("name", BencodeValue.of("folder"));
        info.put("meta version", BencodeValue.of(2));
        info.put("file tree", tree);
        return info;
    }

    static BencodeValue tree(Map<String, BencodeValue> entries) {
        return BencodeValue.dictionary(entries);
    }

    static BencodeValue v2File(long length) {
        return tree(Map.of(
                "",
                length == 0
                        ? tree(Map.of("length", BencodeValue.of(0)))
                        : tree(Map.of(
                                "length", BencodeValue.of(length), "pieces root", BencodeValue.of(new byte[32])))));
    }
}
