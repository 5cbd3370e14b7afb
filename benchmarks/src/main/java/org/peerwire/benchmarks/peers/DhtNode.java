/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.peerwire.discovery.Dht;
import org.peerwire.discovery.DhtOptions;
import reactor.core.publisher.Mono;

/**
 * A program that is a node of the DHT on a port of 127.0.0.1. Run with {@code PORT}. All addresses together have no
 * limit; each one has that of every node.
 */
public final class DhtNode {
    private static final int UNLIMITED = 1_000_000;

    private DhtNode() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException {
        start(Integer.parseInt(args[0])).block();
        Program.ready(args[0]);
        Program.obey();
    }

    static Mono<Dht> start(int port) {
        return Dht.create(DhtOptions.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .bootstrap()
                        .allowLocal(true)
                        .maxAnswersPerSecond(UNLIMITED)
                        .build())
                .start();
    }
}
