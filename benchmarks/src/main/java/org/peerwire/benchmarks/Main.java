/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The {@code bench} command. */
@Command(
        name = "bench",
        description = "Measures what a wire costs, alone and beside others who speak the same protocol.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, JmhCommand.class, ReportCommand.class, IdleWires.class, AttackRun.class})
public final class Main {
    private Main() {}

    /** Runs a command and exits. */
    public static void main(String[] args) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> // whom we have started goes with us
                        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        CommandLine command = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, called, result) -> {
                    if (e instanceof IllegalStateException) { // something is missing, and the message says what
                        called.getErr().println("bench: " + e.getMessage());
                        return 1;
                    }
                    throw e;
                });
        System.exit(command.execute(args));
    }
}
