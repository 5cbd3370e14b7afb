/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;

/** Every invalid command line ends with one line on stderr that has the reason, and with an exit code other than 0. */
class BadInputTest {
    private static final String MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path temp;

    private static void assertFails(Cli run, int code, String reason) {
        assertFailsAtLast(run, code, reason);
        assertThat(run.out()).isEmpty();
    }

    /** Asserts the same for a command that may have printed events before. */
    private static void assertFailsAtLast(Cli run, int code, String reason) {
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("peerwire")
                .contains(reason);
    }

    private Path torrent() throws IOException {
        Path torrent = temp.resolve("file.torrent");
        Files.write(
                torrent,
                TestData.torrent(TestData.file(temp.resolve("file.bin"), 100_000))
                        .encode());
        return torrent;
    }

    @Test
    void encryptionWithAnUnknownWord() {
        assertFails(
                Cli.run("peers", MAGNET, "--encryption", "some"),
                2,
                "expected one of [PLAINTEXT, ALLOW, PREFER, REQUIRE]");
    }

    @Test
    void createOfAMissingFile() {
        assertFails(Cli.run("create", temp.resolve("nothing"), "-o", temp.resolve("x.torrent")), 1, "no such file");
    }

    @Test
    void createWithAnInvalidPieceLength() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);
        Path out = temp.resolve("x.torrent");

        assertFails(Cli.run("create", file, "-o", out, "--piece-length", "lots"), 2, "was 'lots'");
        assertFails(Cli.run("create", file, "-o", out, "--piece-length", "100000"), 2, "power of two");
    }

    @Test
    void createOfAnEmptyFolder() throws IOException {
        Path empty = Files.createDirectories(temp.resolve("empty"));

        assertFails(Cli.run("create", empty, "-o", temp.resolve("x.torrent")), 1, "no data");
    }

    @Test
    void createInsideItsOwnSource() throws IOException {
        TestData.file(temp.resolve("file.bin"), 1000);

        assertFails(Cli.run("create", temp, "-o", temp.resolve("x.torrent")), 1, "part of the torrent");
    }

    @Test
    void createIntoAFolder() throws IOException {
        assertFails(Cli.run("create", torrent(), "-o", temp), 1, "was the folder");
    }

    @Test
    void createInAMissingFolder() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        assertFails(Cli.run("create", file, "-o", temp.resolve("no").resolve("x.torrent")), 1, "no such folder");
    }

    @Test
    void seedOfAMissingTorrent() {
        assertFails(Cli.run("seed", temp.resolve("no.torrent"), "--data", temp), 1, "no such file");
    }

    @Test
    void seedOfAFileThatIsNotATorrent() throws IOException {
        assertFails(Cli.run("seed", TestData.file(temp.resolve("x"), 100), "--data", temp), 1, "not a torrent file");
        assertFails(Cli.run("seed", temp, "--data", temp), 1, "must be a file, was the folder");
    }

    @Test
    void seedOfMissingData() throws IOException {
        assertFails(Cli.run("seed", torrent(), "--data", temp.resolve("nothing")), 1, "no such file");
    }

    @Test
    void seedOfOtherData() throws IOException {
        Path torrent = torrent();
        Path other = TestData.file(temp.resolve("other"), 99_999);

        assertFails(Cli.run("seed", torrent, "--data", other, "--port", 0), 1, "4 of 4 pieces are missing or wrong");
    }

    @Test
    void seedOnAPortInUse() throws IOException {
        Path torrent = torrent();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    Cli.run("seed", torrent, "--data", temp, "--host", "127.0.0.1", "--port", taken.getLocalPort()),
                    1,
                    "cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use");
        }
    }

    @Test
    void seedOnAnInvalidPort() throws IOException {
        assertFails(
                Cli.run("seed", torrent(), "--data", temp, "--port", 70_000),
                2,
                "a port must be 0 to 65535, was 70000");
    }

    @Test
    void downloadOfAMagnetWithoutHash() {
        assertFails(Cli.run("download", "magnet:?dn=something", "-o", temp), 1, "info hash");
    }

    @Test
    void downloadOfAFileThatIsNotATorrent() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        assertFails(Cli.run("download", file, "-o", temp), 1, "not a torrent file");
        assertFails(Cli.run("download", temp.resolve("no.torrent"), "-o", temp), 1, "no such file");
    }

    @Test
    void downloadWithoutPeers() throws IOException {
        assertFails(Cli.run("download", MAGNET, "-o", temp), 1, "no peers");
        assertFails(Cli.run("download", torrent(), "-o", temp.resolve("copy")), 1, "no peers");
    }

    @Test
    void downloadFromPeersThatCannotBeReached() throws IOException {
        Cli run = Cli.run(
                "download", MAGNET, "-o", temp.resolve("copy"), "--peer", "127.0.0.1:1", "--timeout", "3s", "--json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("no peer could be reached").contains("127.0.0.1:1: connection refused");
        assertThat(run.out()).contains("\"event\":\"unreachable\"");
    }

    @Test
    void downloadIntoAFile() throws IOException {
        Path file = TestData.file(temp.resolve("taken"), 10);

        assertFailsAtLast(
                Cli.run("download", torrent(), "-o", file, "--peer", "127.0.0.1:1"),
                1,
                "exists and is not a folder; move it away");
    }

    @Test
    void downloadWithInvalidOptions() {
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--peer", "nonsense"), 2, "must be HOST:PORT");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--timeout", "soon"), 2, "a duration must be such as");
        assertFails(
                Cli.run("download", MAGNET, "-o", temp, "--peer", "1.2.3.4:5", "--max-peers", 0),
                2,
                "must be 1 to 10000, was 0");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--timeout", "0s"), 2, "more than 0");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--host", "no.such.invalid"), 2, "unknown host");
        assertFails(Cli.run("download", "", "-o", temp), 2, "was empty");
        assertFails(Cli.run("demo", "--size", "0"), 2, "must be 1 to");
    }

    @Test
    void metadataOfATorrentFile() throws IOException {
        assertFails(Cli.run("metadata", torrent(), "-o", temp.resolve("x.torrent")), 1, "must be a magnet link");
    }

    @Test
    void metadataWithoutReachablePeers() {
        assertFails(
                Cli.run("metadata", MAGNET, "-o", temp.resolve("x"), "--peer", "127.0.0.1:1", "--timeout", "400ms"),
                1,
                "400 ms");
    }

    @Test
    void aHostileNameDoesNotReachTheTerminal() {
        assertFails(Cli.run("seed", "no\u001b[2J\nsuch", "--data", temp), 1, "no?[2J");
    }

    @Test
    void peersThatCannotBeReached() {
        Cli run = Cli.run("peers", MAGNET, "--peer", "127.0.0.1:1", "--timeout", "3s");

        assertThat(run.err()).contains("cannot connect to 127.0.0.1:1");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void peersWithoutPeers() throws IOException {
        assertFails(Cli.run("peers", MAGNET, "--for", "5s"), 1, "no peers");
        assertFails(Cli.run("peers", torrent(), "--for", "5s"), 1, "no peers: the torrent has no tracker");
    }

    @Test
    void peersOfAPrivateTorrent() throws IOException {
        Torrent secret = Torrent.create(
                TestData.file(temp.resolve("file.bin"), 1000),
                TorrentOptions.builder().isPrivate(true).build());
        Path file = Files.write(temp.resolve("secret.torrent"), secret.encode());

        assertFails(Cli.run("peers", file, "--peer", "127.0.0.1:1"), 1, "the torrent is private");
    }

    @Test
    void invalidCommandLines() {
        assertFails(Cli.run(), 2, "missing command");
        assertFails(Cli.run("dance"), 2, "dance");
        assertFails(Cli.run("create"), 2, "missing required");
        assertFails(Cli.run("download", MAGNET), 2, "-o");
        assertFails(Cli.run("demo", "--loud"), 2, "--loud");
    }

    @Test
    void helpSucceeds() {
        for (String command :
                new String[] {"demo", "create", "seed", "download", "metadata", "peers", "info", "verify"}) {
            Cli run = Cli.run(command, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out()).contains("peerwire " + command);
        }
        assertThat(Cli.run("--help").out()).contains("download");
    }
}
