/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A measurement of the cost of many hostile peers for a server: its memory, and the speed of an honest peer. */
@Command(
        name = "attack",
        description =
                "Runs hostile peers against a server in its own JVM. Prints the memory per peer, and the speed of an honest"
                        + " peer with and without them. Exit code 1: a target is missed.",
        mixinStandardHelpOptions = true,
        subcommands = StormRun.class)
final class AttackRun implements Callable<Integer> {
    private static final double MEMORY_TARGET = 1.5 * 1024 * 1024;
    private static final double RATE_TARGET = 0.8;
    private static final int WARM_UPS = 3;
    private static final int LOOKS = 3;
    private static final long PAUSE_NANOS = 100_000_000;

    @Option(
            names = "--peers",
            description = "Number of hostile peers. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int peers;

    @Option(
            names = "--rounds",
            description = "Number of rounds, each with and without hostile peers. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int rounds;

    @Option(
            names = "--seconds",
            description = "Seconds that the honest peer downloads per round. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private double seconds;

    @Option(
            names = "--turns",
            description = "Seconds between the hostile peers and the honest one. Default: ${DEFAULT-VALUE}.",
            defaultValue = "15")
    private int turns;

    @Option(
            names = "--kinds",
            split = ",",
            description = "Attacks: ${COMPLETION-CANDIDATES}. Default: all, in equal parts.")
    private List<Attack> kinds = List.of(Attack.values());

    @Option(
            names = "--heap",
            description = "Maximum heap of the server. Default: ${DEFAULT-VALUE}.",
            defaultValue = "2g")
    private String heap = "2g";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final List<Double> unloaded = new ArrayList<>();
    private final List<Double> attacked = new ArrayList<>();
    private long most;
    private long resident;

    @Override
    public Integer call() {
        try (ServerProcess server = new ServerProcess(Server.Role.SWARMING, heap)) {
            for (int warm = 0; warm < WARM_UPS; warm++) {
                HonestPeer.rate(server.port(), time());
            }
            Memory before = server.memoryWhen(count -> count == 0);
            for (int round = 1; round <= rounds; round++) {
                unloaded.add(HonestPeer.rate(server.port(), time()));
                attack(server, round);
                server.memoryWhen(count -> count == 0);
            }
            return print(before) ? 0 : 1;
        }
    }

    private void attack(ServerProcess server, int round) {
        Attackers attackers = new Attackers(kinds, peers, server.port());
        try (attackers) {
            while (attackers.rounds() < turns) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            attacked.add(HonestPeer.rate(server.port(), time()));
            for (int look = 0; look < LOOKS; look++) {
                Memory memory = server.memory();
                most = Math.max(most, memory.total());
                resident = Math.max(resident, memory.rssPeak());
                out().printf(
                                "round %d: %d wires, heap %s, direct %s; honest %s/s, without the others %s/s%n",
                                round,
                                memory.wires(),
                                Memory.mib((double) memory.heap()),
                                Memory.mib((double) memory.direct()),
                                Memory.mib(last(attacked)),
                                Memory.mib(last(unloaded)));
                int reached = attackers.rounds();
                while (attackers.rounds() == reached) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        out().print(attackers.report());
        out().flush();
    }

    private boolean print(Memory before) {
        double each = (most - before.total()) / (double) peers;
        double left = median(attacked) / median(unloaded);
        out().println("server before: " + before);
        out().printf(
                        "at most %s for each of %d hostile peers, heap after collections and direct memory; target %s: %s%n",
                        Memory.kib(each), peers, Memory.kib(MEMORY_TARGET), each < MEMORY_TARGET ? "met" : "MISSED");
        out().printf(
                        "resident at most %s, %s for each (includes garbage that is not collected yet)%n",
                        Memory.mib((double) resident), Memory.kib((resident - before.rss()) / (double) peers));
        out().printf(
                        "an honest peer gets %.0f %% of its speed, medians of %d rounds; target %.0f %%: %s%n",
                        100 * left, rounds, 100 * RATE_TARGET, left >= RATE_TARGET ? "met" : "MISSED");
        out().flush();
        return each < MEMORY_TARGET && left >= RATE_TARGET;
    }

    private Duration time() {
        return Duration.ofMillis((long) (1000 * seconds));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static double last(List<Double> numbers) {
        return numbers.get(numbers.size() - 1);
    }

    private static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
