/* SPDX-License-Identifier: MIT */
package org.peerwire.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A report with one line per test, printed at the end and written to {@code target/report.md}. */
final class Report implements AutoCloseable {
    private static final Path FILE = Path.of("target", "report.md");

    private final List<String> rows = Collections.synchronizedList(new ArrayList<>());

    /** Returns the report of the run. */
    static Report of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(Report.class, key -> new Report(), Report.class);
    }

    void add(String test, double seconds, String result) {
        rows.add(String.format(Locale.ROOT, "| %s | %.1f s | %s |", test, seconds, result));
    }

    @Override
    public void close() throws IOException {
        Stream<String> versions = Stream.of(RealClient.Kind.values())
                .flatMap(kind -> Clients.version(kind).stream())
                .map(version -> "- " + version);
        Stream<String> head = Stream.of("", "| test | time | observation |", "|---|---|---|");
        List<String> lines = Stream.concat(
                        Stream.concat(versions, head), rows.stream().sorted())
                .toList();
        Files.write(FILE, lines);
        lines.forEach(System.out::println);
    }
}
