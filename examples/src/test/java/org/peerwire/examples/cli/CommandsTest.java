/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Sinks;

class CommandsTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    @Test
    void theDemoCompletes() throws IOException {
        Cli run = Cli.run("demo", "--size", "12M");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("the leecher has the metadata")
                .contains("A tells leecher about B")
                .contains("has verified all pieces")
                .contains("the copy is identical");
        Matcher copy = Pattern.compile("identical: (\\S+)").matcher(run.out());
        assertThat(copy.find()).isTrue();
        Path folder = Path.of(copy.group(1)).getParent();
        assertThat(folder.resolve("peerwire-demo.bin")).hasSize(12 << 20);
        assertThat(folder.resolveSibling("seeds")).doesNotExist();
        Files.delete(folder.resolve("peerwire-demo.bin"));
        Files.delete(folder);
        Files.delete(folder.getParent());
    }

    @Test
    void aCreatedTorrentIsSeededAndDownloaded() throws IOException {
        Path source = TestData.folder(temp.resolve("things"));
        Path file = temp.resolve("things.torrent");
        Cli created = Cli.run("create", source, "-o", file, "--piece-length", "16K");
        assertThat(created.code()).isZero();
        Matcher magnet = Pattern.compile("magnet +(magnet:\\S+)").matcher(created.out());
        assertThat(magnet.find()).isTrue();
        String peer = "127.0.0.1:" + seeds.start(Torrent.read(file), source).getPort();

        Cli metadata = Cli.run("metadata", magnet.group(1), "-o", temp.resolve("again.torrent"), "--peer", peer);
        Cli plain = Cli.run("download", magnet.group(1), "-o", temp.resolve("one"), "--peer", peer);
        Cli json = Cli.run("download", file, "-o", temp.resolve("two"), "--peer", peer, "--json");

        assertThat(metadata.code()).isZero();
        assertThat(Torrent.read(temp.resolve("again.torrent")).info())
                .isEqualTo(Torrent.read(file).info());
        assertThat(plain.err()).isEmpty();
        assertThat(plain.code()).isZero();
        assertThat(plain.out()).contains("connected to " + peer).contains("complete and verified");
        assertThat(json.code()).isZero();
        assertThat(events(json)).contains("connected", "piece", "progress", "completed");
        for (String copy : List.of("one", "two")) {
            assertThat(temp.resolve(copy).resolve("things").resolve("b").resolve("long.bin"))
                    .hasSameBinaryContentAs(source.resolve("b").resolve("long.bin"));
        }
    }

    private static List<String> events(Cli json) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> events = new ArrayList<>();
        for (String line : json.out().lines().toList()) {
            JsonNode node = mapper.readTree(line);
            events.add(node.get("event").asText());
        }
        return events;
    }

    @Test
    void seedPrintsOneLineWhenItListens() throws IOException, InterruptedException {
        Path source = TestData.file(temp.resolve("file.bin"), 100_000);
        Path file = Files.write(
                temp.resolve("file.torrent"), TestData.torrent(source).encode());
        Sinks.One<String> line = Sinks.one();
        Thread seed = new Thread(() -> Cli.command()
                .setOut(new PrintWriter(new FirstLine(line), true))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute("seed", file.toString(), "--data", source.toString(), "--host", "127.0.0.1"));
        seed.start();

        assertThat(line.asMono().block(SOON))
                .matches("seeding file.bin on 127\\.0\\.0\\.1:\\d+, info hash \\p{XDigit}{40}");
        seed.interrupt();
        seed.join(SOON.toMillis());
        assertThat(seed.isAlive()).isFalse();
    }

    /** Signals the first line that is written. */
    private static final class FirstLine extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final Sinks.One<String> line;

        FirstLine(Sinks.One<String> line) {
            this.line = line;
        }

        @Override
        public void write(char[] buffer, int offset, int length) {
            text.append(buffer, offset, length);
        }

        @Override
        public void flush() {
            text.toString().lines().findFirst().ifPresent(line::tryEmitValue);
        }

        @Override
        public void close() {}
    }

    @Test
    void peersPrintsThePeersThatItIsTold() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 100_000);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress told = seeds.start(torrent, source);
        InetSocketAddress teller = seeds.start(torrent, source, swarm -> swarm.peers(told));
        String peer = "127.0.0.1:" + teller.getPort();

        Cli run = Cli.run("peers", torrent.magnet(), "--peer", peer, "--for", "2s", "--json");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("{\"event\":\"peerAdded\",\"peer\":\"127.0.0.1:" + told.getPort() + "\"");
    }
}
