/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.examples.TestData;

/** The things that a command downloads, and the data in their way. */
class TargetsTest {
    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                HASH,
                "AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            })
    void aBareInfoHashIsAMagnetLink(String hash) {
        assertThat(Values.isMagnet(hash)).isTrue();
        for (String command : new String[] {"download", "metadata"}) {
            Cli run = Cli.run(command, hash, "-o", temp.resolve("copy"));
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("no peers: the link has only an info hash");
        }
    }

    @Test
    void aMagnetLinkWithoutPeersSaysWhatIsMissing() {
        String magnet = "magnet:?xt=urn:btih:" + HASH;

        assertThat(Cli.run("download", magnet + "&tr=http://t.invalid/", "-o", temp, "--no-trackers")
                        .err())
                .contains("no peers: the link has only trackers, which --no-trackers forbids")
                .contains("give a peer with --peer HOST:PORT, or a DHT node with --dht HOST:PORT");
        assertThat(Cli.run("peers", magnet + "&dht=127.0.0.1:1", "--no-dht").err())
                .contains("no peers: the link has only an info hash");
    }

    @Test
    void downloadRefusesOtherDataUnlessItMayOverwrite() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 100_000);
        Path torrent = Files.write(
                temp.resolve("file.torrent"), TestData.torrent(source).encode());
        Path folder = Files.createDirectories(temp.resolve("copy"));
        Files.write(folder.resolve("file.bin"), new byte[200_000]);

        Cli refused = Cli.run("download", torrent, "-o", folder, "--peer", "127.0.0.1:1", "--timeout", "1s");
        assertThat(refused.err()).contains("longer than the 100000").contains("use --overwrite");
        assertThat(folder.resolve("file.bin")).hasSize(200_000);

        Cli tried =
                Cli.run("download", torrent, "-o", folder, "--overwrite", "--peer", "127.0.0.1:1", "--timeout", "1s");
        assertThat(tried.err()).contains("no peer could be reached").doesNotContain("longer than");
    }

    @Test
    void helpListsTheExitCodes() {
        assertThat(Cli.run("--help").out()).contains("130").contains("interrupted");
    }
}
