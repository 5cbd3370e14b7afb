/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests the simulation on a small scale. {@code bench swarm --check} compares the strategies. */
class SimulationTest {
    private static final int KIB = 1024;

    @TempDir
    Path folder;

    private static Outcome run(int leeches, long seed, Strategy strategy, Content content) {
        return new World(new World.Setup(
                        leeches,
                        seed,
                        strategy,
                        content,
                        40,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(1)))
                .run();
    }

    @Test
    void aSeedGivesTheSameTableAndTheSameBytesAtTheSameTimes() {
        Content content = new Content(2048 * KIB, 64 * KIB);
        Outcome first = run(20, 1, Strategy.STANDARD, content);
        Outcome second = run(20, 1, Strategy.STANDARD, content);

        assertThat(second.cells()).isEqualTo(first.cells());
        assertThat(second.trace()).isEqualTo(first.trace());
        assertThat(run(20, 2, Strategy.STANDARD, content).trace()).isNotEqualTo(first.trace());
    }

    @Test
    void aCheckFailsIfLeechesStayIncomplete() {
        StringWriter errors = new StringWriter();
        int code = new CommandLine(new SwarmRun())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute("--leeches=5", "--mib=1", "--limit=0", "--check=1");

        assertThat(code).isOne();
        assertThat(errors.toString()).contains("bench: 5 leeches must be complete");
    }

    @Test
    void theTableAndThePictureAreWritten() throws Exception {
        StringWriter out = new StringWriter();
        Path svg = folder.resolve("curves.svg");
        int code = new CommandLine(new SwarmRun())
                .setOut(new PrintWriter(out))
                .execute("--leeches=5", "--strategies=STANDARD,RANDOM_PIECE", "--mib=1", "--minutes=1", "--svg=" + svg);

        assertThat(code).isZero();
        assertThat(out.toString().lines()).hasSize(3).last().asString().startsWith("5 | random-piece | ");
        assertThat(Files.readString(svg))
                .startsWith("<svg")
                .contains("5 leeches", "<polyline")
                .endsWith("</svg>\n");
    }
}
