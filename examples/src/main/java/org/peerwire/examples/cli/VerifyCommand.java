/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = "Hashes the data of a torrent on disk, and writes nothing. Exit code 0 means complete.",
        mixinStandardHelpOptions = true)
final class VerifyCommand extends Reporting implements Callable<Integer> {
    /** The maximum number of lines about files, and of ranges of pieces, for people. JSON has all. */
    private static final int MAX_FILES = 20;

    private static final int MAX_RANGES = 10;

    @Mixin
    private DataOptions source = new DataOptions();

    @Option(names = "--json", description = "Print one JSON object in one line.")
    private boolean json;

    /** Pieces that follow each other. */
    private record Range(int first, int last) {
        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    @Override
    public Integer call() throws IOException {
        Torrent torrent = source.torrent();
        boolean shows = !json && Report.isTerminal();
        Verification.Result result;
        try {
            result = Objects.requireNonNull(
                    Verification.run(torrent, source.data(), shows ? progress(torrent.pieceCount()) : done -> {})
                            .block(),
                    "a result or a failure");
        } finally {
            if (shows) {
                err().print("\r\u001b[K");
                err().flush();
            }
        }
        if (json) {
            out().println(line(torrent, result));
        } else {
            result.files().stream().limit(MAX_FILES).forEach(this::print);
            if (result.files().size() > MAX_FILES) {
                out().println("and " + (result.files().size() - MAX_FILES) + " more files");
            }
            out().println(summary(torrent, result));
        }
        return result.isComplete() ? 0 : 1;
    }

    /** Returns a printer of the percentage in the current line. */
    private IntConsumer progress(int total) {
        return done -> {
            if (done == total || Texts.percent(done, total) > Texts.percent(done - 1, total)) {
                err().print("\rverifying " + Texts.percent(done, total) + " %");
                err().flush();
            }
        };
    }

    private void print(Verification.FlawedFile file) {
        out().println(Texts.plain(text(file.flaw()) + ": " + file.path()));
    }

    private static String text(Verification.Flaw flaw) {
        return switch (flaw) {
            case MISSING -> "missing";
            case OTHER -> "not a file";
            case SHORT -> "too short";
            case LONG -> "longer than in the torrent";
            case BAD -> "bad";
            case SUSPECT -> "shares a bad piece";
        };
    }

    private static String summary(Torrent torrent, Verification.Result result) {
        String pieces = result.good().cardinality() + " of " + Texts.count(result.total(), "piece");
        if (result.isComplete()) {
            return "complete: " + pieces + ", " + Texts.bytes(torrent.contentLength());
        }
        List<Range> bad = bad(result);
        if (bad.isEmpty()) {
            return "incomplete: " + pieces + "; an empty file is missing";
        }
        List<String> shown = bad.stream().limit(MAX_RANGES).map(Range::toString).toList();
        return "incomplete: " + pieces + "; bad or missing: " + String.join(", ", shown)
                + (bad.size() > MAX_RANGES ? " and " + (bad.size() - MAX_RANGES) + " more" : "");
    }

    private static List<Range> bad(Verification.Result result) {
        BitSet good = result.good();
        List<Range> ranges = new ArrayList<>();
        for (int first = good.nextClearBit(0); first < result.total(); ) {
            int next = good.nextSetBit(first);
            int end = next < 0 ? result.total() : next;
            ranges.add(new Range(first, end - 1));
            first = good.nextClearBit(end);
        }
        return ranges;
    }

    private static JsonLine line(Torrent torrent, Verification.Result result) {
        JsonLine line = new JsonLine();
        line.node()
                .put("complete", result.isComplete())
                .put("pieces", result.good().cardinality())
                .put("total", result.total())
                .put("bytes", result.goodBytes())
                .put("length", torrent.contentLength());
        ArrayNode bad = line.node().putArray("bad");
        bad(result).forEach(range -> bad.addArray().add(range.first()).add(range.last()));
        ArrayNode files = line.node().putArray("files");
        result.files().forEach(file -> files.addObject()
                .put("path", file.path().toString())
                .put("flaw", file.flaw().name().toLowerCase(Locale.ROOT)));
        return line;
    }
}
