/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.metadata.Infos.encode;
import static org.peerwire.metadata.Infos.file;
import static org.peerwire.metadata.Infos.multi;
import static org.peerwire.metadata.Infos.single;
import static org.peerwire.metadata.TorrentTest.assertRefused;
import static org.peerwire.metadata.TorrentTest.tree;
import static org.peerwire.metadata.TorrentTest.v2;
import static org.peerwire.metadata.TorrentTest.v2File;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.metadata.TorrentFile.Attribute;

/** Tests of torrents as other programs, servers and editors leave them. */
class TorrentWorldTest {

    private static byte[] torrent(String before, byte[] info, String after) {
        return ("d" + before + "4:info" + new String(info, ISO_8859_1) + after).getBytes(ISO_8859_1);
    }

    private static BencodeValue with(BencodeValue dictionary, String key, BencodeValue value) {
        Map<String, BencodeValue> entries = new HashMap<>(dictionary.entries());
        entries.put(key, value);
        return BencodeValue.dictionary(entries);
    }

    // ---- around the info dictionary ----

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n<html></html>", "e", "\0\0\0"})
    void bytesAfterTheTorrentAreIgnored(String rest) {
        byte[] info = encode(single());
        Torrent torrent = Torrent.parse(torrent("7:comment2:hi", info, "e" + rest));
        assertThat(torrent.hashes()).isEqualTo(InfoHashes.of(InfoHashes.sha1(info)));
        assertThat(torrent).isEqualTo(Torrent.parse(torrent("7:comment2:hi", info, "e")));
        assertThatThrownBy(() -> Torrent.fromInfo((new String(info, ISO_8859_1) + rest).getBytes(ISO_8859_1)))
                .as("the info hash is that of all bytes of an info dictionary")
                .isInstanceOf(TorrentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "8:announce0:, ''",
        "'8:announce3:   ', ''",
        "'8:announce10: http://a ', http://a",
        "8:announce8:http://b13:announce-listll0:el2:  ee, http://b",
        "8:announcei5e, ''",
    })
    void blankTrackersAreNone(String announce, String tracker) {
        Torrent torrent = Torrent.parse(torrent(announce, encode(single()), "e"));
        List<List<String>> expected = tracker.isEmpty() ? List.of() : List.of(List.of(tracker));
        assertThat(torrent.trackers()).isEqualTo(expected);
        assertThat(torrent.magnet().trackers()).isEqualTo(expected);
        assertThat(torrent.withTrackers(List.of(List.of(" ", " x "), List.of("")))
                        .trackers())
                .containsExactly(List.of("x"));
    }

