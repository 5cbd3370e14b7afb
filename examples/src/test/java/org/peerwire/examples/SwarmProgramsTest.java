/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;

/** The short programs over a swarm, in processes of their own. */
class SwarmProgramsTest {
    private static final int LENGTH = 3 * 1024 * 1024 + 5;
    private static final int SCREEN = 40;

    @TempDir
    private Path temp;

    private String run(Class<?> program, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(args));
        Path output = temp.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    @Test
    void downloadTorrentDownloadsATorrentFileAndResumes() throws Exception {
        try (SeedOfBytes seed = new SeedOfBytes(temp, LENGTH, RateLimit.unlimited())) {
            Path copy = temp.resolve("copy");
            String[] args = {seed.metainfo.toString(), copy.toString(), "127.0.0.1:" + seed.port()};

            assertThat(run(DownloadTorrent.class, args)).contains("49 of 49 pieces");
            assertThat(copy.resolve("seeded things/video.bin")).hasBinaryContent(seed.content);
            long sent = seed.sent();
            assertThat(run(DownloadTorrent.class, args)).contains("49 of 49 pieces");
            assertThat(seed.sent()).isEqualTo(sent);
        }
    }

    @Test
    void downloadTorrentDownloadsAMagnetLink() throws Exception {
        try (SeedOfBytes seed = new SeedOfBytes(temp, LENGTH, RateLimit.unlimited())) {
            Path copy = temp.resolve("copy");
            String link =
                    seed.torrent.magnet().withPeers(List.of(seed.address())).toString();

            assertThat(run(DownloadTorrent.class, link, copy.toString())).contains("49 of 49 pieces");
            assertThat(copy.resolve("seeded things/video.bin")).hasBinaryContent(seed.content);
        }
    }

    @Test
    void watchSwarmSeesThePeerAndTakesNothing() throws Exception {
        try (SeedOfBytes seed = new SeedOfBytes(temp, LENGTH, RateLimit.unlimited())) {
            Swarm swarm = Swarm.of(seed.torrent.magnet()).peers(seed.address()).connect();

            List<String> lines = WatchSwarm.watch(swarm)
                    .takeUntil(line -> line.startsWith("1 wires, 1 addresses"))
                    .collectList()
                    .block(SeedOfBytes.SOON);
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("Connected["))
                    .anyMatch(line -> line.startsWith("open: "));
            swarm.close().block(SeedOfBytes.SOON);
            assertThat(run(WatchSwarm.class, seed.torrent.magnet().toString(), "127.0.0.1", seed.port(), "2"))
                    .contains(" addresses");
            assertThat(seed.sent()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {DownloadTorrent.class, StreamVideo.class, MirrorPieces.class, WatchSwarm.class})
    void fitsOneScreen(Class<?> program) throws IOException {
        Path source = Path.of("src/main/java").resolve(program.getName().replace('.', '/') + ".java");
        try (Stream<String> lines = Files.lines(source, UTF_8)) {
            assertThat(lines.map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.matches("(import|package) .*|/?\\*.*|//.*")))
                    .hasSizeLessThanOrEqualTo(SCREEN);
        }
    }
}
