/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;

class VerboseTest {
    private static final String TIME = " *\\d+\\.\\d{3}  ";

    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();
    private Path file = Path.of("");
    private String peer = "";

    @BeforeEach
    void seed() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 100_000);
        Torrent torrent = TestData.torrent(source);
        file = Files.write(temp.resolve("file.torrent"), torrent.encode());
        peer = "127.0.0.1:" + seeds.start(torrent, source).getPort();
    }

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private Cli download(String folder, String... options) {
        Object[] args = new Object[options.length + 6];
        Object[] first = {"download", file, "-o", temp.resolve(folder), "--peer", peer};
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(options, 0, args, first.length, options.length);
        return Cli.run(args);
    }

    @Test
    void aVerboseDownloadPrintsTheLifeOfItsWires() {
        Cli run = download("copy", "-v");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("complete and verified");
        assertThat(run.err().lines())
                .allMatch(line -> line.matches(TIME + peer + "  .*"))
                .noneMatch(line -> line.contains("  < "))
                .anyMatch(line -> line.contains("  opened: we dialled, not encrypted, peer id -PW0100-"))
                .anyMatch(line -> line.contains("  extended handshake: "))
                .anyMatch(line -> line.endsWith("  the peer unchokes us"))
                .last()
                .asString()
                .contains("  closed");
    }

    @Test
    void aMoreVerboseDownloadPrintsTheMessagesToo() throws IOException {
        Cli run = download("copy", "-vv", "--json");

        assertThat(run.code()).isZero();
        assertThat(run.err().lines())
                .anyMatch(line -> line.endsWith("  < unchoke"))
                .anyMatch(line -> line.contains("  < extended handshake length "))
                .anyMatch(line -> line.endsWith("  < piece 3 offset 0 length 1696"));
        ObjectMapper json = new ObjectMapper();
        for (String line : run.out().lines().toList()) {
            assertThat(json.readTree(line).has("event")).isTrue();
        }
    }

    @Test
    void withoutTheOptionNothingIsPrinted() {
        assertThat(download("copy").err()).isEmpty();
    }

    @Test
    void aFailedDialIsPrinted() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        Cli run = Cli.run("peers", file, "--peer", "127.0.0.1:" + closed, "--verbose", "--timeout", "1s");

        assertThat(run.code()).isOne();
        assertThat(run.err().lines().findFirst().orElse(""))
                .matches(TIME + "127\\.0\\.0\\.1:" + closed + "  dial failed: connection refused.*");
    }
}
