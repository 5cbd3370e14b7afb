/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands that print have in common. */
abstract class Reporting {
    @Spec
    private @Nullable CommandSpec spec;

    /** Where to print. */
    final PrintWriter out() {
        return command().getOut();
    }

    /** Where to print what is no result. */
    final PrintWriter err() {
        return command().getErr();
    }

    /** The call was wrong. */
    final ParameterException wrong(String reason) {
        return new ParameterException(command(), reason);
    }

    private CommandLine command() {
        return Objects.requireNonNull(spec, "set by picocli").commandLine();
    }
}
