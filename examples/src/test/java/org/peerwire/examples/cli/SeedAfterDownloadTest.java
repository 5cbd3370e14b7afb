/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A download that goes on as a seed. */
class SeedAfterDownloadTest {
    private static final int LENGTH = 10 * TestData.PIECE_LENGTH;

    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();
    private Path source = Path.of("");
    private Path file = Path.of("");
    private String peer = "";

    @BeforeEach
    void create() throws IOException {
        source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        file = Files.write(temp.resolve("x.torrent"), torrent.encode());
        peer = "127.0.0.1:" + seeds.start(torrent, source).getPort();
    }

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    /** Emits the lines that are written. */
    private static final class Lines extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final Sinks.Many<String> lines = Sinks.many().replay().all();

        @Override
        public synchronized void write(char[] buffer, int offset, int length) {
            text.append(buffer, offset, length);
            for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
                lines.tryEmitNext(text.substring(0, end));
                text.delete(0, end + 1);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        JsonNode event(String name) {
            return TestData.await(Flux.from(lines.asFlux())
                    .map(Lines::parsed)
                    .filter(event -> event.get("event").asText().equals(name))
                    .next());
        }

        private static JsonNode parsed(String line) {
            try {
                return new ObjectMapper().readTree(line);
            } catch (IOException e) {
                throw new IllegalStateException(line, e);
            }
        }
    }

    private CompletableFuture<Integer> seeding(Lines out, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "download",
                file.toString(),
                "-o",
                temp.resolve("copy").toString(),
                "--peer",
                peer,
                "--host",
                "127.0.0.1",
                "--json",
                "--seed"));
        command.addAll(List.of(options));
        return CompletableFuture.supplyAsync(() -> Cli.command()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute(command.toArray(String[]::new)));
    }

    @Test
    void itServesUntilTheRatioIsReached() throws ExecutionException, InterruptedException, TimeoutException {
        Lines out = new Lines();
        CompletableFuture<Integer> running = seeding(out, "--ratio", "1.0");
        assertThat(out.event("seeding").get("ratio").asDouble()).isEqualTo(1.0);
        seeds.dispose();
        String address = out.event("listening").get("address").asText();

        Cli second = Cli.run("download", file, "-o", temp.resolve("second"), "--peer", address);

        assertThat(second.code()).isZero();
        assertThat(temp.resolve("second/file.bin")).hasSameBinaryContentAs(source);
        assertThat(running.get(15, TimeUnit.SECONDS)).isZero();
        assertThat(out.event("seeded").get("bytes").asInt()).isGreaterThanOrEqualTo(LENGTH);
    }

    @Test
    void itServesForATime() throws ExecutionException, InterruptedException, TimeoutException {
        Lines out = new Lines();
        CompletableFuture<Integer> running = seeding(out, "--for", "1s");
        out.event("completed");
        long start = System.nanoTime();

        assertThat(running.get(15, TimeUnit.SECONDS)).isZero();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
        assertThat(out.event("seeding").get("seconds").asInt()).isOne();
        assertThat(out.event("seeded").get("ratio").asDouble()).isZero();
    }

    @Test
    void theLinesSayHowLongItServes() {
        assertThat(LineReport.text(new CliEvent.Seeding(null, null))).isEqualTo("seeding until interrupted");
        assertThat(LineReport.text(new CliEvent.Seeding(1.5, null))).isEqualTo("seeding until the ratio is 1.50");
        assertThat(LineReport.text(new CliEvent.Seeding(2.0, Duration.ofMinutes(1))))
                .isEqualTo("seeding for 60 s or until the ratio is 2.00");
        assertThat(LineReport.text(new CliEvent.Seeded(1024, 0.25)))
                .isEqualTo("seeding is over: 1.0 KiB sent, ratio 0.25");
    }
}
