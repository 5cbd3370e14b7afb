/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;

/** The texts of a download for people. */
class DownloadReportTest {
    private static final int PIECE = TestData.PIECE_LENGTH;

    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private List<JsonNode> download(Torrent torrent, InetSocketAddress seed) throws IOException {
        Path file = Files.write(temp.resolve("x.torrent"), torrent.encode());
        Cli run = Cli.run(
                "download", file, "-o", temp.resolve("copy"), "--peer", "127.0.0.1:" + seed.getPort(), "--json");
        assertThat(run.err()).isEmpty();
        List<JsonNode> events = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            events.add(new ObjectMapper().readTree(line));
        }
        return events;
    }

    private static List<String> names(List<JsonNode> events) {
        return events.stream().map(event -> event.get("event").asText()).toList();
    }

    @Test
    void theCompletionIsTheLastEventAndTellsWhoHasSentWhat() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 10 * PIECE + 123);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress seed = seeds.start(torrent, source);

        List<JsonNode> events = download(torrent, seed);

        assertThat(names(events))
                .contains("connected", "checked")
                .endsWith("progress", "completed")
                .filteredOn(name -> name.equals("piece"))
                .hasSize(11);
        JsonNode completed = events.get(events.size() - 1);
        assertThat(completed.get("bytesPerPeer"))
                .hasToString("{\"127.0.0.1:" + seed.getPort() + "\":" + torrent.length() + "}");
        assertThat(completed.has("torrent")).isFalse();
        JsonNode progress = events.get(events.size() - 2);
        assertThat(progress.get("bytes").asLong()).isEqualTo(torrent.length());
    }

    @Test
    void paddingIsNotCounted() throws IOException, NoSuchAlgorithmException {
        Path folder = temp.resolve("things");
        byte[] all = new byte[2 * PIECE + 5];
        Arrays.fill(all, 0, PIECE + 1, (byte) 1);
        Arrays.fill(all, 2 * PIECE, all.length, (byte) 2);
        Files.createDirectories(folder);
        Files.write(folder.resolve("a"), Arrays.copyOf(all, PIECE + 1));
        Files.write(folder.resolve("b"), Arrays.copyOfRange(all, 2 * PIECE, all.length));
        Torrent torrent = Torrent.fromInfo(BencodeValue.dictionary(Map.of(
                        "name", BencodeValue.of("things"),
                        "piece length", BencodeValue.of(PIECE),
                        "pieces", BencodeValue.of(hashes(all)),
                        "files",
                                BencodeValue.list(List.of(
                                        file(PIECE + 1, "", "a"),
                                        file(PIECE - 1, "p", ".pad", "1"),
                                        file(5, "", "b")))))
                .encoded());

        List<JsonNode> events = download(torrent, seeds.start(torrent, folder));

        JsonNode completed = events.get(events.size() - 1);
        assertThat(completed.get("bytes").asLong()).isEqualTo(PIECE + 6);
        JsonNode progress = events.get(events.size() - 2);
        assertThat(progress.get("bytes").asLong()).isEqualTo(PIECE + 6);
        assertThat(progress.get("total").asLong()).isEqualTo(PIECE + 6);
    }

    private static BencodeValue file(long length, String attributes, String... path) {
        Map<String, BencodeValue> file = new HashMap<>();
        file.put("length", BencodeValue.of(length));
        file.put(
                "path",
                BencodeValue.list(Arrays.stream(path).map(BencodeValue::of).toList()));
        if (!attributes.isEmpty()) {
            file.put("attr", BencodeValue.of(attributes));
        }
        return BencodeValue.dictionary(file);
    }

    private static byte[] hashes(byte[] all) throws NoSuchAlgorithmException {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] hashes = new byte[20 * ((all.length + PIECE - 1) / PIECE)];
        for (int i = 0; i * 20 < hashes.length; i++) {
            sha1.update(all, i * PIECE, Math.min(PIECE, all.length - i * PIECE));
            System.arraycopy(sha1.digest(), 0, hashes, i * 20, 20);
        }
        return hashes;
    }
}
