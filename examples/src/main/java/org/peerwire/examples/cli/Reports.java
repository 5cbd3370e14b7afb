/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;

/** The reports of a command: one for each torrent, all in one style. */
interface Reports extends AutoCloseable {

    /** Returns the report of a torrent. */
    CliEvent.Listener of(Target target);

    /** Prints an event of no single torrent. */
    void onAll(CliEvent event);

    @Override
    void close();

    /**
     * Returns JSON reports if asked for, a progress bar on a terminal, and lines otherwise. With several torrents, each
     * JSON object has the info hash as "torrent", each line begins with the name, and the bar is for all.
     *
     * @param lines true for lines also on a terminal, because other lines there would break the bar
     * @param torrents the number of torrents
     */
    static Reports of(boolean json, boolean lines, PrintWriter out, int torrents) {
        if (torrents == 1) {
            return single(Report.of(json, lines, out));
        } else if (json) {
            return several(
                    new JsonReport(out),
                    target -> new JsonReport(out, target.hashes().wire().toHex()));
        }
        return !lines && Report.isTerminal()
                ? new SharedBar(out, new BarReport(out))
                : several(new LineReport(out), target -> new LineReport(out, target.name()));
    }

    private static Reports single(Report report) {
        return several(report, target -> report);
    }

    /** A way to make the report of a torrent. */
    @FunctionalInterface
    interface Maker {
        Report of(Target target);
    }

    private static Reports several(Report all, Maker each) {
        return new Reports() {
            @Override
            public CliEvent.Listener of(Target target) {
                return each.of(target);
            }

            @Override
            public void onAll(CliEvent event) {
                all.on(event);
            }

            @Override
            public void close() {
                all.close();
            }
        };
    }
}
