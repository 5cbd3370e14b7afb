/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests that the programs run, on a small scale. The measured values have no meaning. */
class ProgramsTest {

    @Test
    void idleWiresAreCounted() {
        String out = run(new IdleWires(), "--wires", "40", "--heap", "128m");
        assertThat(out).startsWith("40 wires").contains("heap per wire", "server after     Memory[wires=40,");
    }

    @Test
    void everyAttackIsMade() {
        int kinds = Attack.values().length;
        String out =
                run(new AttackRun(), "--peers=" + kinds * 2, "--rounds=1", "--seconds=0.2", "--turns=1", "--heap=256m");
        for (Attack attack : Attack.values()) {
            assertThat(out).containsPattern(attack + " +2 peers");
        }
        assertThat(out).contains("an honest peer gets");
    }

    @Test
    void aStormIsMadeAndTheWiresAfterItAreCounted() {
        String out = run(new StormRun(), "--threads=4", "--seconds=0.3", "--closers=5");
        assertThat(out)
                .contains("5 handshakes that close at once; so far 5 connections, 0 refused")
                .containsPattern("an honest peer after it: 8 MiB in")
                .containsPattern("nobody connected: \\d+ open wires, \\d+ on the heap");
    }

    /** Returns the output of a command. A missed target does not fail the test. */
    private static String run(Object program, String... args) {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = new CommandLine(program)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(errors))
                .execute(args);
        assertThat(errors.toString()).isEmpty();
        assertThat(code).isBetween(0, 1);
        return out.toString();
    }
}
