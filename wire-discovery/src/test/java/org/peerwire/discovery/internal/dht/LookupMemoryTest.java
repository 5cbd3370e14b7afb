/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.discovery.SmallHeap;
import reactor.test.subscriber.TestSubscriber;

/** A process with a heap of 64 MiB runs a hundred nodes, one of which looks up a thousand torrents at once. */
class LookupMemoryTest {
    private static final int LOOKUPS = 1_000;

    @Test
    @Timeout(300)
    void aThousandLookupsAtOnceFitIntoASmallHeap() throws IOException, InterruptedException {
        long[] told = SmallHeap.run(Trial.class).get(0);

        assertThat(told[0]).as("lookups that are under way at a time").isEqualTo(LOOKUPS);
        assertThat(told[1]).as("lookups that have found the peer").isEqualTo(LOOKUPS);
        assertThat(told[2]).as("KiB of the lookups").isBetween(100L, 10L * 1_024);
        assertThat(told[3]).as("KiB after them").isLessThan(1_024);
    }

    /** Prints the lookups at a time, those that found a peer, and the KiB that they add to the heap, then and later. */
    static final class Trial {
        private final DhtWorld world = new DhtWorld(17).grow(100);
        private final Engine node = world.add(options -> options.maxQueriesPerSecond(500));
        private final List<TestSubscriber<InetSocketAddress>> lookups = new ArrayList<>();

        private Trial() {
            world.await(node.start());
        }

        public static void main(String[] args) {
            System.out.println(new Trial().run());
            System.exit(0);
        }

        private String run() {
            List<NodeId> hashes = Stream.generate(world::hash).limit(LOOKUPS).toList();
            for (int i = 0; i < LOOKUPS; i++) {
                new Operations(world.node(i % 100))
                        .announce(hashes.get(i), new Membership(1 + i, false))
                        .subscribe();
                world.net.advance(Duration.ofMillis(50));
            }
            world.net.advance(Duration.ofSeconds(30));
            long before = SmallHeap.used();
            for (NodeId hash : hashes) {
                TestSubscriber<InetSocketAddress> lookup = TestSubscriber.create();
                new PeersFlux(node, hash, null).subscribe(lookup);
                lookups.add(lookup);
            }
            long atOnce = world.stats(node).lookups();
            long most = 0;
            while (!lookups.stream().allMatch(TestSubscriber::isTerminated)) {
                world.net.advance(Duration.ofSeconds(1));
                most = Math.max(most, SmallHeap.used());
            }
            long found = lookups.stream()
                    .filter(lookup -> lookup.isTerminatedComplete()
                            && lookup.getReceivedOnNext().size() == 1)
                    .count();
            lookups.clear();
            return atOnce + " " + found + " " + (most - before) + " " + (SmallHeap.used() - before);
        }
    }
}
