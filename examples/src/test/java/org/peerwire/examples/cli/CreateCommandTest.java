/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.metadata.Torrent;

class CreateCommandTest {
    @TempDir
    private Path temp;

    @Test
    void theOptionsReachTheTorrent() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 100_000);
        Path out = temp.resolve("x.torrent");

        Cli run = Cli.run(
                "create",
                file,
                "-o",
                out,
                "--tracker",
                "http://a.invalid/",
                "--tracker",
                "http://b.invalid/",
                "--private",
                "--comment",
                "hello",
                "--source",
                "mark",
                "--piece-length",
                "32KiB");

        assertThat(run.err()).isEmpty();
        Torrent torrent = Torrent.read(out);
        assertThat(torrent.trackers()).isEqualTo(List.of(List.of("http://a.invalid/"), List.of("http://b.invalid/")));
        assertThat(torrent.isPrivate()).isTrue();
        assertThat(torrent.comment()).contains("hello");
        assertThat(torrent.pieceLength()).isEqualTo(32 * 1024);
        assertThat(new String(torrent.info(), StandardCharsets.ISO_8859_1)).contains("6:source4:mark");
    }

    @Test
    void theFilesLeftOutAreCounted() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("things"));
        TestData.file(folder.resolve("a.bin"), 1000);
        TestData.file(folder.resolve("b.tmp"), 1000);
        TestData.file(folder.resolve("c.tmp"), 1000);
        TestData.file(folder.resolve(".d"), 1000);
        Path out = temp.resolve("x.torrent");

        Cli run = Cli.run("create", folder, "-o", out, "--exclude", "*.tmp");
        assertThat(run.out()).contains("left out   2 excluded").contains("left out   1 hidden");
        assertThat(Torrent.read(out).contentFiles()).hasSize(1);

        Cli all = Cli.run("create", folder, "-o", out, "--hidden");
        assertThat(all.out()).doesNotContain("left out");
        assertThat(Torrent.read(out).contentFiles()).hasSize(4);
    }

    @Test
    void severalPieceLengthsGiveATorrentEach() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 100_000);
        Path out = temp.resolve("x.torrent");

        Cli run = Cli.run("create", file, "-o", out, "--piece-length", "16K", "--piece-length", "1024KiB");

        assertThat(run.err()).isEmpty();
        Path small = temp.resolve("x.16KiB.torrent");
        Path large = temp.resolve("x.1MiB.torrent");
        assertThat(run.out().lines())
                .containsExactly(
                        "wrote      " + small,
                        "info hash  " + Torrent.read(small).hashes().wire(),
                        "magnet     " + Torrent.read(small).magnet(),
                        "wrote      " + large,
                        "info hash  " + Torrent.read(large).hashes().wire(),
                        "magnet     " + Torrent.read(large).magnet());
        assertThat(Torrent.read(small).pieceLength()).isEqualTo(16 * 1024);
        assertThat(Torrent.read(large).pieceLength()).isEqualTo(1024 * 1024);
        assertThat(out).doesNotExist();
    }

    @Test
    void thePieceLengthIsAtTheEndOfANameWithoutTheExtension() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        Cli.run("create", file, "-o", temp.resolve("x.y"), "--piece-length", "16K", "--piece-length", "32K");
        Cli.run("create", file, "-o", temp.resolve("Z.TORRENT"), "--piece-length", "16K", "--piece-length", "32K");

        assertThat(temp.toFile().list())
                .containsExactlyInAnyOrder("file.bin", "x.y.16KiB", "x.y.32KiB", "Z.16KiB.TORRENT", "Z.32KiB.TORRENT");
    }

    @Test
    void aFileLeftOutOfSeveralTorrentsIsCountedOnce() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("things"));
        TestData.file(folder.resolve("a.bin"), 1000);
        TestData.file(folder.resolve("b.tmp"), 1000);

        Cli run = Cli.run(
                "create",
                folder,
                "-o",
                temp.resolve("x.torrent"),
                "--exclude",
                "*.tmp",
                "--piece-length",
                "16K",
                "--piece-length",
                "32K");

        assertThat(run.out().lines()).last().isEqualTo("left out   1 excluded");
    }

    @Test
    void allOutputsAreCheckedBeforeAnyIsWritten() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);
        Path out = temp.resolve("x.torrent");
        Files.createDirectories(temp.resolve("x.32KiB.torrent"));

        Cli folder = Cli.run("create", file, "-o", out, "--piece-length", "16K", "--piece-length", "32K");
        assertThat(folder.code()).isEqualTo(1);
        assertThat(folder.err()).contains("was the folder " + temp.resolve("x.32KiB.torrent"));

        Cli invalid = Cli.run("create", file, "-o", out, "--piece-length", "16K", "--piece-length", "100000");
        assertThat(invalid.code()).isEqualTo(2);
        assertThat(invalid.err()).contains("power of two");

        Cli twice = Cli.run("create", file, "-o", out, "--piece-length", "1M", "--piece-length", "1024K");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("must have different values, was twice 1MiB");

        assertThat(temp.resolve("x.16KiB.torrent")).doesNotExist();
        assertThat(temp.resolve("x.1MiB.torrent")).doesNotExist();
    }

    @Test
    void aMalformedExclusionIsAnInvalidCommandLine() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        Cli run = Cli.run("create", file, "-o", temp.resolve("x.torrent"), "--exclude", "[");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
    }
}
