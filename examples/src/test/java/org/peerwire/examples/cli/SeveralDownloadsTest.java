/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.SwarmEvent;

/** One command that downloads several torrents. */
class SeveralDownloadsTest {
    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();
    private Path first = Path.of("");
    private Path second = Path.of("");
    private Torrent one;
    private Torrent two;

    @BeforeEach
    void create() throws IOException {
        first = TestData.file(temp.resolve("one.bin"), 200_000);
        second = TestData.file(temp.resolve("two.bin"), 300_000);
        one = TestData.torrent(first);
        two = TestData.torrent(second);
    }

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private Path file(String name, Torrent torrent) throws IOException {
        return Files.write(temp.resolve(name), torrent.encode());
    }

    private String peer(Torrent torrent, Path source) {
        return "127.0.0.1:" + seeds.start(torrent, source).getPort();
    }

    private static List<JsonNode> events(Cli run) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            events.add(new ObjectMapper().readTree(line));
        }
        return events;
    }

    @Test
    void allAreDownloadedAtOnceAndToldApart() throws IOException {
        Cli run = Cli.run(
                "download",
                file("1.torrent", one),
                two.magnet(),
                "-o",
                temp.resolve("copy"),
                "--peer",
                peer(one, first),
                "--peer",
                peer(two, second),
                "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(temp.resolve("copy/one.bin")).hasSameBinaryContentAs(first);
        assertThat(temp.resolve("copy/two.bin")).hasSameBinaryContentAs(second);
        assertThat(events(run)).allMatch(event -> event.has("torrent"));
        assertThat(events(run))
                .filteredOn(event -> event.get("event").asText().equals("completed"))
                .extracting(event -> event.get("torrent").asText())
                .containsExactlyInAnyOrder(
                        one.hashes().wire().toHex(), two.hashes().wire().toHex());
    }

    @Test
    void oneThatFailsDoesNotStopTheOther() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("copy"));
        Path other = Files.write(folder.resolve("one.bin"), new byte[100]);

        Cli run = Cli.run(
                "download", file("1.torrent", one), file("2.torrent", two), "-o", folder, "--peer", peer(two, second));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToIgnoringNewLines("peerwire download: one.bin: " + other + " exists and has no complete piece"
                        + " of the torrent; move it away, or use --overwrite");
        assertThat(run.out())
                .contains("one.bin: failed: " + other + " exists")
                .contains("two.bin: complete and verified: " + folder.resolve("two.bin"));
        assertThat(folder.resolve("two.bin")).hasSameBinaryContentAs(second);
        assertThat(other).hasSize(100);
    }

    @Test
    void theSameTorrentTwiceIsAnInvalidCommandLine() throws IOException {
        Cli run = Cli.run("download", file("1.torrent", one), one.magnet(), "-o", temp, "--peer", "127.0.0.1:1");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("must be different torrents, was twice one.bin");
    }

    @Test
    void filesAreChosenForASingleTorrentOnly() throws IOException {
        Cli run = Cli.run("download", file("1.torrent", one), file("2.torrent", two), "-o", temp, "--files", "0");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--files must be for a single torrent, was given with 2");
    }

    @Test
    void twoTorrentsDoNotShareAFile() throws IOException {
        Path same = TestData.file(temp.resolve("other").resolve("one.bin"), 100_000);
        Torrent namesake = TestData.torrent(same);

        Cli run = Cli.run(
                "download",
                file("1.torrent", one),
                file("2.torrent", namesake),
                "-o",
                temp.resolve("copy"),
                "--peer",
                peer(one, first),
                "--peer",
                peer(namesake, same));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("belongs to another torrent of this command; use another folder");
        assertThat(run.out()).containsOnlyOnce("complete and verified");
    }

    @Test
    void oneBarShowsTheSumOfAll() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        SharedBar bar = new SharedBar(out, new BarReport(out, () -> 200));
        CliEvent.Listener a = bar.of(Target.of(one));
        CliEvent.Listener b = bar.of(Target.of(two));
        long mib = 1 << 20;

        a.on(new CliEvent.Progress(mib, 10 * mib, mib, 1));
        b.on(new CliEvent.Progress(2 * mib, 90 * mib, mib, 2));
        a.on(new CliEvent.Completed(Path.of("one.bin"), 10 * mib, Duration.ofSeconds(3), Map.of()));
        b.on(new CliEvent.Progress(44 * mib, 90 * mib, mib, 2));
        bar.close(); // draws once more

        assertThat(text.toString()).contains("one.bin: complete and verified: one.bin, 10.0 MiB in 3.0 s");
        String[] drawn = text.toString().split("[\r\n]+");
        assertThat(drawn[drawn.length - 1]).contains("/100 MiB", " 1.0 MiB/s, 2 peers");
    }

    @Test
    void anInterruptionCountsAllTorrents() {
        Interruption interruption = Interruption.during(Path.of("copy"), () -> {}, new PrintWriter(new StringWriter()));
        CliEvent.Listener a = interruption.watching(event -> {});
        CliEvent.Listener b = interruption.watching(event -> {});
        CliEvent done = new CliEvent.Completed(Path.of("one.bin"), 1, Duration.ofSeconds(3), Map.of());

        assertThat(interruption.text())
                .startsWith("interrupted: 0 of 2 torrents are complete, nothing is verified yet;");
        a.on(new CliEvent.OfSwarm(new SwarmEvent.StoreOpened(0, 7)));
        a.on(new CliEvent.OfSwarm(new SwarmEvent.PieceVerified(3, 7, 7)));
        a.on(done);
        b.on(new CliEvent.OfSwarm(new SwarmEvent.StoreOpened(2, 10)));
        assertThat(interruption.text())
                .isEqualTo("interrupted: 1 of 2 torrents is complete, 9 of 17 pieces are verified in copy; run the same"
                        + " command again to go on");
        b.on(done);
        assertThat(interruption.text()).isEqualTo("seeding stopped, the files are complete in copy");
        interruption.close();
    }
}
