/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.examples.TestData.PIECE_LENGTH;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.examples.TestData;
import org.peerwire.metadata.Torrent;

class VerifyCommandTest {
    @TempDir
    private Path temp;

    private Path torrent(Path source) throws IOException {
        return Files.write(temp.resolve("x.torrent"), TestData.torrent(source).encode());
    }

    /** Changes one byte of a file. */
    private static void damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static JsonNode json(Cli run) throws IOException {
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(1);
        return new ObjectMapper().readTree(run.out());
    }

    private static void assertFails(Cli run, String reason) {
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("peerwire verify: ").contains(reason);
    }

    @Test
    void completeDataIsVerifiedByItsPathOrItsFolder() throws IOException {
        Path folder = TestData.folder(temp.resolve("things"));
        Path torrent = torrent(folder);

        for (Path data : new Path[] {folder, temp}) {
            Cli run = Cli.run("verify", torrent, "--data", data);
            assertThat(run.err()).isEmpty();
            assertThat(run.out().lines()).containsExactly("complete: 8 of 8 pieces, 253.9 KiB");
            assertThat(run.code()).isZero();
        }
        assertThat(json(Cli.run("verify", torrent, "--data", temp, "--json")))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"complete\":true,\"pieces\":8,\"total\":8,\"bytes\":260002,\"length\":260002,"
                                + "\"bad\":[],\"files\":[]}"));
    }

    @Test
    void badPiecesAreToldAsRanges() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 20 * PIECE_LENGTH);
        Path torrent = torrent(file);
        damage(file, 3 * PIECE_LENGTH + 5);
        damage(file, 17 * PIECE_LENGTH);
        damage(file, 19 * PIECE_LENGTH - 1);

        Cli run = Cli.run("verify", torrent, "--data", file);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly("bad: " + file, "incomplete: 17 of 20 pieces; bad or missing: 3, 17-18");
        JsonNode json = json(Cli.run("verify", torrent, "--data", file, "--json"));
        assertThat(json.get("complete").asBoolean()).isFalse();
        assertThat(json.get("bytes").asInt()).isEqualTo(17 * PIECE_LENGTH);
        assertThat(json.get("bad")).hasToString("[[3,3],[17,18]]");
        assertThat(json.get("files").get(0).get("flaw").asText()).isEqualTo("bad");
    }

    @Test
    void theLineHasTheFirstTenRangesAndJsonHasAll() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 30 * PIECE_LENGTH);
        Path torrent = torrent(file);
        for (int piece = 0; piece < 30; piece += 2) {
            damage(file, piece * PIECE_LENGTH);
        }

        assertThat(Cli.run("verify", torrent, "--data", file).out())
                .contains("bad or missing: 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 and 5 more");
        assertThat(json(Cli.run("verify", torrent, "--data", file, "--json")).get("bad"))
                .hasSize(15);
    }

    @Test
    void flawedFilesAreNamedWithTheirFlaw() throws IOException {
        Path folder = TestData.folder(temp.resolve("things"));
        Path torrent = torrent(folder);
        Files.write(folder.resolve("a.bin"), new byte[1], StandardOpenOption.APPEND);
        Files.write(folder.resolve("b").resolve("long.bin"), new byte[5]);
        Files.delete(folder.resolve("b").resolve("none.bin"));
        Files.delete(folder.resolve("c.bin"));
        damage(folder.resolve("d.bin"), 50_000);

        Cli run = Cli.run("verify", torrent, "--data", folder);

        assertThat(run.out().lines())
                .containsExactly(
                        "longer than in the torrent: " + folder.resolve("a.bin"),
                        "too short: " + folder.resolve("b/long.bin"),
                        "missing: " + folder.resolve("b/none.bin"),
                        "missing: " + folder.resolve("c.bin"),
                        "bad: " + folder.resolve("d.bin"),
                        "incomplete: 0 of 8 pieces; bad or missing: 0-7");
    }

    @Test
    void filesThatShareABadPieceAreNotBlamedAlone() throws IOException {
        Path folder = TestData.folder(temp.resolve("things"));
        Path torrent = torrent(folder);
        damage(folder.resolve("a.bin"), 0);

        Cli run = Cli.run("verify", torrent, "--data", folder);

        assertThat(run.out().lines())
                .containsExactly(
                        "shares a bad piece: " + folder.resolve("a.bin"),
                        "shares a bad piece: " + folder.resolve("b/long.bin"),
                        "incomplete: 7 of 8 pieces; bad or missing: 0");
    }

    @Test
    void aMissingEmptyFileIsNotCompleteButALongerFileIs() throws IOException {
        Path folder = TestData.folder(temp.resolve("things"));
        Path torrent = torrent(folder);
        Files.write(folder.resolve("d.bin"), new byte[1], StandardOpenOption.APPEND);

        Cli longer = Cli.run("verify", torrent, "--data", folder);
        assertThat(longer.code()).isZero();
        assertThat(longer.out()).startsWith("longer than in the torrent").contains("complete: 8 of 8 pieces");

        Files.delete(folder.resolve("b").resolve("none.bin"));
        Cli missing = Cli.run("verify", torrent, "--data", folder);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out()).contains("incomplete: 8 of 8 pieces; an empty file is missing");
    }

    @Test
    void dataThatIsNotThereIsAFailure() throws IOException {
        Path torrent = torrent(TestData.folder(temp.resolve("things")));
        Path empty = Files.createDirectories(temp.resolve("empty"));

        assertFails(Cli.run("verify", torrent, "--data", temp.resolve("no")), "no such file: " + temp.resolve("no"));
        assertFails(Cli.run("verify", torrent, "--data", empty), "no file of the torrent is in " + empty);
        assertFails(Cli.run("verify", torrent, "--data", torrent), "no file of the torrent is in " + torrent);
        assertFails(Cli.run("verify", temp.resolve("no.torrent"), "--data", temp), "no such file");
        assertThat(Cli.run("verify", torrent).code()).isEqualTo(2);
        assertThat(Files.list(empty)).isEmpty();
    }

    @Test
    void aVersion2TorrentIsAFailure() throws IOException {
        BencodeValue leaf = BencodeValue.dictionary(
                Map.of("length", BencodeValue.of(5), "pieces root", BencodeValue.of(new byte[32])));
        BencodeValue info = BencodeValue.dictionary(Map.of(
                "file tree",
                BencodeValue.dictionary(Map.of("a", BencodeValue.dictionary(Map.of("", leaf)))),
                "meta version",
                BencodeValue.of(2),
                "name",
                BencodeValue.of("a"),
                "piece length",
                BencodeValue.of(16 * 1024)));
        Path torrent = Files.write(
                temp.resolve("x.torrent"), Torrent.fromInfo(info.encoded()).encode());

        assertFails(Cli.run("verify", torrent, "--data", temp), "version 2 torrents");
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void aPipeInThePlaceOfAFileIsNotOpened() throws IOException, InterruptedException {
        Path folder = TestData.folder(temp.resolve("things"));
        Path torrent = torrent(folder);
        Path pipe = folder.resolve("d.bin");
        Files.delete(pipe);
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();

        Cli run = Cli.run("verify", torrent, "--data", folder);

        assertThat(run.out().lines())
                .contains("not a file: " + pipe)
                .last()
                .asString()
                .startsWith("incomplete: 6 of");
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void aReadOnlyFolderIsVerifiedAndLeftAsItIs() throws IOException {
        Path folder = TestData.folder(temp.resolve("things"));
        Path torrent = torrent(folder);
        Files.delete(folder.resolve("c.bin"));
        Object before = state(folder);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                boolean isFolder = Files.isDirectory(path);
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(isFolder ? "r-xr-xr-x" : "r--r--r--"));
            }
        }
        try {
            Cli run = Cli.run("verify", torrent, "--data", folder);
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("incomplete: 7 of 8 pieces");
            assertThat(state(folder)).isEqualTo(before);
        } finally {
            for (Path path : new Path[] {folder, folder.resolve("b")}) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** Returns the times and the contents of all files and folders. */
    private static Map<Path, Object> state(Path folder) throws IOException {
        Map<Path, Object> state = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                int content = Files.isDirectory(path) ? 0 : Arrays.hashCode(Files.readAllBytes(path));
                state.put(path, Files.getLastModifiedTime(path) + " " + content);
            }
        }
        return state;
    }

    @Test
    void theNameOfAHostileTorrentDoesNotControlTheTerminal() throws IOException {
        BencodeValue info = BencodeValue.dictionary(Map.of(
                "length",
                BencodeValue.of(5),
                "name",
                BencodeValue.of("a\u001b[2J"),
                "piece length",
                BencodeValue.of(16 * 1024),
                "pieces",
                BencodeValue.of(new byte[20])));
        Path torrent = Files.write(
                temp.resolve("x.torrent"), Torrent.fromInfo(info.encoded()).encode());
        Path data = TestData.file(temp.resolve("b\u001b[2J"), 5);

        Cli run = Cli.run("verify", torrent, "--data", data);

        assertThat(run.out())
                .startsWith("bad: " + temp.resolve("b?[2J"))
                .contains("incomplete: 0 of 1 piece")
                .doesNotContain("\u001b");
        assertThat(Cli.run("verify", torrent, "--data", data, "--json").out()).doesNotContain("\u001b");
    }
}
