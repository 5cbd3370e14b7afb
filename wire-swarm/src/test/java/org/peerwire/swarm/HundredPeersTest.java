/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A hundred swarms for an hour, under one virtual clock: it takes seconds, and its seed repeats it exactly. */
class HundredPeersTest {
    private static final int SEEDS = 2;
    private static final int LEECHES = 98;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PART = Duration.ofMinutes(3);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final Duration REAL_LIMIT = Duration.ofSeconds(60);

    /**
     * The measures of one run.
     *
     * @param trace a hash of everything that was sent, and when
     * @param ends the virtual times in milliseconds at which the downloads completed
     * @param dials the number of dials
     */
    private record Run(long trace, List<Long> ends, int dials, Duration real) {}

    private static Run run(long seed, Duration time) {
        long start = System.nanoTime();
        try (World world = new World(seed, 8, 2)) {
            Random random = world.net.random();
            List<InetSocketAddress> present = new ArrayList<>();
            for (int i = 0; i < SEEDS; i++) {
                present.add(world.seed());
            }
            List<Long> ends = new ArrayList<>();
            for (int i = 0; i < LEECHES; i++) {
                Runnable join = () -> {
                    InetSocketAddress known = present.get(random.nextInt(present.size()));
                    Collected leech = world.leech(SwarmOptions.builder().maxWires(6), List.of(known));
                    present.add(leech.address);
                    leech.swarm
                            .download(new BytesStore(null))
                            .subscribe(null, failure -> {}, () -> ends.add(world.now()));
                };
                world.net.clock().schedule(join, random.nextInt((int) time.toSeconds() * 2 / 3), TimeUnit.SECONDS);
            }
            while (world.now() < time.toMillis()) {
                world.net.advance(STEP);
                if (world.now() == time.toMillis() / 2) {
                    world.net.churn(present.subList(SEEDS, SEEDS + 10), time.dividedBy(10), Duration.ofSeconds(20));
                }
            }
            return new Run(world.net.trace(), ends, world.dials.size(), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    @Test
    void anHourOfAHundredSwarmsTakesSeconds() {
        Run run = run(1, HOUR);

        assertThat(run.ends).as("complete downloads").hasSize(LEECHES).isSorted();
        assertThat(run.dials).isGreaterThan(LEECHES);
        assertThat(run.real).isLessThan(REAL_LIMIT);
    }

    @Test
    void theSameSeedRepeatsEveryByteAndItsTime() {
        Run first = run(1, PART);
        Run again = run(1, PART);
        Run other = run(2, PART);

        assertThat(first.ends).as("complete downloads").isNotEmpty();
        assertThat(again.trace).as("trace of the same seed").isEqualTo(first.trace);
        assertThat(again.ends).isEqualTo(first.ends);
        assertThat(again.dials).isEqualTo(first.dials);
        assertThat(other.trace).as("trace of another seed").isNotEqualTo(first.trace);
    }
}
