/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.AllowedFastSet;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.message.Message;
import org.peerwire.metadata.FileSelection;
import org.peerwire.metadata.Torrent;

/** The choice of files, their order, and the limits of a download. */
class DownloadOptionsTest {
    @TempDir
    private Path temp;

    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private String peer(Torrent torrent, Path source) {
        return "127.0.0.1:" + seeds.start(torrent, source).getPort();
    }

    private Path file(Torrent torrent) throws IOException {
        return Files.write(temp.resolve("x.torrent"), torrent.encode());
    }

    private List<Path> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .sorted()
                    .toList();
        }
    }

    // ---- files ----

    @Test
    void onlyTheChosenFilesAreDownloaded() throws IOException {
        Path source = TestData.folder(temp.resolve("things")); // a.bin, b/long.bin, b/none.bin, c.bin, d.bin
        Torrent torrent = TestData.torrent(source);

        Cli run = Cli.run(
                "download", file(torrent), "-o", temp.resolve("copy"), "--files", "4", "--peer", peer(torrent, source));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("complete and verified: " + temp.resolve("copy/things") + ", 48.8 KiB");
        assertThat(temp.resolve("copy/things/d.bin")).hasSameBinaryContentAs(source.resolve("d.bin"));
        assertThat(files(temp.resolve("copy"))).doesNotContain(Path.of("things/a.bin"));
    }

    @Test
    void theFilesThatALinkSelectsAreDownloadedUnlessOthersAreChosen() throws IOException {
        Path source = TestData.folder(temp.resolve("things"));
        Torrent torrent = TestData.torrent(source);
        String link = torrent.magnet().withFiles(FileSelection.parse("4")).toString();
        String peer = peer(torrent, source);

        Cli linked = Cli.run("download", link, "-o", temp.resolve("one"), "--peer", peer);
        Cli chosen = Cli.run("download", link, "-o", temp.resolve("two"), "--files", "0", "--peer", peer);

        assertThat(linked.err()).isEmpty();
        assertThat(files(temp.resolve("one")))
                .contains(Path.of("things/d.bin"))
                .doesNotContain(Path.of("things/a.bin"));
        assertThat(chosen.err()).isEmpty();
        assertThat(files(temp.resolve("two")))
                .contains(Path.of("things/a.bin"))
                .doesNotContain(Path.of("things/d.bin"));
    }

    @Test
    void filesThatATorrentDoesNotHaveAreAFailure() throws IOException {
        Path source = TestData.folder(temp.resolve("things"));

        Cli run = Cli.run(
                "download",
                file(TestData.torrent(source)),
                "-o",
                temp.resolve("copy"),
                "--files",
                "5-7",
                "--peer",
                "127.0.0.1:1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToIgnoringNewLines("peerwire download: --files selects none of the 5 files, which begin with"
                        + " number 0, was 5-7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--files 1,x|files must be numbers such as 0,2,4-6, was '1,x'",
                "--files 6-4|files must be numbers such as 0,2,4-6, was '6-4'",
                "--files ,|files must be numbers such as 0,2,4-6, was ','",
                "--limit-down fast|a rate must be bytes per second such as 500k or 4M, was 'fast'",
                "--limit-up 0|a rate must be at least 1 byte per second, was 0",
                "--seed --ratio 0|a ratio must be above 0, such as 1.5, was '0'",
                "--seed --ratio -1|--ratio",
                "--ratio 1.5|--ratio has no effect without --seed",
                "--for 5m|--for has no effect without --seed",
                "--give-up 5m|--give-up",
            })
    void invalidOptionsAreRefused(String options, String reason) throws IOException {
        Path torrent = file(TestData.torrent(TestData.file(temp.resolve("file.bin"), 1000)));
        Object[] args = ("download " + torrent + " -o " + temp + " " + options).split(" ");

        Cli run = Cli.run(args);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains(reason);
    }

    // ---- order and rates ----

    @Test
    void aSequentialDownloadRequestsItsPiecesInOrder() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 20 * TestData.PIECE_LENGTH);
        Torrent torrent = TestData.torrent(source);
        Set<Integer> requested = Collections.synchronizedSet(new LinkedHashSet<>());
        InetSocketAddress peer = seeds.start(
                torrent,
                source,
                swarm -> swarm.handle(wire -> wire.inbound()
                        .ofType(Message.Request.class)
                        .doOnNext(request -> requested.add(request.block().piece()))
                        .then()));

        Cli run = Cli.run(
                "download",
                file(torrent),
                "-o",
                temp.resolve("copy"),
                "--sequential",
                "--peer",
                "127.0.0.1:" + peer.getPort());

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        List<Integer> atAnyTime =
                AllowedFastSet.of(peer.getAddress(), torrent.hashes().wire(), 20, 10);
        assertThat(requested).hasSize(20);
        assertThat(requested.stream().filter(piece -> !atAnyTime.contains(piece)))
                .as("the pieces that wait for the unchoke")
                .isSorted();
    }

    @Test
    void aDownloadObeysItsLimit() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 600 * 1024);
        Torrent torrent = TestData.torrent(source);
        String peer = peer(torrent, source);
        long start = System.nanoTime();

        Cli run =
                Cli.run("download", file(torrent), "-o", temp.resolve("copy"), "--limit-down", "200k", "--peer", peer);

        assertThat(run.code()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(2_500));
    }
}
