/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One progress bar for several torrents, and above it the lines of each. */
final class SharedBar implements Reports {
    private final PrintWriter out;
    private final BarReport bar;
    private final Map<Target, CliEvent.Progress> latest = new LinkedHashMap<>();

    SharedBar(PrintWriter out, BarReport bar) {
        this.out = out;
        this.bar = bar;
    }

    @Override
    public CliEvent.Listener of(Target target) {
        LineReport lines = new LineReport(out, target.name());
        return event -> on(target, lines, event);
    }

    private synchronized void on(Target target, LineReport lines, CliEvent event) {
        if (event instanceof CliEvent.Progress progress) {
            latest.put(target, progress);
            bar.on(sum());
            return;
        } else if (event instanceof CliEvent.Completed || event instanceof CliEvent.Failed) {
            latest.computeIfPresent(target, (same, last) -> new CliEvent.Progress(last.bytes(), last.total(), 0, 0));
        }
        @Nullable String line = lines.line(event);
        if (line != null) {
            bar.print(line);
        }
    }

    private CliEvent.Progress sum() {
        return latest.values().stream()
                .reduce(
                        new CliEvent.Progress(0, 0, 0, 0),
                        (all, one) -> new CliEvent.Progress(
                                all.bytes() + one.bytes(),
                                all.total() + one.total(),
                                all.rate() + one.rate(),
                                all.peers() + one.peers()));
    }

    @Override
    public void onAll(CliEvent event) {
        bar.on(event);
    }

    @Override
    public void close() {
        bar.close();
    }
}
