/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.peerwire.swarm.SwarmStats;

/**
 * The measures of one simulation.
 *
 * @param seconds the download times of the complete leeches by class, sorted
 * @param last the virtual second at which the last leech was complete
 * @param share the bytes sent for each byte received, by class, when the last leech was complete
 * @param waste the wasted part of the received bytes
 * @param reach the part of the other peers that a leech knows, by minute
 * @param wires the mean number of wires of a peer, when the last leech was complete
 * @param incomplete the number of leeches that were never complete
 * @param trace a hash of everything that was sent, and when
 * @param real the seconds that it took
 * @param cpu the seconds of its thread, which other processes hardly change
 */
record Outcome(
        World.Setup setup,
        Map<Access, List<Double>> seconds,
        double last,
        Map<Access, Double> share,
        double waste,
        Map<Integer, Double> reach,
        double wires,
        int incomplete,
        long trace,
        double real,
        double cpu) {

    /** Returns the download times of all leeches, sorted. */
    List<Double> all() {
        return seconds.values().stream().flatMap(List::stream).sorted().toList();
    }

    /** Returns a quantile of sorted values, or NaN without values. */
    static double quantile(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    double median(Access access) {
        return quantile(seconds.getOrDefault(access, List.of()), 0.5);
    }

    /** Returns the bytes of blocks that leeches have received, in MiB. */
    double mebibytes() {
        return (double) setup.content().length() * all().size() / (1024 * 1024);
    }

    static final List<String> HEAD = List.of(
            "leeches",
            "strategy",
            "p10",
            "p50",
            "p90",
            "p99",
            "max",
            "slow",
            "middle",
            "fast",
            "free",
            "share s/m/f",
            "waste %",
            "known % at 1/2/5/10 min",
            "wires");

    /** Returns the virtual measures, which are the same for the same seed. */
    List<String> cells() {
        List<Double> times = all();
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(setup.leeches()));
        cells.add(setup.strategy().label());
        for (double part : new double[] {0.1, 0.5, 0.9, 0.99, 1}) {
            cells.add(number(quantile(times, part), 0));
        }
        for (Access access : List.of(Access.SLOW, Access.MIDDLE, Access.FAST, Access.FREE_RIDER)) {
            cells.add(number(median(access), 0));
        }
        cells.add(List.of(Access.SLOW, Access.MIDDLE, Access.FAST).stream()
                .map(access -> number(share.getOrDefault(access, Double.NaN), 2))
                .collect(Collectors.joining("/")));
        cells.add(number(100 * waste, 2));
        cells.add(World.REACH_MINUTES.stream()
                .map(minute -> number(100 * reach.getOrDefault(minute, Double.NaN), 0))
                .collect(Collectors.joining("/")));
        cells.add(number(wires, 1));
        return incomplete == 0 ? cells : withIncomplete(cells);
    }

    private List<String> withIncomplete(List<String> cells) {
        List<String> marked = new ArrayList<>(cells);
        marked.set(0, cells.get(0) + " (" + incomplete + " incomplete)");
        return marked;
    }

    static String number(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Collects the measures while the simulation runs. */
    static final class Recorder {
        private final World.Setup setup;
        private final List<Peer> peers;
        private final Map<Integer, Double> reach = new TreeMap<>();
        private final Map<Access, Double> share = new EnumMap<>(Access.class);
        private double waste = Double.NaN;
        private double wires = Double.NaN;
        private boolean hasEnded;

        Recorder(World.Setup setup, List<Peer> peers) {
            this.setup = setup;
            this.peers = peers;
        }

        /** Looks at the peers, once a virtual second. */
        void tick(long second, boolean isComplete) {
            if (second % 60 == 0 && World.REACH_MINUTES.contains((int) (second / 60))) {
                reach.put((int) (second / 60), reach());
            }
            if (isComplete && !hasEnded) {
                hasEnded = true;
                count();
            }
        }

        private double reach() {
            return peers.stream()
                    .filter(peer -> peer.access != Access.SEED)
                    .mapToDouble(peer ->
                            peer.hasJoined() ? Math.min(1, (double) peer.stats().known() / (peers.size() - 1)) : 0)
                    .average()
                    .orElse(0);
        }

        private void count() {
            Map<Access, long[]> bytes = new EnumMap<>(Access.class);
            long wasted = 0;
            long received = 0;
            long open = 0;
            for (Peer peer : peers.stream().filter(Peer::hasJoined).toList()) {
                SwarmStats stats = peer.stats();
                long[] both = bytes.computeIfAbsent(peer.access, access -> new long[2]);
                both[0] += stats.sent();
                both[1] += stats.received();
                wasted += stats.wasted();
                received += stats.received();
                open += stats.wires();
            }
            bytes.forEach((access, both) -> share.put(access, both[1] == 0 ? Double.NaN : (double) both[0] / both[1]));
            waste = (double) wasted / (received + wasted);
            wires = (double) open / peers.size();
        }

        Outcome outcome(long trace, double real, double cpu) {
            if (!hasEnded) {
                count();
            }
            Map<Access, List<Double>> seconds = new EnumMap<>(Access.class);
            int incomplete = 0;
            double last = 0;
            for (Peer peer : peers) {
                if (peer.access == Access.SEED) {
                    continue;
                }
                if (peer.done == Peer.UNKNOWN) {
                    incomplete++;
                    continue;
                }
                seconds.computeIfAbsent(peer.access, access -> new ArrayList<>())
                        .add(peer.seconds());
                last = Math.max(last, peer.done / 1000.0);
            }
            seconds.values().forEach(times -> times.sort(null));
            return new Outcome(setup, seconds, last, share, waste, reach, wires, incomplete, trace, real, cpu);
        }
    }
}
