/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Measures, and writes the samples and the report. Without WORK, runs all works.")
final class RunCommand implements Callable<Integer> {

    /** The works, in the order of their execution. */
    private static final Map<String, BiFunction<Settings, Peers, Trial.Work>> WORKS = new LinkedHashMap<>();

    static {
        WORKS.put("seed", SeedWork::throughput);
        WORKS.put("leech", LeechWork::new);
        WORKS.put("rc4", EncryptionWork::new);
        WORKS.put("latency", SeedWork::latency);
        WORKS.put("dial", (settings, peers) -> new DialWork(peers));
        WORKS.put("beside", BystanderWork::new);
        WORKS.put("download", DiskWork::new);
        WORKS.put("idle", IdleWork::new);
        WORKS.put("dht", (settings, peers) -> new DhtWork(peers));
    }

    @Parameters(
            paramLabel = "WORK",
            arity = "0..*",
            description =
                    "seed, leech, rc4 (encryption), latency, dial, beside (a slow subscriber), download (to disk), idle,"
                            + " dht (questions answered by a node).")
    private List<String> works = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the samples and the report (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("benchmarks/results");

    @Option(names = "--append", description = "Keep the existing samples, and add new ones.")
    private boolean append;

    @Mixin
    private Settings settings = new Settings();

    @Override
    public Integer call() throws Exception {
        List<String> wanted = works.isEmpty() ? List.copyOf(WORKS.keySet()) : works;
        for (String work : wanted) {
            if (!WORKS.containsKey(work)) {
                throw new IllegalStateException("WORK must be one of " + WORKS.keySet() + ", was " + work);
            }
        }
        Files.createDirectories(folder);
        Path samples = folder.resolve(Report.SAMPLES);
        if (!append) {
            Files.deleteIfExists(samples);
        }
        Peers peers = new Peers(settings);
        Trial trial = new Trial(settings, samples);
        Map<String, String> facts = Machine.facts();
        facts.putAll(peers.versions());
        trial.machine(facts);
        for (String work : wanted) {
            // one round: idle wires take minutes and hardly vary
            Trial.Work made = Objects.requireNonNull(WORKS.get(work)).apply(settings, peers);
            trial.run(made, work.equals("idle") ? 1 : settings.rounds);
        }
        System.out.println("\n" + Goal.table(Results.read(samples)));
        System.out.println(Report.write(folder, settings.noise));
        return 0;
    }
}
