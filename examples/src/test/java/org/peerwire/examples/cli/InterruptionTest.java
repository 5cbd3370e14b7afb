/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.discovery.Dht;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Tests real signals to the command line in a process of its own. */
@EnabledOnOs(OS.LINUX)
class InterruptionTest {
    private static final Duration SOON = Duration.ofSeconds(10);
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

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalTellsTheTrackerAndSavesTheNodes(String signal) throws IOException, InterruptedException {
        List<String> announces = new CopyOnWriteArrayList<>();
        DisposableServer tracker = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    announces.add(request.uri());
                    return response.sendString(Mono.just("d8:intervali1800e5:peers0:e"));
                })
                .bindNow();
        Dht node = Dht.create(DhtOptions.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .bootstrap()
                .allowLocal(true)
                .build());
        node.start().block(SOON);
        int nodePort =
                Objects.requireNonNull(node.addresses().block(SOON)).get(0).getPort();
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        String announce = "http://127.0.0.1:" + tracker.port() + "/announce";
        byte[] torrent = TestData.torrent(source)
                .withTrackers(List.of(List.of(announce)))
                .encode();
        Path table = temp.resolve("nodes");
        Process process = java(
                temp.resolve("err"),
                "seed",
                Files.write(temp.resolve("file.torrent"), torrent),
                "--data",
                source,
                "--host",
                "127.0.0.1",
                "--local-trackers",
                "--no-local-peers",
                "--dht",
                "127.0.0.1:" + nodePort,
                "--dht-table",
                table);
        try {
            await(() -> announces.stream().anyMatch(url -> url.contains("event=started")));
            await(() -> Objects.requireNonNull(node.stats().block(SOON)).queriesReceived() > 1);
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
            tracker.disposeNow();
            node.close().block(SOON);
        }

        assertThat(announces).last().asString().contains("event=stopped");
        assertThat(table).isNotEmptyFile().content(ISO_8859_1).contains("5:nodes26:");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1_500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).isTrue();
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
