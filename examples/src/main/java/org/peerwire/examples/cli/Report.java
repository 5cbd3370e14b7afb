/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.Console;
import java.io.PrintWriter;

/** A printer of events, for a user or a program. */
interface Report extends CliEvent.Listener, AutoCloseable {

    @Override
    default void close() {}

    /**
     * Returns a JSON report if asked for, a progress bar on a terminal, and lines otherwise.
     *
     * @param lines true for lines also on a terminal, because other lines there would break the bar
     */
    static Report of(boolean json, boolean lines, PrintWriter out) {
        if (json) {
            return new JsonReport(out);
        }
        return !lines && isTerminal() ? new BarReport(out) : new LineReport(out);
    }

    /** Returns whether a person is watching. Since JDK 22 a console need not be a terminal. */
    @SuppressWarnings("SystemConsoleNull") // older versions still return null
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
