/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.test.HostLink;

/** Tests one honest peer among forty hostile ones, against the honest peer alone. Attack A-81. */
class HostileCrowdTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final HostLink LINK = HostLink.of(4_000_000, 4_000_000);
    private static final int EACH = 8;
    private static final int PIECES = 512;
    private static final int BLOCKS = 8;
    private static final int MIN_RUNS = 4;
    private static final int MAX_RUNS = 20;
    private static final double MOST = 2.5;

    private record Cost(Duration time, long cpuMillis) {}

    private static List<Puppet> hostile(World world) {
        List<Puppet> all = new ArrayList<>(world.puppets(EACH, Answers.silence()));
        all.addAll(world.puppets(EACH, Answers.lie()));
        all.addAll(world.puppets(EACH, Answers.reject()));
        world.puppets(EACH, Answers.silence()).forEach(puppet -> all.add(puppet.flaps(Duration.ofMillis(100))));
        all.addAll(world.puppets(EACH, Answers.cutAfter(2)));
        return all;
    }

    /** Measures one download on this thread, which does all work of the world. */
    private static Cost download(long seed, boolean hasCrowd) {
        try (World world = new World(seed, PIECES, BLOCKS)) {
            Puppet honest = world.puppet(LINK);
            List<Puppet> peers = new ArrayList<>(List.of(honest));
            if (hasCrowd) {
                peers.addAll(hostile(world));
                Collections.shuffle(peers, new Random(seed));
            }
            Collected leech = world.leech(peers.toArray(Puppet[]::new));
            long cpu = THREADS.getCurrentThreadCpuTime();
            Duration took = leech.start().await(LIMIT);
            Cost cost = new Cost(took, (THREADS.getCurrentThreadCpuTime() - cpu) / 1_000_000);
            assertThat(leech.hasBanned(honest)).isFalse();
            return cost;
        }
    }

    @Test
    void anHonestPeerAmongFortyHostileOnesTakesAtMostTwiceTheTime() {
        for (int seed = 1; seed <= 3; seed++) {
            Duration alone = download(seed, false).time();

            assertThat(download(seed, true).time()).isLessThan(alone.multipliedBy(2));
        }
    }

    /** Other work on the machine can only add to a run, so the least of each kind counts. */
    @Test
    void anHonestPeerAmongFortyHostileOnesCostsAtMostTwoAndAHalfTimesTheCpu() {
        long alone = Long.MAX_VALUE;
        long crowd = Long.MAX_VALUE;
        for (int run = 0; run < MIN_RUNS || (run < MAX_RUNS && crowd > MOST * alone); run++) {
            alone = Math.min(alone, download(1, false).cpuMillis());
            crowd = Math.min(crowd, download(1, true).cpuMillis());
        }

        assertThat((double) crowd / alone).isLessThanOrEqualTo(MOST);
    }
}
