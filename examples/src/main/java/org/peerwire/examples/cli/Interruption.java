/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.peerwire.swarm.SwarmEvent;

/**
 * The last words of downloads that a signal ends: one line with what is kept and the way to go on. Silent once closed.
 */
final class Interruption implements AutoCloseable {
    private final Path folder;
    private final AutoCloseable report;
    private final PrintWriter err;
    private final List<State> states = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::tell, "interruption");

    /** The pieces of one torrent. Written on one thread at a time. */
    private static final class State {
        volatile int pieces;
        volatile int total;
        volatile boolean isComplete;

        void note(int verified, int all) {
            pieces = verified;
            total = all;
        }

        void on(CliEvent event) {
            if (event instanceof CliEvent.OfSwarm swarm) {
                if (swarm.event() instanceof SwarmEvent.StoreOpened opened) {
                    note(opened.pieces(), opened.total());
                } else if (swarm.event() instanceof SwarmEvent.PieceVerified verified) {
                    note(verified.pieces(), verified.total());
                }
            } else if (event instanceof CliEvent.Completed) {
                isComplete = true;
            }
        }
    }

    private Interruption(Path folder, AutoCloseable report, PrintWriter err) {
        this.folder = folder;
        this.report = report;
        this.err = err;
    }

    /**
     * Starts to wait for a signal.
     *
     * @param report is closed before the line, because it may have begun another one
     */
    static Interruption during(Path folder, AutoCloseable report, PrintWriter err) {
        Interruption interruption = new Interruption(folder, report, err);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Returns a listener for the events of one more torrent, which passes them on. */
    CliEvent.Listener watching(CliEvent.Listener next) {
        State state = new State();
        states.add(state);
        return event -> {
            synchronized (state) { // the swarm and the trackers have their own threads
                state.on(event);
                next.on(event);
            }
        };
    }

    private void tell() {
        try {
            report.close();
        } catch (Exception e) {
            // the line is more important
        }
        err.println("peerwire download: " + Texts.plain(text()));
        err.flush();
    }

    /** Returns the line. */
    String text() {
        long complete = states.stream().filter(state -> state.isComplete).count();
        if (complete > 0 && complete == states.size()) {
            return "seeding stopped, the files are complete in " + folder;
        }
        long pieces = states.stream().mapToLong(state -> state.pieces).sum();
        long total = states.stream().mapToLong(state -> state.total).sum();
        String verified = total == 0
                ? "nothing is verified yet"
                : pieces + " of " + Texts.count(total, "piece") + " are verified in " + folder;
        String torrents = states.size() > 1
                ? complete + " of " + states.size() + (complete == 1 ? " torrents is" : " torrents are") + " complete, "
                : "";
        return "interrupted: " + torrents + verified + "; run the same command again to go on";
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
