/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report of a run: README.md and plots, from the raw lines and the results of JMH. */
final class Report {
    static final String SAMPLES = "samples.jsonl";
    static final String JMH = "jmh.json";

    /** The content of a table: its title, and its columns or the parts of its cells. */
    private record Shown(String title, Map<String, String> values) {}

    private static final Map<String, Shown> WORKS = Map.of(
            "rc4",
                    shown(
                            "Our leech at our seed, plain and encrypted",
                            "MiBps",
                            "MiB/s",
                            "seedCpuPerGiB",
                            "seed, CPU s/GiB",
                            "leechCpuPerGiB",
                            "leech, CPU s/GiB"),
            "seed", shown("Seeding to the neutral peer", "MiBps", "MiB/s", "cpuPerGiB", "CPU s/GiB"),
            "leech", shown("Leeching from the neutral peer", "MiBps", "MiB/s", "cpuPerGiB", "CPU s/GiB"),
            "latency", shown("Request to block at depth 1", "p50", "p50 µs", "p99", "p99 µs"),
            "dial",
                    shown(
                            "Dialling: handshake, extended handshake, close",
                            "perSecond",
                            "per second",
                            "perCpuSecond",
                            "per CPU second"),
            "idle",
                    shown(
                            "Idle wires",
                            "cpuPercent",
                            "% of a core",
                            "heapPerWire",
                            "heap bytes each",
                            "directPerWire",
                            "direct bytes each",
                            "residentPerWire",
                            "resident bytes each",
                            "acceptedPerSecond",
                            "accepted per second"),
            "dht",
                    shown(
                            "Questions answered by a node of the DHT on one core",
                            "perSecond",
                            "per second",
                            "perCpuSecond",
                            "per CPU second",
                            "bytesPerAnswer",
                            "bytes of an answer",
                            "unanswered",
                            "unanswered"),
            "beside", shown("Ten wires beside another on the same loop", "MiBps", "MiB/s", "cpuPerGiB", "CPU s/GiB"),
            "download",
                    shown(
                            "Download to disk with SHA-1",
                            "MiBps",
                            "MiB/s",
                            "cpuPerGiB",
                            "CPU s/GiB",
                            "sha1MiBps",
                            "SHA-1 on a core, MiB/s",
                            "diskMiBps",
                            "writing a file, MiB/s",
                            "ofLimit",
                            "of the limit"));

    private static Shown shown(String title, String... namesAndColumns) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndColumns.length; i += 2) {
            values.put(namesAndColumns[i], namesAndColumns[i + 1]);
        }
        return new Shown(title, values);
    }

    private final Path folder;
    private final StringBuilder text = new StringBuilder();

    private Report(Path folder) {
        this.folder = folder;
    }

    /** Writes the report, and returns its file. */
    static Path write(Path folder, double noise) throws IOException {
        Report report = new Report(folder);
        report.text.append(
                "# Results\n\nWritten by `bench report`; see [how](../README.md). Medians over the rounds.\n");
        Path samples = folder.resolve(SAMPLES);
        if (Files.exists(samples)) {
            report.samples(Results.read(samples), noise);
        }
        Path jmh = folder.resolve(JMH);
        if (Files.exists(jmh)) {
            report.jmh(new ObjectMapper().readTree(jmh.toFile()));
        }
        return Files.writeString(folder.resolve("README.md"), report.text);
    }

    private void samples(Results results, double noise) throws IOException {
        int[] disturbed = results.disturbed(noise);
        text.append("\n");
        results.machine()
                .forEach((name, fact) ->
                        text.append("- ").append(name).append(": ").append(fact).append("\n"));
        text.append("\n").append(disturbed[0]).append(" samples, ");
        text.append(disturbed[1])
                .append(" of them disturbed: others took more than ")
                .append(noise);
        text.append(" cores, each time.\n\n## Goals\n\n").append(Goal.table(results));
        for (String work : results.works()) {
            table(results, work, WORKS.getOrDefault(work, new Shown(work, Map.of())));
            if (work.equals("seed") || work.equals("leech")) {
                for (String value : List.of("MiBps", "cpuPerGiB")) {
                    String file = work + "-" + value;
                    String unit = value.equals("MiBps") ? "MiB/s" : "CPU seconds per GiB";
                    Plot.write(results, work, value, unit, folder.resolve(file));
                    text.append("\n![")
                            .append(work)
                            .append(", ")
                            .append(unit)
                            .append("](")
                            .append(file)
                            .append(".png)\n");
                }
            }
        }
    }

    private void table(Results results, String work, Shown shown) {
        List<String> loads = results.loads(work);
        text.append("\n## ").append(shown.title()).append("\n\n");
        if (loads.size() > 1) {
            text.append("Columns are requests outstanding x wires; cells are ");
            text.append(String.join(" · ", shown.values().values())).append(".\n\n");
            row("peer", loads);
            row("---", loads.stream().map(load -> "---").toList());
        } else {
            row("peer", List.copyOf(shown.values().values()));
            row("---", shown.values().values().stream().map(value -> "---").toList());
        }
        for (String peer : results.peers(work)) {
            List<List<String>> cells = loads.stream()
                    .map(load -> shown.values().keySet().stream()
                            .map(value -> cell(results, work, peer, load, value))
                            .toList())
                    .toList();
            row(
                    peer,
                    loads.size() > 1
                            ? cells.stream().map(c -> String.join(" · ", c)).toList()
                            : cells.get(0));
        }
    }

    private static String cell(Results results, String work, String peer, String load, String value) {
        return results.median(work, peer, load, value).stream()
                .mapToObj(Goal::number)
                .findFirst()
                .orElse("–");
    }

    private void row(String first, List<String> rest) {
        text.append("| ").append(first).append(rest.stream().collect(Collectors.joining(" | ", " | ", " |\n")));
    }

    /** Appends the time and the allocation of each benchmark. */
    private void jmh(JsonNode benchmarks) {
        text.append("\n## Messages and values (JMH)\n\n");
        row("benchmark", List.of("time", "±", "unit", "bytes allocated"));
        row("---", List.of("---", "---", "---", "---"));
        for (JsonNode benchmark : benchmarks) {
            String name = benchmark.get("benchmark").asText();
            String[] parts = name.split("\\.", -1);
            StringBuilder title = new StringBuilder(parts[parts.length - 2] + "." + parts[parts.length - 1]);
            if (benchmark.has("params")) {
                benchmark.get("params").forEach(param -> title.append(" ").append(param.asText()));
            }
            JsonNode time = benchmark.get("primaryMetric");
            JsonNode garbage = benchmark.path("secondaryMetrics").path("gc.alloc.rate.norm");
            row(
                    title.toString(),
                    List.of(
                            decimals(time.get("score").asDouble()),
                            decimals(time.get("scoreError").asDouble()),
                            time.get("scoreUnit").asText(),
                            garbage.isMissingNode()
                                    ? "–"
                                    : decimals(garbage.get("score").asDouble())));
        }
    }

    private static String decimals(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f", value);
    }
}
