/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import org.peerwire.benchmarks.swarm.SwarmRun;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The {@code bench} command. */
@Command(
        name = "bench",
        description = "Measures the cost of a wire, alone and beside other clients of the protocol.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            JmhCommand.class,
            ReportCommand.class,
            IdleWires.class,
            AttackRun.class,
            DelayRun.class,
            SwarmRun.class
        })
public final class Main {
    private Main() {}

    /** Runs a command and exits. */
    public static void main(String[] args) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> // started processes end with this one
                        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        CommandLine command = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, called, result) -> {
                    if (e instanceof IllegalStateException) { // the message names the missing program or file
                        called.getErr().println("bench: " + e.getMessage());
                        return 1;
                    }
                    throw e;
                });
        System.exit(command.execute(args));
    }
}
