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
import org.peerwire.examples.swarm.TestData;

/** Every wrong call ends with one line that says why, and an exit code that is not 0. */
class BadInputTest {
    private static final String MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path temp;

    private static void assertFails(Cli run, int code, String reason) {
        assertFailsAtLast(run, code, reason);
        assertThat(run.out()).isEmpty();
    }

    /** The same where it may have printed what it tried. */
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
    void encryptionWithAWordThatIsNone() {
        assertFails(
                Cli.run("peers", MAGNET, "--encryption", "some"),
                2,
                "expected one of [PLAINTEXT, ALLOW, PREFER, REQUIRE]");
    }

    @Test
    void createWithoutSuchAFile() {
        assertFails(Cli.run("create", temp.resolve("nothing"), "-o", temp.resolve("x.torrent")), 1, "no such file");
    }

    @Test
    void createWithAPieceLengthThatIsNone() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);
        Path out = temp.resolve("x.torrent");

        assertFails(Cli.run("create", file, "-o", out, "--piece-length", "lots"), 2, "'lots' is not a size");
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

        assertFails(Cli.run("create", temp, "-o", temp.resolve("x.torrent")), 1, "a part of the torrent");
    }

    @Test
    void createIntoAFolder() throws IOException {
        assertFails(Cli.run("create", torrent(), "-o", temp), 1, "is a folder");
    }

    @Test
    void createWhereNothingCanBeWritten() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        assertFails(Cli.run("create", file, "-o", temp.resolve("no").resolve("x.torrent")), 1, "no such file");
    }

    @Test
    void seedWithoutSuchATorrent() {
        assertFails(Cli.run("seed", temp.resolve("no.torrent"), "--data", temp), 1, "no such file");
    }

    @Test
    void seedOfWhatIsNoTorrent() throws IOException {
        assertFails(Cli.run("seed", TestData.file(temp.resolve("x"), 100), "--data", temp), 1, "not a torrent file");
        assertFails(Cli.run("seed", temp, "--data", temp), 1, "is a folder, not a torrent file");
    }

    @Test
    void seedWithoutSuchData() throws IOException {
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
    void seedOnAPortThatIsNone() throws IOException {
        assertFails(Cli.run("seed", torrent(), "--data", temp, "--port", 70_000), 2, "a port is 0 to 65535");
    }

    @Test
    void downloadOfAMagnetWithoutHash() {
        assertFails(Cli.run("download", "magnet:?dn=something", "-o", temp), 1, "info hash");
    }

    @Test
    void downloadOfWhatIsNoTorrent() throws IOException {
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
    void downloadIntoAPlaceThatIsTaken() throws IOException {
        Path file = TestData.file(temp.resolve("taken"), 10);

        assertFailsAtLast(
                Cli.run("download", torrent(), "-o", file, "--peer", "127.0.0.1:1"), 1, "a file is in the way");
    }

    @Test
    void downloadWithAPeerThatIsNoAddress() {
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--peer", "nonsense"), 2, "is not HOST:PORT");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--timeout", "soon"), 2, "not a duration");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--peer", "1.2.3.4:5", "--max-peers", 0), 2, "from 1 on");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--timeout", "0s"), 2, "more than 0");
        assertFails(Cli.run("download", MAGNET, "-o", temp, "--host", "no.such.invalid"), 2, "there is no host");
        assertFails(Cli.run("download", "", "-o", temp), 2, "which torrent?");
        assertFails(Cli.run("demo", "--size", "0"), 2, "1 or more");
    }

    @Test
    void metadataOfWhatIsNoMagnet() throws IOException {
        assertFails(Cli.run("metadata", torrent(), "-o", temp.resolve("x.torrent")), 1, "not a magnet link");
    }

    @Test
    void metadataFromNobody() {
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
    void aSelectionOfFilesIsNotIgnoredSilently() {
        Cli run = Cli.run("download", MAGNET + "&so=0", "-o", temp);

        assertThat(run.err()).contains("all files are downloaded");
    }

    @Test
    void peersThatCannotBeReached() {
        Cli run = Cli.run("peers", MAGNET, "--peer", "127.0.0.1:1", "--timeout", "3s");

        assertThat(run.err()).contains("no connection to 127.0.0.1:1");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void peersOfNobody() {
        assertFails(Cli.run("peers", MAGNET, "--for", "5s"), 1, "no peers");
    }

    @Test
    void wrongCalls() {
        assertFails(Cli.run(), 2, "which command?");
        assertFails(Cli.run("dance"), 2, "dance");
        assertFails(Cli.run("create"), 2, "missing required");
        assertFails(Cli.run("download", MAGNET), 2, "-o");
        assertFails(Cli.run("demo", "--loud"), 2, "--loud");
    }

    @Test
    void helpIsNoFailure() {
        for (String command : new String[] {"demo", "create", "seed", "download", "metadata", "peers"}) {
            Cli run = Cli.run(command, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out()).contains("peerwire " + command);
        }
        assertThat(Cli.run("--help").out()).contains("download");
    }
}
