/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.examples.TestData;
import org.peerwire.metadata.Torrent;

class InfoCommandTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";
    private static final String HASH_V2 = "1220" + HASH + "89abcdef0123456789abcdef";

    @TempDir
    private Path temp;

    /** Writes a torrent file with entries beside the info dictionary, and returns its path. */
    private Path torrent(Map<String, BencodeValue> info, Map<String, BencodeValue> others) throws IOException {
        Map<String, BencodeValue> root = new HashMap<>(others);
        root.put("info", BencodeValue.dictionary(info));
        return Files.write(
                temp.resolve("x.torrent"), BencodeValue.dictionary(root).encoded());
    }

    private static BencodeValue texts(String... texts) {
        return BencodeValue.list(List.of(texts).stream().map(BencodeValue::of).toList());
    }

    private static BencodeValue file(long length, String attributes, String... path) {
        return BencodeValue.dictionary(
                Map.of("attr", BencodeValue.of(attributes), "length", BencodeValue.of(length), "path", texts(path)));
    }

    private static Map<String, BencodeValue> info(String name, long length, BencodeValue... files) {
        Map<String, BencodeValue> info = new HashMap<>();
        info.put("files", BencodeValue.list(List.of(files)));
        info.put("name", BencodeValue.of(name));
        info.put("piece length", BencodeValue.of(16 * 1024));
        info.put("pieces", BencodeValue.of(new byte[20 * (int) ((length + 16 * 1024 - 1) / (16 * 1024))]));
        return info;
    }

    private static JsonNode json(Cli run) throws IOException {
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.out().chars()).allMatch(c -> c < 0x7f);
        return new ObjectMapper().readTree(run.out());
    }

    private Path full() throws IOException {
        Map<String, BencodeValue> info = info(
                "things", 26_384, file(10_000, "", "a.bin"), file(6_384, "p", ".pad", "0"), file(10_000, "", "b", "c"));
        info.put("source", BencodeValue.of("mark"));
        return torrent(
                info,
                Map.of(
                        "announce-list",
                        BencodeValue.list(
                                List.of(texts("http://a.invalid/", "http://b.invalid/"), texts("udp://c.invalid:1"))),
                        "url-list",
                        texts("http://w.invalid/"),
                        "comment",
                        BencodeValue.of("hello"),
                        "created by",
                        BencodeValue.of("maker 1"),
                        "creation date",
                        BencodeValue.of(1_700_000_000)));
    }

    @Test
    void aTorrentIsPrintedForPeople() throws IOException {
        Path file = full();

        Cli run = Cli.run("info", file);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        Torrent torrent = Torrent.read(file);
        assertThat(run.out().lines())
                .containsExactly(
                        "name          things",
                        "info hash     " + torrent.hashes().v1(),
                        "magnet        " + torrent.magnet(),
                        "length        19.5 KiB (20000 bytes)",
                        "files         2",
                        "pieces        2 of 16.0 KiB (16384 bytes)",
                        "private       no",
                        "tracker       1  http://a.invalid/",
                        "tracker       1  http://b.invalid/",
                        "tracker       2  udp://c.invalid:1",
                        "web seed      http://w.invalid/",
                        "comment       hello",
                        "source        mark",
                        "created by    maker 1",
                        "created       2023-11-14T22:13:20Z",
                        "file          0       9.8 KiB  things/a.bin",
                        "file          2       9.8 KiB  things/b/c");
    }

    @Test
    void aTorrentIsPrintedForPrograms() throws IOException {
        Path file = full();

        JsonNode json = json(Cli.run("info", file, "--json"));

        Torrent torrent = Torrent.read(file);
        assertThat(json)
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"type\":\"torrent\",\"name\":\"things\",\"infoHash\":\""
                                + torrent.hashes().v1() + "\",\"magnet\":\"" + torrent.magnet()
                                + "\",\"length\":20000,\"fileCount\":2,\"pieceLength\":16384,\"pieceCount\":2,"
                                + "\"private\":false,\"trackers\":[[\"http://a.invalid/\",\"http://b.invalid/\"],"
                                + "[\"udp://c.invalid:1\"]],\"webSeeds\":[\"http://w.invalid/\"],"
                                + "\"comment\":\"hello\",\"source\":\"mark\",\"createdBy\":\"maker 1\","
                                + "\"creationDate\":\"2023-11-14T22:13:20Z\",\"files\":["
                                + "{\"index\":0,\"path\":\"things/a.bin\",\"length\":10000},"
                                + "{\"index\":2,\"path\":\"things/b/c\",\"length\":10000}],\"warnings\":[]}"));
    }

    @Test
    void theTextsOfAHostileTorrentDoNotControlTheTerminal() throws IOException {
        Path file = torrent(
                info("no\u001b[2Jname", 5, file(5, "", "a\u009b2J", "..", "b")),
                Map.of(
                        "comment", BencodeValue.of("one\u001b]0;title\u0007\ntwo\u009b\u202e"),
                        "created by", BencodeValue.of("x".repeat(5000)),
                        "announce", BencodeValue.of("http://a/\u001b[31m"),
                        "url-list", BencodeValue.of("http://b/\r\nwarning")));

        Cli run = Cli.run("info", file);

        assertThat(run.out())
                .contains("name          no_[2Jname")
                .contains("comment       one?]0;title??two??")
                .contains("tracker       1  http://a/?[31m")
                .contains("web seed      http://b/??warning")
                .contains("file          0       5 bytes  no_[2Jname/a_2J/b")
                .contains("unusual names were changed in the paths of 1 file")
                .doesNotContain("\u001b", "\u009b", "\u202e", "x".repeat(1001));
        JsonNode json = json(Cli.run("info", file, "--json"));
        assertThat(json.get("comment").asText()).isEqualTo("one\u001b]0;title\u0007\ntwo\u009b\u202e");
        assertThat(json.get("createdBy").asText()).hasSize(5000);
    }

    @Test
    void theFlawsOfATorrentAreWarnings() throws IOException {
        Map<String, BencodeValue> info = info("things", 0, file(0, "l", "link"));
        info.put("private", BencodeValue.of(1));
        Path file = torrent(info, Map.of());
        Files.writeString(file, "<html>", StandardOpenOption.APPEND);

        Cli run = Cli.run("info", file);

        assertThat(run.out())
                .contains("private       yes")
                .contains("length        0 bytes")
                .contains("warning       the torrent is private and has no tracker")
                .contains("warning       the torrent has no data")
                .contains("warning       1 symbolic link of the author")
                .contains("warning       6 bytes after the end of the torrent");
        assertThat(json(Cli.run("info", file, "--json")).get("warnings")).hasSize(4);
    }

    @Test
    void aVersion2TorrentCannotBeDownloadedYet() throws IOException {
        BencodeValue leaf = BencodeValue.dictionary(
                Map.of("length", BencodeValue.of(5), "pieces root", BencodeValue.of(new byte[32])));
        Path file = torrent(
                Map.of(
                        "file tree",
                        BencodeValue.dictionary(Map.of("a", BencodeValue.dictionary(Map.of("", leaf)))),
                        "meta version",
                        BencodeValue.of(2),
                        "name",
                        BencodeValue.of("a"),
                        "piece length",
                        BencodeValue.of(16 * 1024)),
                Map.of());

        Cli run = Cli.run("info", file);

        assertThat(run.out())
                .contains("info hash v2  " + Torrent.read(file).hashes().v2())
                .doesNotContain("info hash   ")
                .contains("warning       a version 2 torrent without SHA-1 piece hashes");
        assertThat(json(Cli.run("info", file, "--json")).has("infoHash")).isFalse();
    }

    @Test
    void aTorrentOfManyFilesIsPrinted() throws IOException {
        List<BencodeValue> files = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            files.add(file(1, "", "d" + i / 1000, "f" + i));
        }
        Path file = torrent(info("many", 100_000, files.toArray(BencodeValue[]::new)), Map.of());

        assertThat(Cli.run("info", file).out().lines().filter(line -> line.startsWith("file ")))
                .hasSize(100_000);
        assertThat(json(Cli.run("info", file, "--json")).get("files")).hasSize(100_000);
    }

    @Test
    void aMagnetLinkIsPrintedWithItsHints() throws IOException {
        String magnet = "magnet:?xt=urn:btih:" + HASH + "&xt=urn:btmh:" + HASH_V2
                + "&dn=na%1B%5B2Jme&tr=http://t.invalid/%1B&ws=http://w.invalid/&x.pe=[::1]:6881&x.pe=peer.invalid:1"
                + "&dht=1.2.3.4:5&so=0,2-4&xl=2048&xs=http://s.invalid/&xl=99";

        Cli run = Cli.run("info", magnet);

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .contains(
                        "name          na?[2Jme",
                        "info hash     " + HASH,
                        "info hash v2  " + HASH_V2.substring(4),
                        "length        2.0 KiB",
                        "tracker       1  http://t.invalid/?",
                        "web seed      http://w.invalid/",
                        "peer          [::1]:6881",
                        "peer          peer.invalid:1",
                        "DHT node      1.2.3.4:5",
                        "files         0,2-4",
                        "other         xs=http://s.invalid/");
        JsonNode json = json(Cli.run("info", magnet, "--json"));
        assertThat(json.get("type").asText()).isEqualTo("magnet");
        assertThat(json.get("name").asText()).isEqualTo("na\u001b[2Jme");
        assertThat(json.get("infoHash").asText()).isEqualTo(HASH);
        assertThat(json.get("infoHashV2").asText()).isEqualTo(HASH_V2.substring(4));
        assertThat(json.get("length").asLong()).isEqualTo(2048);
        assertThat(json.get("peers").get(0).asText()).isEqualTo("[::1]:6881");
        assertThat(json.get("dhtNodes").get(0).asText()).isEqualTo("1.2.3.4:5");
        assertThat(json.get("selectedFiles").asText()).isEqualTo("0,2-4");
        assertThat(json.get("others").get(0).get("key").asText()).isEqualTo("xs");
        assertThat(json.get("trackers").get(0).get(0).asText()).isEqualTo("http://t.invalid/\u001b");
    }

    @Test
    void aBareInfoHashIsAMagnetLinkWithoutPeers() throws IOException {
        Cli run = Cli.run("info", HASH);

        assertThat(run.out().lines())
                .hasSize(3)
                .contains("info hash     " + HASH, "magnet        magnet:?xt=urn:btih:" + HASH)
                .last()
                .asString()
                .startsWith("warning       the link has no peer");
        assertThat(json(Cli.run("info", HASH, "--json")).get("trackers")).isEmpty();
    }

    @Test
    void unusableTargetsAreRefusedInOneLine() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        assertRefused(Cli.run("info", file), 1, "not a torrent file");
        assertRefused(Cli.run("info", temp), 1, "was the folder");
        assertRefused(Cli.run("info", temp.resolve("no.torrent")), 1, "no such file");
        assertRefused(Cli.run("info", "magnet:?dn=x"), 1, "info hash");
        assertRefused(Cli.run("info", " "), 2, "was empty");
        assertRefused(Cli.run("info"), 2, "MAGNET_OR_TORRENT");
    }

    private static void assertRefused(Cli run, int code, String reason) {
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("peerwire info: ").contains(reason);
    }
}
