/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A target for a measured value.
 *
 * @param text the name of the comparison, for people
 * @param work the work
 * @param peer the measured peer
 * @param value the name of the value
 * @param base the peer to divide by, or null for an absolute value
 * @param least true if the bound is a minimum, false if it is a maximum
 * @param bound the bound
 */
record Goal(
        String text,
        String work,
        String peer,
        String value,
        @Nullable String base,
        boolean least,
        double bound) {
    private static final String SPEED = "MiBps";
    private static final String CPU = "cpuPerGiB";

    /** All targets. A ratio of CPU compares CPU seconds per GiB. */
    static final List<Goal> ALL = List.of(
            least("seed, speed / hand-written Netty", "seed", Peers.WIRE, SPEED, Peers.NETTY, 0.95),
            most("seed, CPU / libtorrent", "seed", Peers.WIRE, CPU, Peers.LIBTORRENT, 0.95),
            most("seed, CPU / Node", "seed", Peers.WIRE, CPU, Peers.NODE, 0.27),
            least("seed, speed / Node", "seed", Peers.WIRE, SPEED, Peers.NODE, 4),
            most("seed from a file, CPU / from memory", "seed", Peers.WIRE_FILE, CPU, Peers.WIRE, 1.4),
            least("leech, speed / hand-written Netty", "leech", Peers.WIRE, SPEED, Peers.NETTY, 0.95),
            most("leech, CPU / hand-written Netty", "leech", Peers.WIRE, CPU, Peers.NETTY, 1.25),
            most("leech, CPU / libtorrent", "leech", Peers.WIRE, CPU, Peers.LIBTORRENT, 0.7),
            most("leech, CPU / Node", "leech", Peers.WIRE, CPU, Peers.NODE, 0.2),
            most("leech with COPY, CPU / POOLED", "leech", Peers.WIRE_COPY, CPU, Peers.WIRE, 1.6),
            most("request to block, p50 / hand-written Netty", "latency", Peers.WIRE, "p50", Peers.NETTY, 1.3),
            least(
                    "dials per CPU second / bare Reactor Netty",
                    "dial",
                    DialWork.WIRE,
                    "perCpuSecond",
                    DialWork.BARE,
                    0.7),
            least(
                    "ten wires beside a slow subscriber, speed / beside an idle wire",
                    "beside",
                    "slow",
                    SPEED,
                    "idle",
                    0.95),
            least("download to disk with SHA-1, speed / limit", "download", Peers.WIRE, "ofLimit", null, 0.85),
            most("idle wire, bytes of heap and direct memory", "idle", Peers.WIRE, "bytesPerWire", null, 8192),
            least("DHT, questions answered per second on one core", "dht", Peers.WIRE, "perSecond", null, 20_000),
            least("DHT, answers per CPU second / libtorrent", "dht", Peers.WIRE, "perCpuSecond", Peers.LIBTORRENT, 1));

    private static Goal least(
            String text, String work, String peer, String value, @Nullable String base, double bound) {
        return new Goal(text, work, peer, value, base, true, bound);
    }

    private static Goal most(String text, String work, String peer, String value, @Nullable String base, double bound) {
        return new Goal(text, work, peer, value, base, false, bound);
    }

    /** Returns the reached values by load; empty if not measured. */
    Map<String, Double> reached(Results results) {
        Map<String, Double> reached = new LinkedHashMap<>();
        for (String load : results.loads(work)) {
            OptionalDouble figure = base == null
                    ? results.median(work, peer, load, value)
                    : results.ratio(work, peer, base, load, value);
            figure.ifPresent(it -> reached.put(load, it));
        }
        return reached;
    }

    boolean isMet(double figure) {
        return least ? figure >= bound : figure <= bound;
    }

    /** Returns the table {@code work | goal | reached} in Markdown, only with measured rows. */
    static String table(Results results) {
        StringBuilder table = new StringBuilder("| work | goal | reached |\n|---|---|---|\n");
        for (Goal goal : ALL) {
            Map<String, Double> reached = goal.reached(results);
            if (!reached.isEmpty()) {
                String figures = reached.entrySet().stream()
                        .map(e -> number(e.getValue())
                                + (reached.size() > 1 ? " (" + e.getKey() + ")" : "")
                                + (goal.isMet(e.getValue()) ? "" : " **missed**"))
                        .collect(Collectors.joining(", "));
                table.append("| ").append(goal.text).append(goal.least ? " | ≥ " : " | ≤ ");
                table.append(number(goal.bound)).append(" | ").append(figures).append(" |\n");
            }
        }
        return table.toString();
    }

    static String number(double value) {
        return value >= 100
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }
}
