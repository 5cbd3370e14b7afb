/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.peerwire.examples.swarm.SwarmEvent;

/** A progress bar, and above it one line for each other event. */
final class BarReport implements Report {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int WIDTH = 79;
    private static final long MIB = 1024 * 1024;

    private final PrintWriter out;
    private @Nullable ProgressBar bar;
    private boolean closed;

    BarReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void on(SwarmEvent event) {
        if (event instanceof SwarmEvent.Progress progress) {
            show(progress);
            return;
        }
        if (event instanceof SwarmEvent.Completed) {
            close();
        }
        String text = LineReport.text(event);
        if (text != null) {
            out.println((bar == null ? "" : CLEAR_LINE) + Texts.plain(text));
            out.flush();
        }
    }

    private void show(SwarmEvent.Progress progress) {
        if (closed) {
            return;
        }
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("downloading")
                    .setInitialMax(progress.total())
                    .setUnit(" MiB", MIB)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
                    .build();
        }
        bar.stepTo(progress.bytes());
        bar.setExtraMessage(" " + Texts.bytes(progress.rate()) + "/s, " + Texts.count(progress.peers(), "peer"));
    }

    /** Draws over the current line. Called on the thread of the bar. */
    private void draw(String line) {
        out.print("\r" + line);
        out.flush();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (bar != null) {
            bar.close();
            bar = null;
            out.println();
        }
    }
}