    @ParameterizedTest
    @CsvSource({
        "'8:url-list8:http://a', http://a",
        "'8:url-list10: http://a ', http://a",
        "'8:url-listl8:http://ai5e0:8:http://bl8:http://cee', http://a;http://b",
        "8:url-list0:, ''",
        "8:url-listi5e, ''",
        "8:url-listd1:a8:http://ae, ''",
        "'', ''",
    })
    void webSeedsAreOneUrlOrAList(String list, String expected) {
        String info = "4:info" + new String(encode(single()), ISO_8859_1);
        Torrent torrent = Torrent.parse(("d" + info + list + "e").getBytes(ISO_8859_1));
        assertThat(torrent.webSeeds()).isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(";")));
    }

    @ParameterizedTest
    @CsvSource({
        "'5:nodesll9:127.0.0.1i6881eel20:your.router.node.comi4804eel11:2001:db8::1i4804eee',"
                + " 127.0.0.1:6881;your.router.node.com:4804;2001:db8::1:4804",
        "'5:nodesll3:a.bi0eel3:a.bi65536eel3:a.bi-1eel3:a bi1eel0:i1eel3:a.bel3:a.bi1ei2eei7el3:a.bi1eel3:a.bi1eee', a.b:1",
        "5:nodes3:a.b, ''",
        "'', ''",
    })
    void dhtNodesArePairsOfHostAndPort(String nodes, String expected) {
        String info = "4:info" + new String(encode(single()), ISO_8859_1);
        Torrent torrent = Torrent.parse(("d" + info + nodes + "e").getBytes(ISO_8859_1));
        assertThat(torrent.dhtNodes().stream().map(node -> node.getHostString() + ":" + node.getPort()))
                .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(";")));
        assertThat(torrent.dhtNodes()).allMatch(InetSocketAddress::isUnresolved);
    }

    @Test
    void manyDhtNodesAreCut() {
        StringBuilder nodes = new StringBuilder("5:nodesl");
        for (int i = 1; i <= 1000; i++) {
            nodes.append("l3:a.bi").append(i).append("ee");
        }
        String info = "4:info" + new String(encode(single()), ISO_8859_1);
        assertThat(Torrent.parse(("d" + info + nodes + "ee").getBytes(ISO_8859_1))
                        .dhtNodes())
                .hasSize(MagnetLink.MAX_PEERS);
    }

    @Test
    void theMarkAndTheProgramAreRead() {
        Map<String, BencodeValue> info = single();
        assertThat(Torrent.fromInfo(encode(info)).source()).isEmpty();
        assertThat(Torrent.fromInfo(encode(info)).createdBy()).isEmpty();
        info.put("source", BencodeValue.of(new byte[] {'a', (byte) 0xe9}));
        Torrent torrent = Torrent.parse(torrent("10:created by3:me\n", encode(info), "6:source5:outere"));
        assertThat(torrent.source()).contains("a\ufffd");
        assertThat(torrent.createdBy()).contains("me\n");
        info.put("source.utf-8", BencodeValue.of("a\u00e9"));
        assertThat(Torrent.fromInfo(encode(info)).source()).contains("a\u00e9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"i5e", "le", "de"})
    void aMarkOrProgramThatIsNoTextIsAbsent(String value) {
        String info = new String(encode(single()), ISO_8859_1).replaceFirst("e$", "6:source" + value + "e");
        Torrent torrent = Torrent.parse(torrent("10:created by" + value, info.getBytes(ISO_8859_1), "e"));
        assertThat(torrent.source()).isEmpty();
        assertThat(torrent.createdBy()).isEmpty();
    }

    @Test
    void theFirstOfDuplicateKeysCounts() {
        String info =
                "d6:lengthi5e6:lengthi6e4:name1:a4:name1:b12:piece lengthi16384e6:pieces20:" + "x".repeat(20) + "e";
        Torrent torrent = Torrent.fromInfo(info.getBytes(ISO_8859_1));
        assertThat(torrent.files()).containsExactly(new TorrentFile(List.of("a"), 5, 0, false));
    }

    // ---- twins in UTF-8 ----

    @Test
    void aTwinOfAWrongTypeIsIgnored() {
        Map<String, BencodeValue> info = multi(with(file(20_000, "plain"), "path.utf-8", BencodeValue.of(5)));
        info.put("name.utf-8", BencodeValue.list(List.of()));
        assertThat(Torrent.fromInfo(encode(info)).files().get(0)).hasToString("folder/plain");
        assertThat(Torrent.parse(torrent("7:comment2:hi13:comment.utf-8i5e", encode(single()), "e"))
                        .comment())
                .contains("hi");
    }

    @Test
    void theTwinOfTheCommentIsRead() {
        String comment = "7:comment1:\u00e913:comment.utf-82:\u00c3\u00a9";
        assertThat(Torrent.parse(torrent(comment, encode(single()), "e")).comment())
                .contains("\u00e9");
    }

    // ---- attributes ----

    @Test
    void oldPaddingIsPaddingAndCountsNothing() {
        BencodeValue noPath =
                BencodeValue.dictionary(Map.of("attr", BencodeValue.of("p"), "length", BencodeValue.of(1)));
        Torrent torrent = Torrent.fromInfo(encode(multi(
                file(9_000, "a"),
                file(7_384, "_____padding_file_0_if you see this file, please update____"),
                file(3_615, "b", "c"),
                noPath)));
        assertThat(torrent.files()).extracting(TorrentFile::padding).containsExactly(false, true, false, true);
        assertThat(torrent.files().get(3)).hasToString("folder/.pad/1");
        assertThat(torrent.length()).isEqualTo(20_000);
        assertThat(torrent.contentFiles()).extracting(TorrentFile::toString).containsExactly("folder/a", "folder/b/c");
        assertThat(torrent.contentLength()).isEqualTo(12_615);
    }

    @Test
    void attributesOfFilesAreRead() {
        Torrent torrent = Torrent.fromInfo(encode(multi(
                with(file(10_000, "run"), "attr", BencodeValue.of("xh")),
                with(file(10_000, "b"), "attr", BencodeValue.of(7)))));
        assertThat(torrent.files().get(0).attributes()).isEqualTo(Set.of(Attribute.EXECUTABLE));
        assertThat(torrent.files().get(0).executable()).isTrue();
        assertThat(torrent.files().get(1).attributes()).isEmpty();
    }

    @Test
    void aLinkIsAnEmptyFileWithOrWithoutALength() {
        BencodeValue target = BencodeValue.list(List.of(BencodeValue.of(".."), BencodeValue.of("etc")));
        BencodeValue link = BencodeValue.dictionary(Map.of(
                "attr",
                BencodeValue.of("l"),
                "symlink path",
                target,
                "path",
                BencodeValue.list(List.of(BencodeValue.of("link")))));
        Torrent torrent =
                Torrent.fromInfo(encode(multi(link, with(link, "length", BencodeValue.of(99)), file(20_000, "a"))));
        assertThat(torrent.files())
                .extracting(TorrentFile::toString)
                .containsExactly("folder/link", "folder/link.1", "folder/a");
        assertThat(torrent.files()).extracting(TorrentFile::length).containsExactly(0L, 0L, 20_000L);
        assertThat(torrent.files().get(0).attributes()).isEqualTo(Set.of(Attribute.LINK));

        BencodeValue inTree = tree(Map.of("", tree(Map.of("attr", BencodeValue.of("l"), "symlink path", target))));
        assertThat(Torrent.fromInfo(encode(v2(tree(Map.of("l", inTree, "m", v2File(5))))))
                        .files())
                .extracting(TorrentFile::length)
                .containsExactly(0L, 5L);
    }

    @Test
    void aTorrentOfEmptyFilesHasNoPieces() {
        Map<String, BencodeValue> info = multi(file(0, "a"), file(0, "b"));
        info.put("pieces", BencodeValue.of(new byte[0]));
        assertThat(Torrent.fromInfo(encode(info)).pieceCount()).isZero();
        info.put("pieces", BencodeValue.of(new byte[20]));
        assertRefused(info, "20 bytes for each of 0 pieces, had 20");
    }

    // ---- halves of a hybrid ----

    /** Returns a hybrid of two files, of 5 and 10,000 bytes, with padding between them. */
    private static Map<String, BencodeValue> hybrid() {
        BencodeValue padding = with(file(16_384 - 5, ".pad", "16379"), "attr", BencodeValue.of("p"));
        Map<String, BencodeValue> info = multi(file(5, "a"), padding, file(10_000, "b", "c"));
        info.put("meta version", BencodeValue.of(2));
        info.put("file tree", tree(Map.of("a", v2File(5), "b", tree(Map.of("c", v2File(10_000))))));
        return info;
    }

    @Test
    void aHybridWithEqualHalvesIsRead() {
        Torrent torrent = Torrent.fromInfo(encode(hybrid()));
        assertThat(torrent.files()).hasSize(3);
        assertThat(torrent.contentLength()).isEqualTo(10_005);
        Map<String, BencodeValue> folderOfOne = multi(file(20_000, "folder"));
        folderOfOne.put("meta version", BencodeValue.of(2));
        folderOfOne.put("file tree", tree(Map.of("folder", v2File(20_000))));
        assertThat(Torrent.fromInfo(encode(folderOfOne)).files().get(0)).hasToString("folder/folder");
    }

    @Test
    void aHybridWithHalvesThatDifferIsRefused() {
        assertContradiction(
                tree(Map.of("a", v2File(5), "b", tree(Map.of("d", v2File(10_000))))),
                "version 1 has folder/b/c where version 2 has folder/b/d");
        assertContradiction(
                tree(Map.of("a", v2File(6), "b", tree(Map.of("c", v2File(10_000))))),
                "version 1 has folder/a of 5 bytes where version 2 has folder/a of 6 bytes");
        assertContradiction(tree(Map.of("a", v2File(5))), "version 1 has 2 files where version 2 has 1 files");
        Map<String, BencodeValue> shifted = hybrid();
        BencodeValue padding = with(file(16_384, ".pad", "16384"), "attr", BencodeValue.of("p"));
        shifted.put("files", BencodeValue.list(List.of(file(5, "a"), padding, file(10_000, "b", "c"))));
        assertRefused(shifted, "version 1 has folder/b/c at byte 16389 where version 2 has folder/b/c at byte 16384");
        Map<String, BencodeValue> half = hybrid();
        half.remove("file tree");
        assertRefused(half, "file tree must have one or more files, had 0");
    }

    private static void assertContradiction(BencodeValue tree, String contradiction) {
        Map<String, BencodeValue> info = hybrid();
        info.put("file tree", tree);
        assertRefused(info, contradiction);
    }

    @Test
    void aFileTreeWithPaddingOrWithoutOrderIsRefused() {
        BencodeValue padding = with(v2File(5).entries().get(""), "attr", BencodeValue.of("p"));
        assertRefused(v2(tree(Map.of("a", tree(Map.of("", padding))))), "file tree must have no padding");
        String file = "d0:d6:lengthi0eee";
        for (String names : List.of("1:b" + file + "1:a" + file, "1:a" + file + "1:a" + file)) {
            String info = "d9:file treed" + names + "e12:meta versioni2e4:name1:x12:piece lengthi16384ee";
            assertThatThrownBy(() -> Torrent.fromInfo(info.getBytes(ISO_8859_1)))
                    .isInstanceOf(TorrentException.class)
                    .hasMessageContaining("the names in file tree must be sorted and different");
        }
    }
}
