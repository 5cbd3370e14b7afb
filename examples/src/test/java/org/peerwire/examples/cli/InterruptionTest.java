/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.swarm.Seeder;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.examples.swarm.SwarmSettings;
import org.peerwire.examples.swarm.TestData;
import org.peerwire.examples.swarm.Throttle;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/** Tests real signals to the command line in a process of its own. */
@EnabledOnOs(OS.LINUX)
class InterruptionTest {
    private static final int LENGTH = 40 * TestData.PIECE_LENGTH;

    @TempDir
    private Path temp;

    @Test
    void anInterruptedDownloadSaysWhatIsThereAndHowToGoOn() throws IOException, InterruptedException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Path file = Files.write(temp.resolve("file.torrent"), torrent.encode());
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Disposable seed = new Seeder(
                        torrent,
                        source,
                        SwarmSettings.accepting("127.0.0.1", 0),
                        blocks -> new Throttle(blocks, 200_000),
                        event -> {
                            if (event instanceof SwarmEvent.Listening here) {
                                listening.tryEmitValue(here.address());
                            }
                        })
                .run()
                .subscribe();
        int port = TestData.await(listening.asMono()).getPort();
        Path copy = temp.resolve("copy");
        Path err = temp.resolve("err");
        Process download = java(err, "download", file, "-o", copy, "--peer", "127.0.0.1:" + port, "--json");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(download.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && !line.contains("\"event\":\"piece\"")) {
                line = out.readLine();
            }
            new ProcessBuilder("kill", "-INT", String.valueOf(download.pid()))
                    .start()
                    .waitFor();
            assertThat(download.waitFor(15, TimeUnit.SECONDS)).isTrue();
        } finally {
            download.destroyForcibly();
            seed.dispose();
        }

        assertThat(Files.readAllLines(err)) // a newer JVM first warns of what Netty does
                .last()
                .asString()
                .matches("peerwire download: interrupted: \\d+ of 40 pieces are verified in " + copy
                        + "; run the same command again to go on");
        assertThat(download.exitValue()).isEqualTo(130);
    }

    private static Process java(Path err, Object... args) throws IOException {
        // a JVM ignores SIGINT if its parent does, as a shell does for a command in the background
        ProcessBuilder builder = new ProcessBuilder(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", ""),
                Main.class.getName());
        for (Object arg : args) {
            builder.command().add(arg.toString());
        }
        return builder.redirectError(err.toFile()).start();
    }
}
