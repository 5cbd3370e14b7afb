/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * The result of one run of the command line.
 *
 * @param code the exit code
 * @param out the standard output
 * @param err the standard error
 */
record Cli(int code, String out, String err) {

    /** Runs a command in this process. */
    static Cli run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
        return new Cli(Main.execute(command, texts), out.toString(), err.toString());
    }
}
