/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar, and above it one line for each other event. */
final class BarReport implements Report {
    private static final String CLEAR_REST = "\u001b[K";
    private static final String CLEAR_LINE = "\r" + CLEAR_REST;
    /** Below this many columns there is no room for a bar beside its numbers. */
    private static final int NARROW = 60;

    private static final long MIB = 1024 * 1024;

    private final PrintWriter out;
    private final IntSupplier columns;
    private @Nullable ProgressBar bar;
    private boolean closed;

    /** The text for a terminal too narrow for a bar. Read on the thread of the bar. */
    private volatile String brief = "";

    /** Creates a report as wide as the terminal, also after its width changes. */
    BarReport(PrintWriter out) {
        this(out, new ConsoleProgressBarConsumer(System.out)::getMaxRenderedLength);
    }

    /**
     * Creates a report.
     *
     * @param columns returns the maximum length of the bar
     */
    BarReport(PrintWriter out, IntSupplier columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public synchronized void on(CliEvent event) {
        if (event instanceof CliEvent.Progress progress) {
            show(progress);
            return;
        }
        if (event instanceof CliEvent.Completed) {
            close();
        }
        String text = LineReport.text(event);
        if (text != null) {
            print(text);
        }
    }

    /** Prints a line above the bar. */
    synchronized void print(String text) {
        out.println((bar == null ? "" : CLEAR_LINE) + Texts.plain(text));
        out.flush();
    }

    private void show(CliEvent.Progress progress) {
        if (closed) {
            return;
        }
        brief = Texts.percent(progress.bytes(), progress.total()) + " % " + Texts.bytes(progress.rate()) + "/s";
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("downloading")
                    .setInitialMax(progress.total())
                    .setUnit(" MiB", MIB)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new Line())
                    .build();
        }
        bar.maxHint(progress.total()); // of several torrents, some are known later
        bar.stepTo(progress.bytes());
        bar.setExtraMessage(" " + Texts.bytes(progress.rate()) + "/s, " + Texts.count(progress.peers(), "peer"));
    }

    /** Draws over the current line, and asks for the width each time. Called on the thread of the bar. */
    private final class Line extends DelegatingProgressBarConsumer {
        Line() {
            super(text -> {});
        }

        @Override
        public int getMaxRenderedLength() {
            return columns.getAsInt();
        }

        @Override
        public void accept(String line) {
            int width = columns.getAsInt();
            String text = width < NARROW ? brief : line;
            out.print("\r" + text.substring(0, Math.min(width, text.length())) + CLEAR_REST);
            out.flush();
        }
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
