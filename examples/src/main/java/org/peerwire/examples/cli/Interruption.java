/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.peerwire.examples.swarm.SwarmEvent;

/**
 * The last words of a download that a signal ends: one line with the verified pieces and the way to go on. Silent once
 * closed.
 */
final class Interruption implements SwarmEvent.Listener, AutoCloseable {
    private final Path folder;
    private final Report report;
    private final PrintWriter err;
    private final Thread hook = new Thread(this::tell, "interruption");
    private volatile String verified = "nothing is verified yet";

    private Interruption(Path folder, Report report, PrintWriter err) {
        this.folder = folder;
        this.report = report;
        this.err = err;
    }

    /**
     * Starts to wait for a signal.
     *
     * @param report receives each event too, and is closed before the line
     */
    static Interruption during(Path folder, Report report, PrintWriter err) {
        Interruption interruption = new Interruption(folder, report, err);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    @Override
    public void on(SwarmEvent event) {
        if (event instanceof SwarmEvent.Checked checked) {
            note(checked.pieces(), checked.total());
        } else if (event instanceof SwarmEvent.PieceDone done) {
            note(done.pieces(), done.total());
        }
        report.on(event);
    }

    private void note(int pieces, int total) {
        verified = pieces + " of " + Texts.count(total, "piece") + " are verified in " + folder;
    }

    private void tell() {
        report.close(); // ends the line of a progress bar
        err.println(
                "peerwire download: interrupted: " + Texts.plain(verified) + "; run the same command again to go on");
        err.flush();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the signal has come: the line is printed
        }
    }
}
