/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The speed and CPU of a peer that seeds to the neutral peer, and with a depth of 1 the latency of a block. */
final class SeedWork implements Trial.Work {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double LATENCY_GIB = 0.5;

    private final String name;
    private final Settings settings;
    private final Peers peers;
    private final List<String> names;
    private final List<Load> loads;

    private SeedWork(String name, Settings settings, Peers peers, List<String> names, List<Load> loads) {
        this.name = name;
        this.settings = settings;
        this.peers = peers;
        this.names = names;
        this.loads = loads;
    }

    static SeedWork throughput(Settings settings, Peers peers) {
        List<String> names =
                peers.available(Peers.WIRE, Peers.NETTY, Peers.LIBTORRENT, Peers.NODE, Peers.WIRE_FILE, Peers.C);
        List<Load> loads = settings.loads.stream().map(Load::parse).toList();
        return new SeedWork("seed", settings, peers, names, loads);
    }

    /** Returns the latency measurement, without libtorrent, which answers a single request only with its next tick. */
    static SeedWork latency(Settings settings, Peers peers) {
        List<String> names = peers.available(Peers.WIRE, Peers.NETTY, Peers.NODE, Peers.C);
        return new SeedWork("latency", settings, peers, names, List.of(new Load(1, 1)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> peers() {
        return names;
    }

    @Override
    public void measure(String peer, Trial.Sampler sampler) throws Exception {
        int port = Ports.free();
        double warm = settings.warm * peers.share(peer);
        try (Child seed = peers.seed(peer, port)) {
            String infoHash = seed.line("ready");
            leech(seed, peer, port, infoHash, loads.get(0), atMost(warm, loads.get(0)), 0);
            Load last = loads.get(loads.size() - 1);
            leech(seed, peer, port, infoHash, last, atMost(warm / 2, last), 0);
            for (Load load : loads) {
                double wanted = atMost(settings.gib * peers.share(peer), load);
                sampler.take(load.toString(), () -> leech(seed, peer, port, infoHash, load, wanted, wanted / 10));
            }
        }
    }

    /** Returns a smaller amount, because single requests take long. */
    private static double atMost(double gib, Load load) {
        return load.depth() == 1 ? Math.min(gib, LATENCY_GIB) : gib;
    }

    private Map<String, Double> leech(
            Child seed, String peer, int port, String infoHash, Load load, double gib, double warmGib)
            throws Exception {
        List<String> command = new ArrayList<>(List.of("leech", "127.0.0.1", String.valueOf(port), infoHash));
        command.add(String.valueOf(Settings.PIECE_LENGTH));
        command.add(String.valueOf(Peers.PIECES));
        command.add(String.valueOf(Settings.bytes(gib + warmGib)));
        command.add(String.valueOf(load.depth()));
        command.add(String.valueOf(load.wires()));
        command.addAll(List.of("--pid", String.valueOf(seed.pid())));
        command.addAll(List.of("--warm", String.valueOf(Settings.bytes(warmGib))));
        command.addAll(peers.features(peer));
        try (Child neutral = peers.neutral(command)) {
            JsonNode told = JSON.readTree(neutral.line());
            neutral.await();
            JsonNode latency = told.get("lat_us");
            return Trial.values(
                    "MiBps", told.get("MiBps").doubleValue(),
                    "cpuPerGiB", told.get("pid_cpu_s_per_GiB").doubleValue(),
                    "neutralCpuPerGiB", told.get("cpu_s_per_GiB").doubleValue(),
                    "p50", latency.get("p50").doubleValue(),
                    "p99", latency.get("p99").doubleValue());
        }
    }
}
