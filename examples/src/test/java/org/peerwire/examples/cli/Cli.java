/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The result of one run of the command line.
 *
 * @param code the exit code
 * @param out the standard output
 * @param err the standard error
 */
record Cli(int code, String out, String err) {

    /** Returns the command line. In tests, the local network is not searched: other tests may be there. */
    static CommandLine command() {
        CommandLine command = Main.commandLine();
        return command.setDefaultValueProvider(Cli::standard); // also of its subcommands
    }

    private static @Nullable String standard(ArgSpec argument) {
        return argument instanceof OptionSpec option && option.longestName().equals("--no-local-peers") ? "true" : null;
    }

    /** Runs a command in this process. */
    static Cli run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = command().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
        return new Cli(Main.execute(command, texts), out.toString(), err.toString());
    }
}
