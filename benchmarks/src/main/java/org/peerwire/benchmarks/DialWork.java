/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** The number of wires that one core opens per second, with extended handshake and close, beside bare Reactor Netty. */
final class DialWork implements Trial.Work {
    static final String WIRE = "wire";
    static final String BARE = "bare";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADDRESSES = "50";
    private static final String WARM_SECONDS = "5";
    private static final String SECONDS = "5";

    private final Peers peers;

    DialWork(Peers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "dial";
    }

    @Override
    public List<String> peers() {
        return List.of(WIRE, BARE);
    }

    @Override
    public void measure(String how, Trial.Sampler sampler) throws Exception {
        sampler.take("", () -> dial(how));
    }

    private Map<String, Double> dial(String how) throws Exception {
        String port = String.valueOf(Ports.free());
        List<String> neutral =
                List.of("seed", port, Peers.INFO_HASH, "1048576", "1024", "--ext", "--fast", "--src", ADDRESSES);
        List<String> arguments = List.of(how, port, Peers.INFO_HASH, ADDRESSES, WARM_SECONDS, SECONDS);
        try (Child seed = peers.neutral(neutral)) {
            seed.line("ready");
            try (Child dialler = peers.program("Dialler", List.of(), arguments)) {
                JsonNode told = JSON.readTree(dialler.line());
                dialler.await();
                return Trial.values(
                        "perSecond", told.get("perSecond").doubleValue(),
                        "perCpuSecond", told.get("perCpuSecond").doubleValue());
            }
        }
    }
}
