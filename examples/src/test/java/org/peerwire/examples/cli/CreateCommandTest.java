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
import org.peerwire.examples.swarm.TestData;
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
    void aMalformedExclusionIsAnInvalidCommandLine() throws IOException {
        Path file = TestData.file(temp.resolve("file.bin"), 1000);

        Cli run = Cli.run("create", file, "-o", temp.resolve("x.torrent"), "--exclude", "[");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
    }
}
