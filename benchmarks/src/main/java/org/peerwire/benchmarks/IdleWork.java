/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The CPU and memory of 10,000 wires with only keep-alives, and the rate at which they were accepted. */
final class IdleWork implements Trial.Work {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WARM_WIRES = "500";
    private static final int SETTLE_MILLIS = 2000;

    private final Settings settings;
    private final Peers peers;

    IdleWork(Settings settings, Peers peers) {
        this.settings = settings;
        this.peers = peers;
    }

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public List<String> peers() {
        return peers.available(Peers.WIRE, Peers.NETTY);
    }

    @Override
    public void measure(String peer, Trial.Sampler sampler) throws Exception {
        sampler.take(String.valueOf(settings.idleWires), () -> watch(peer));
    }

    private Map<String, Double> watch(String peer) throws Exception {
        int port = Ports.free();
        try (Child seed = peers.seed(peer, port)) {
            String infoHash = seed.line("ready");
            try (Child few = idle(peer, port, infoHash, WARM_WIRES)) { // loads classes, code and buffers
                few.line();
            }
            Thread.sleep(SETTLE_MILLIS);
            Memory before = memory(seed);
            try (Child many = idle(peer, port, infoHash, String.valueOf(settings.idleWires))) {
                double acceptSeconds = JSON.readTree(many.line()).get("seconds").doubleValue();
                double cpuBefore = Machine.cpuSeconds(seed.pid());
                Thread.sleep(settings.idleSeconds * 1000L);
                double cpu = Machine.cpuSeconds(seed.pid()) - cpuBefore;
                double wires = settings.idleWires;
                Memory after = memory(seed);
                return Trial.values(
                        "cpuPercent",
                        100 * cpu / settings.idleSeconds,
                        "bytesPerWire",
                        (after.total() - before.total()) / wires,
                        "heapPerWire",
                        (after.heap() - before.heap()) / wires,
                        "directPerWire",
                        (after.direct() - before.direct()) / wires,
                        "residentPerWire",
                        (after.rss() - before.rss()) / wires,
                        "acceptedPerSecond",
                        wires / acceptSeconds);
            }
        }
    }

    private Child idle(String peer, int port, String infoHash, String wires) throws Exception {
        List<String> command = new ArrayList<>(List.of("idle", "127.0.0.1", String.valueOf(port), infoHash));
        command.addAll(List.of(String.valueOf(Peers.PIECES), wires, "--src", "8"));
        command.addAll(peers.features(peer));
        return peers.neutral(command);
    }

    private static Memory memory(Child seed) throws Exception {
        seed.send("memory");
        return Memory.parse(seed.line());
    }
}
