/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The speed and CPU of a peer that downloads from the neutral peer. Each sample has its own process. */
final class LeechWork implements Trial.Work {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The number of addresses of the neutral peer, because libtorrent dials an address only once. */
    private static final String ADDRESSES = "50";

    private final Settings settings;
    private final Peers peers;

    LeechWork(Settings settings, Peers peers) {
        this.settings = settings;
        this.peers = peers;
    }

    @Override
    public String name() {
        return "leech";
    }

    @Override
    public List<String> peers() {
        return peers.available(Peers.WIRE, Peers.NETTY, Peers.LIBTORRENT, Peers.NODE, Peers.WIRE_COPY, Peers.C);
    }

    @Override
    public void measure(String peer, Trial.Sampler sampler) throws Exception {
        for (String load : settings.loads) {
            sampler.take(load, () -> leech(peer, Load.parse(load)));
        }
    }

    private Map<String, Double> leech(String peer, Load load) throws Exception {
        int port = Ports.free();
        long warm = Settings.bytes(settings.warm * peers.share(peer));
        long total = warm + Settings.bytes(settings.gib * peers.share(peer));
        int pieces = (int) (total / Settings.PIECE_LENGTH);
        String infoHash = peers.infoHash(peer, pieces);
        try (Child leech = peers.leech(peer, new Peers.Job(port, infoHash, pieces, total, load), List.of());
                Child seed = peers.neutral(seed(port, infoHash, pieces, warm, leech.pid(), peers.features(peer)))) {
            seed.line("ready");
            leech.go();
            leech.await();
            JsonNode told = JSON.readTree(seed.line());
            return Trial.values(
                    "MiBps", told.get("MiBps").doubleValue(),
                    "cpuPerGiB", told.get("pid_cpu_s_per_GiB").doubleValue(),
                    "neutralCpuPerGiB", told.get("cpu_s_per_GiB").doubleValue());
        }
    }

    private static List<String> seed(
            int port, String infoHash, int pieces, long warm, long leech, List<String> features) {
        List<String> command = new ArrayList<>(List.of("seed", String.valueOf(port), infoHash));
        command.add(String.valueOf(Settings.PIECE_LENGTH));
        command.add(String.valueOf(pieces));
        command.addAll(List.of("--warm", String.valueOf(warm), "--pid", String.valueOf(leech), "--src", ADDRESSES));
        command.addAll(features);
        return command;
    }
}
