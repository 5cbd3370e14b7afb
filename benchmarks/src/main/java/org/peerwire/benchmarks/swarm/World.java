/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.peerwire.test.TestSwarm;

/**
 * A swarm of three seeds and many leeches in memory, with one virtual clock, one random seed and one thread. The leeches
 * join at random times of the first minutes. Each knows one or two of those who are there; it hears of the others by
 * peer exchange. A leech that is complete remains.
 */
final class World {
    private static final int PACKET = 16 * 1024;
    private static final int SEEDS = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration STEP = Duration.ofSeconds(1);

    /** The times at which the known addresses are counted, in minutes. */
    static final List<Integer> REACH_MINUTES = List.of(1, 2, 5, 10);

    private final Setup setup;
    private final TestSwarm net;
    private final List<Peer> peers = new ArrayList<>();
    private final List<Peer> present = new ArrayList<>();

    /**
     * A simulation.
     *
     * @param leeches the number of leeches
     * @param seed the seed of all random choices
     * @param maxWires the maximum number of wires of a peer
     * @param joining the time in which the leeches join
     * @param limit the time after which the simulation ends although leeches are incomplete
     * @param reach the time until which it goes on although all leeches are complete
     */
    record Setup(
            int leeches,
            long seed,
            Strategy strategy,
            Content content,
            int maxWires,
            Duration joining,
            Duration limit,
            Duration reach) {}

    World(Setup setup) {
        this.setup = setup;
        this.net = TestSwarm.create(setup.seed(), PACKET);
    }

    /** Runs the simulation. */
    Outcome run() {
        long start = System.nanoTime();
        long startCpu = THREADS.getCurrentThreadCpuTime();
        Random random = net.random();
        for (int i = 0; i < SEEDS; i++) {
            Peer seed = new Peer(net, setup.content(), Access.SEED);
            peers.add(seed);
            join(seed);
        }
        for (int i = 0; i < setup.leeches(); i++) {
            Peer leech = new Peer(net, setup.content(), Access.ofLeech(i));
            peers.add(leech);
            long at = (long) (random.nextDouble() * setup.joining().toMillis());
            net.clock().schedule(() -> join(leech), at, TimeUnit.MILLISECONDS);
        }
        Outcome.Recorder recorder = new Outcome.Recorder(setup, peers);
        while (!isOver()) {
            net.advance(STEP);
            recorder.tick(seconds(), isComplete());
        }
        double real = (System.nanoTime() - start) / 1e9;
        double cpu = (THREADS.getCurrentThreadCpuTime() - startCpu) / 1e9;
        Outcome outcome = recorder.outcome(net.trace(), real, cpu);
        net.dispose();
        return outcome;
    }

    private void join(Peer peer) {
        Random random = net.random();
        List<InetSocketAddress> known = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0 && !present.isEmpty(); i--) {
            known.add(present.get(random.nextInt(present.size())).address);
        }
        present.add(peer);
        peer.join(setup.strategy(), setup.maxWires(), known);
    }

    private boolean isOver() {
        long now = seconds();
        return now >= setup.limit().toSeconds() || (now >= setup.reach().toSeconds() && isComplete());
    }

    private boolean isComplete() {
        return peers.stream().allMatch(peer -> peer.access == Access.SEED || peer.done != Peer.UNKNOWN);
    }

    private long seconds() {
        return net.clock().now(TimeUnit.SECONDS);
    }
}
