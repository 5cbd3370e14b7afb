/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String LINE = """
            {"work":"seed","peer":"%s","load":"64x1","round":%d,"others":%s,"stolen":0.0,"values":{"MiBps":%d,"cpuPerGiB":%s}}
            """;

    @TempDir
    Path folder;

    private Results results(String... lines) throws Exception {
        Path file = folder.resolve(Report.SAMPLES);
        Files.writeString(file, "{\"machine\":{\"processors\":\"2\"}}\n" + String.join("", lines));
        return Results.read(file);
    }

    private static String sample(String peer, int round, String others, int speed, String cpu) {
        return LINE.formatted(peer, round, others, speed, cpu);
    }

    @Test
    void ofEachRoundTheLeastDisturbedSampleCounts() throws Exception {
        Results results = results(
                sample("netty", 0, "0.9", 100, "1.0"),
                sample("netty", 0, "0.1", 200, "1.0"),
                sample("netty", 0, "0.5", 300, "1.0"),
                sample("netty", 1, "0.7", 400, "1.0"));
        assertThat(results.median("seed", "netty", "64x1", "MiBps")).hasValue(300);
        assertThat(results.disturbed(0.35)).containsExactly(2, 1);
    }

    @Test
    void aRatioComparesWithinARound() throws Exception {
        Results results = results(
                sample("peerwire", 0, "0", 100, "1.0"),
                sample("netty", 0, "0", 100, "1.0"),
                sample("peerwire", 1, "0", 10, "1.0"),
                sample("netty", 1, "0", 10, "1.0"),
                sample("peerwire", 2, "0", 30, "1.0"),
                sample("netty", 2, "0", 10, "1.0"),
                sample("peerwire", 3, "0", 1000, "1.0"));
        assertThat(results.ratio("seed", "peerwire", "netty", "64x1", "MiBps")).hasValue(1);
        assertThat(results.ratio("seed", "peerwire", "node", "64x1", "MiBps")).isEmpty();
    }

    @Test
    void medianIsTheMiddle() {
        assertThat(Results.median(List.of())).isEmpty();
        assertThat(Results.median(List.of(3.0, 1.0, 2.0))).hasValue(2);
        assertThat(Results.median(List.of(4.0, 1.0, 2.0, 3.0))).hasValue(2.5);
    }

    @Test
    void theGoalsShowReachedAndMissedValues() throws Exception {
        String table = Goal.table(results(
                sample("peerwire", 0, "0", 90, "0.5"),
                sample("netty", 0, "0", 100, "0.4"),
                sample("libtorrent", 0, "0", 100, "1.0")));
        assertThat(table)
                .contains("| seed, speed / hand-written Netty | ≥ 0.95 | 0.90 **missed** |")
                .contains("| seed, CPU / libtorrent | ≤ 0.95 | 0.50 |")
                .doesNotContain("Node")
                .doesNotContain("leech");
    }

    @Test
    void theReportHasTablesAndPlots() throws Exception {
        results(sample("peerwire", 0, "0", 90, "0.5"), sample("netty", 0, "0.9", 100, "0.4"));
        Path report = Report.write(folder, 0.35);
        assertThat(report)
                .content()
                .contains("- processors: 2")
                .contains("2 samples, 1 of them disturbed")
                .contains("| peerwire | 90.0 | 0.50 |")
                .contains("(seed-MiBps.png)");
        assertThat(ImageIO.read(folder.resolve("seed-MiBps.png").toFile()).getWidth())
                .isEqualTo(800);
        assertThat(folder.resolve("seed-cpuPerGiB.png")).isNotEmptyFile();
    }
}
