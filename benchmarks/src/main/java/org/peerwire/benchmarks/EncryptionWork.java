/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The cost of RC4 for our leech and our seed, by a download over an encrypted wire and over a plain one. */
final class EncryptionWork implements Trial.Work {
    private static final String PLAIN = "plain";
    private static final String RC4 = "rc4";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;
    private final Peers peers;

    EncryptionWork(Settings settings, Peers peers) {
        this.settings = settings;
        this.peers = peers;
    }

    @Override
    public String name() {
        return "rc4";
    }

    @Override
    public List<String> peers() {
        return List.of(PLAIN, RC4);
    }

    @Override
    public void measure(String how, Trial.Sampler sampler) throws Exception {
        sampler.take("64x1", () -> download(how));
    }

    private Map<String, Double> download(String how) throws Exception {
        String port = String.valueOf(Ports.free());
        List<String> properties = List.of("-Drc4=" + how.equals(RC4));
        long warm = Settings.bytes(settings.warm / 4);
        long total = warm + Settings.bytes(settings.gib);
        List<String> torrent =
                List.of(Peers.INFO_HASH, String.valueOf(Settings.PIECE_LENGTH), String.valueOf(Peers.PIECES));
        try (Child seed = peers.program("WireSeeder", properties, join(List.of(port), torrent))) {
            seed.line("ready");
            leech(properties, port, torrent, total, warm); // warms the seed
            double before = Machine.cpuSeconds(seed.pid());
            JsonNode told = leech(properties, port, torrent, total, warm);
            double seedCpu = Machine.cpuSeconds(seed.pid()) - before;
            return Trial.values(
                    "MiBps", told.get("MiBps").doubleValue(),
                    "seedCpuPerGiB", seedCpu / total * (1 << 30),
                    "leechCpuPerGiB", told.get("cpuPerGiB").doubleValue());
        }
    }

    private JsonNode leech(List<String> properties, String port, List<String> torrent, long total, long warm)
            throws Exception {
        List<String> job = List.of(String.valueOf(total), "64", "1", String.valueOf(warm));
        List<String> arguments = join(join(List.of("127.0.0.1", port), torrent), job);
        try (Child leech = peers.program("WireLeecher", properties, arguments)) {
            JsonNode told = JSON.readTree(leech.line());
            leech.await();
            return told;
        }
    }

    private static List<String> join(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
