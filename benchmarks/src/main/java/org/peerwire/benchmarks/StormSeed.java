/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.test.WiresOnHeap;
import reactor.core.publisher.Mono;

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
        SwarmOptions options =
                SwarmOptions.builder().maxWires(Integer.parseInt(args[1])).build();
        SwarmHost host =
                SwarmHost.create().listen("127.0.0.1", 0).bind().blockOptional().orElseThrow();
        Swarm.of(StormRun.torrent(file))
                .host(host)
                .options(options)
                .handle(wire -> {
                    open.incrementAndGet();
                    wire.onClose().onErrorComplete().subscribe(null, null, open::decrementAndGet);
                    return Mono.empty();
                })
                .connect()
                .seed(FileStore.existing(file))
                .subscribe(null, error -> {
                    error.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
        System.out.println(host.address().orElseThrow().getPort());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (in.readLine() != null) {
            long wires = WiresOnHeap.count();
            System.out.println(open + " " + wires);
        }
        Runtime.getRuntime().halt(0);
    }
}
