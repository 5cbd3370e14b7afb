/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/**
 * The speed of ten of our wires beside another wire on the same event loop. The other wire is idle, or its subscriber
 * of {@code inbound()} takes one message per 10 ms.
 */
final class BystanderWork implements Trial.Work {
    static final String IDLE = "idle";
    static final String SLOW = "slow";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Load LOAD = new Load(64, 10);

    private final Settings settings;
    private final Peers peers;

    BystanderWork(Settings settings, Peers peers) {
        this.settings = settings;
        this.peers = peers;
    }

    @Override
    public String name() {
        return "beside";
    }

    @Override
    public List<String> peers() {
        return List.of(IDLE, SLOW);
    }

    @Override
    public void measure(String bystander, Trial.Sampler sampler) throws Exception {
        sampler.take(LOAD.toString(), () -> download(bystander));
    }

    private Map<String, Double> download(String bystander) throws Exception {
        String port = String.valueOf(Ports.free());
        String pieceLength = String.valueOf(Settings.PIECE_LENGTH);
        String pieces = String.valueOf(Peers.PIECES);
        long warm = Settings.bytes(settings.warm);
        List<String> torrent = List.of(
                "127.0.0.1",
                port,
                Peers.INFO_HASH,
                pieceLength,
                pieces,
                String.valueOf(warm + Settings.bytes(settings.gib)),
                String.valueOf(LOAD.depth()),
                String.valueOf(LOAD.wires()),
                String.valueOf(warm));
        try (Child seed =
                peers.neutral(List.of("seed", port, Peers.INFO_HASH, pieceLength, pieces, "--fast", "--ext"))) {
            seed.line("ready");
            try (Child leech = peers.program("WireLeecher", List.of("-Dbystander=" + bystander), torrent)) {
                JsonNode told = JSON.readTree(leech.line());
                leech.await();
                return Trial.values(
                        "MiBps", told.get("MiBps").doubleValue(),
                        "cpuPerGiB", told.get("cpuPerGiB").doubleValue());
            }
        }
    }
}
