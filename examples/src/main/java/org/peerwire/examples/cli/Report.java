/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.Console;
import java.io.PrintWriter;
import org.peerwire.examples.swarm.SwarmEvent;

/** Shows a user or a program what happens. */
interface Report extends SwarmEvent.Listener, AutoCloseable {

    @Override
    default void close() {}

    /** JSON when asked for, a progress bar on a terminal, lines otherwise. */
    static Report of(boolean json, PrintWriter out) {
        if (json) {
            return new JsonReport(out);
        }
        return isTerminal() ? new BarReport(out) : new LineReport(out);
    }

    /** Whether a person is watching. Since JDK 22 there may be a console that is no terminal. */
    @SuppressWarnings("SystemConsoleNull") // null is still what older ones give
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
