/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The common part of the commands that print. */
abstract class Reporting {
    @Spec
    private @Nullable CommandSpec spec;

    /** Returns the writer of the results. */
    final PrintWriter out() {
        return command().getOut();
    }

    /** Returns the writer of everything but results. */
    final PrintWriter err() {
        return command().getErr();
    }

    /** Returns the exception of an invalid command line. */
    final ParameterException wrong(String reason) {
        return new ParameterException(command(), reason);
    }

    private CommandLine command() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }
}
