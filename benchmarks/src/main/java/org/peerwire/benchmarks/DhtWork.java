/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** The number of questions that a node of the DHT answers on one core, from another process on another core. */
final class DhtWork implements Trial.Work {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The number of questions that wait for an answer at a time. Their packets fit into every receive buffer. */
    private static final String WINDOW = "128";

    private static final String WARM_SECONDS = "8";
    private static final String SECONDS = "5";

    private final Peers peers;

    DhtWork(Peers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "dht";
    }

    @Override
    public List<String> peers() {
        return peers.available(Peers.WIRE, Peers.LIBTORRENT);
    }

    @Override
    public void measure(String peer, Trial.Sampler sampler) throws Exception {
        sampler.take(WINDOW, () -> ask(peer));
    }

    private Map<String, Double> ask(String peer) throws Exception {
        int port = Ports.free();
        try (Child node = peers.dhtNode(peer, port)) {
            node.line("ready");
            List<String> to = List.of("127.0.0.1", String.valueOf(port), "--pid", String.valueOf(node.pid()));
            List<String> how = List.of("--window", WINDOW, "--warm", WARM_SECONDS, "--seconds", SECONDS);
            try (Child querier = peers.querier(to, how)) {
                JsonNode told = JSON.readTree(querier.line());
                querier.await();
                return Trial.values(
                        "perSecond", told.get("perSecond").doubleValue(),
                        "perCpuSecond", told.get("perCpuSecond").doubleValue(),
                        "bytesPerAnswer", told.get("bytesPerAnswer").doubleValue(),
                        "unanswered",
                                told.get("lost").doubleValue()
                                        + told.get("errors").doubleValue());
            }
        }
    }
}
