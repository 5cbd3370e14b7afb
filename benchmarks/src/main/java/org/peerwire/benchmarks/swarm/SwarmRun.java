/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Simulates whole swarms under virtual time. */
@Command(
        name = "swarm",
        description = "Simulates swarms in memory under virtual time, and compares strategies. The same seed gives the"
                + " same table.")
public final class SwarmRun implements Callable<Integer> {

    @Option(
            names = "--leeches",
            split = ",",
            paramLabel = "N",
            description = "Numbers of leeches (default: ${DEFAULT-VALUE}).",
            defaultValue = "50,200,1000")
    private List<Integer> leeches = List.of();

    @Option(
            names = "--strategies",
            split = ",",
            paramLabel = "NAME",
            description = "Any of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "STANDARD,RANDOM_PIECE,NO_RECIPROCATION")
    private List<Strategy> strategies = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--mib", paramLabel = "N", description = "Size of the torrent (default: ${DEFAULT-VALUE}).")
    private int mib = 16;

    @Option(names = "--piece-kib", paramLabel = "N", description = "Length of a piece (default: ${DEFAULT-VALUE}).")
    private int pieceKib = 128;

    @Option(names = "--wires", paramLabel = "N", description = "Maximum of each peer (default: ${DEFAULT-VALUE}).")
    private int wires = 40;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Virtual time at the least, for the peers that are known (default: ${DEFAULT-VALUE}).")
    private int minutes = 10;

    @Option(
            names = "--limit",
            paramLabel = "MINUTES",
            description = "Virtual time at the most (default: ${DEFAULT-VALUE}).")
    private int limit = 60;

    @Option(names = "--svg", paramLabel = "FILE", description = "Write the curves to this file.")
    private @Nullable Path svg;

    @Option(
            names = "--check",
            paramLabel = "SEEDS",
            description = "Compare the strategies over this number of seeds, and fail if the defaults are not better.")
    private int checked;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Content content = new Content(mib * 1024 * 1024, pieceKib * 1024);
        List<String> head = new ArrayList<>(Outcome.HEAD);
        head.add("real s");
        head.add("CPU s");
        head.add("MiB/CPU s");
        print(head);
        List<Outcome> all = new ArrayList<>();
        int failed = 0;
        for (int number : leeches) {
            Map<Strategy, List<Outcome>> outcomes = new EnumMap<>(Strategy.class);
            for (Strategy strategy : strategies) {
                for (int i = 0; i < Math.max(1, checked); i++) {
                    Outcome outcome = new World(setup(number, seed + i, strategy, content)).run();
                    outcomes.computeIfAbsent(strategy, s -> new ArrayList<>()).add(outcome);
                    all.add(outcome);
                    print(outcome);
                }
            }
            failed += checked > 0 ? check(outcomes) : 0;
        }
        if (svg != null) {
            Curves.write(all, svg);
        }
        return failed > 0 ? 1 : 0;
    }

    private int check(Map<Strategy, List<Outcome>> outcomes) {
        List<String> failures = Check.failures(outcomes);
        failures.forEach(failure -> spec.commandLine().getErr().println("bench: " + failure));
        return failures.size();
    }

    private void print(Outcome outcome) {
        List<String> cells = new ArrayList<>(outcome.cells());
        cells.add(Outcome.number(outcome.real(), 1));
        cells.add(Outcome.number(outcome.cpu(), 1));
        cells.add(Outcome.number(outcome.mebibytes() / outcome.cpu(), 1));
        print(cells);
    }

    private World.Setup setup(int number, long chance, Strategy strategy, Content content) {
        return new World.Setup(
                number,
                chance,
                strategy,
                content,
                wires,
                Duration.ofMinutes(1),
                Duration.ofMinutes(limit),
                Duration.ofMinutes(checked > 0 ? 0 : minutes));
    }

    private void print(List<String> cells) {
        spec.commandLine().getOut().println(String.join(" | ", cells));
        spec.commandLine().getOut().flush();
    }
}
