/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmStats;
import reactor.core.publisher.Flux;

/**
 * A program that joins a swarm without downloading, and prints what it sees. Run with
 * {@code magnet:... HOST PORT SECONDS}.
 */
public final class WatchSwarm {
    private WatchSwarm() {}

    /** Runs the program. */
    public static void main(String[] args) {
        if (args.length != 4) {
            System.err.println("usage: WatchSwarm magnet:... HOST PORT SECONDS");
            return;
        }
        Swarm swarm = Swarm.of(MagnetLink.parse(args[0]))
                .peers(new InetSocketAddress(args[1], Integer.parseInt(args[2])))
                .connect();
        watch(swarm)
                .take(Duration.ofSeconds(Long.parseLong(args[3])))
                .doOnNext(System.out::println)
                .blockLast();
        swarm.close().block();
    }

    // tag::watch[]
    static Flux<String> watch(Swarm swarm) {
        return Flux.merge(
                swarm.events().map(Object::toString),
                swarm.wires().map(wire -> "open: " + wire.remote().peerId() + ", encrypted: " + wire.encryption()),
                Flux.interval(Duration.ofSeconds(1))
                        .concatMap(tick -> swarm.stats())
                        .map(WatchSwarm::line)
                        .distinctUntilChanged());
    }

    private static String line(SwarmStats now) {
        return now.wires() + " wires, " + now.known() + " addresses, " + now.totalPieces() + " pieces, " + now.banned()
                + " banned";
    }
    // end::watch[]
}
