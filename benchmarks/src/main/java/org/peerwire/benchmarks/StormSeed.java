/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.examples.swarm.Seeder;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.examples.swarm.SwarmSettings;
import org.peerwire.test.WiresOnHeap;

/**
 * The process under a storm: the seed of {@code peerwire seed}. Prints its port, then answers each line of its input
 * with the number of its open wires and of the wires on its heap, and ends with its input.
 */
final class StormSeed {
    private StormSeed() {}

    /** Runs until the input ends; the arguments are the file to seed and the most peers. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        AtomicInteger open = new AtomicInteger();
        SwarmSettings settings = SwarmSettings.accepting("127.0.0.1", 0).withMaxPeers(Integer.parseInt(args[1]));
        new Seeder(StormRun.torrent(file), file, settings, event -> on(event, open))
                .run()
                .subscribe(null, error -> {
                    error.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (in.readLine() != null) {
            long wires = WiresOnHeap.count();
            System.out.println(open + " " + wires);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void on(SwarmEvent event, AtomicInteger open) {
        if (event instanceof SwarmEvent.Listening here) {
            System.out.println(here.address().getPort());
        } else if (event instanceof SwarmEvent.Connected) {
            open.incrementAndGet();
        } else if (event instanceof SwarmEvent.Disconnected) {
            open.decrementAndGet();
        }
    }
}
