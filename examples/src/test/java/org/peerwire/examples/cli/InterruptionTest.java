/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;

/** Tests real signals to the command line in a process of its own. */
@EnabledOnOs(OS.LINUX)
class InterruptionTest {
    private static final int LENGTH = 40 * TestData.PIECE_LENGTH;

    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();

    @Test
    void anInterruptedDownloadSaysWhatIsThereAndHowToGoOn() throws IOException, InterruptedException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Path file = Files.write(temp.resolve("file.torrent"), torrent.encode());
        int port = seeds.start(torrent, source, 200_000).getPort();
        Path copy = temp.resolve("copy");

        String last = interrupt("piece", "download", file, "-o", copy, "--peer", "127.0.0.1:" + port, "--json");

        assertThat(last)
                .matches("peerwire download: interrupted: \\d+ of 40 pieces are verified in " + copy
                        + "; run the same command again to go on");
    }

    @Test
    void anInterruptedSeedSaysThatItsFilesAreComplete() throws IOException, InterruptedException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        Path file = Files.write(temp.resolve("file.torrent"), torrent.encode());
        int port = seeds.start(torrent, source).getPort();
        Path copy = temp.resolve("copy");

        String last =
                interrupt("seeding", "download", file, "-o", copy, "--peer", "127.0.0.1:" + port, "--json", "--seed");

        assertThat(last).isEqualTo("peerwire download: seeding stopped, the files are complete in " + copy);
        assertThat(copy.resolve("file.bin")).hasSameBinaryContentAs(source);
    }

    /** Interrupts a command after an event, and returns its last line on stderr. */
    private String interrupt(String event, Object... args) throws IOException, InterruptedException {
        Path err = temp.resolve("err");
        Process process = java(err, args);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null && !line.contains("\"event\":\"" + event + "\"")) {
                line = out.readLine();
            }
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
            seeds.dispose();
        }
        assertThat(process.exitValue()).isEqualTo(130);
        List<String> lines = Files.readAllLines(err); // a newer JVM first warns of what Netty does
        return lines.get(lines.size() - 1);
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
