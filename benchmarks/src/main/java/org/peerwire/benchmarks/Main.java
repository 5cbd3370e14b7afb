/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks. */
@Command(
        name = "peerwire-benchmarks",
        description = "Measures what Peerwire costs.",
        mixinStandardHelpOptions = true,
        subcommands = {IdleWires.class, AttackRun.class})
public final class Main {
    private Main() {}

    /** Runs a command and exits. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
