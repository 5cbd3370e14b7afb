/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.DhtStats;
import reactor.test.subscriber.TestSubscriber;

/**
 * A thousand nodes on a network with loss, where some are gone, some lie, and some are behind address translation. Attack
 *
 */
class ThousandNodesTest {
    private static final int NODES = 1_000;
    private static final int LOOKUPS = 1_000;

    @Test
    void peersAreFoundInANetworkOfAThousandNodes() {
        DhtWorld world = new DhtWorld(13).grow(NODES);
        world.net.loss = 0.05;
        NodeId hash = world.hash();
        for (int i = 0; i < 40; i++) {
            world.await(new Operations(world.node(i * 20)).announce(hash, new Membership(5_000, false)));
        }
        // One in five leaves without a word, as nodes do.
        for (int i = 7; i < NODES; i += 5) {
            world.node(i).close().subscribe();
        }
        world.net.advance(Duration.ofMinutes(1));

        int asked = 0;
        for (int i = 100; i < 120; i++) {
            if (i % 5 != 2) {
                long before = world.stats(world.node(i)).queriesSent();
                assertThat(world.peers(world.node(i), hash)).as("node %s", i).hasSizeBetween(36, 40);
                asked += (int) (world.stats(world.node(i)).queriesSent() - before);
            }
        }
        assertThat(asked / 16).isLessThan(40);
    }

    @Test
    void twoHoursLaterTheTablesAreFullAndQuiet() {
        DhtWorld world = new DhtWorld(14).grow(100);
        world.net.advance(Duration.ofHours(2));

        for (Engine node : world.nodes) {
            DhtStats stats = world.stats(node);
            assertThat(stats.nodes()).isBetween(20, 100);
            assertThat(stats.lookups()).isZero();
            // A refresh of each bucket every 15 minutes, of about 12 questions each.
            assertThat(stats.queriesSent()).isLessThan(3_000);
        }
        NodeId hash = world.hash();
        world.await(new Operations(world.node(7)).announce(hash, new Membership(1, false)));
        assertThat(world.peers(world.node(90), hash)).hasSize(1);
    }

    @Test
    void aNodeBehindAddressTranslationFindsPeers() {
        DhtWorld world = new DhtWorld(15).grow(50);
        Datagrams behind = new TranslatedDatagrams(world.net, DatagramNet.address(900));
        Engine node = new Engine(world.options(1).build(), behind);
        world.await(node.start());
        NodeId hash = world.hash();
        world.await(new Operations(world.node(3)).announce(hash, new Membership(1, false)));

        assertThat(world.peers(node, hash)).hasSize(1);
        world.net.advance(Duration.ofMinutes(20));
        assertThat(world.peers(node, hash)).hasSize(1);
    }

    @Test
    void aThousandLookupsAtOnceEndAndStayWithinTheRate() {
        DhtWorld world = new DhtWorld(16).grow(100);
        Engine node = world.add(options -> options.maxQueriesPerSecond(500));
        world.await(node.start());
        long before = world.stats(node).queriesSent();
        List<TestSubscriber<InetSocketAddress>> lookups = new ArrayList<>();
        for (int i = 0; i < LOOKUPS; i++) {
            TestSubscriber<InetSocketAddress> lookup = TestSubscriber.create();
            new PeersFlux(node, world.hash(), null).subscribe(lookup);
            lookups.add(lookup);
        }
        assertThat(world.stats(node).lookups()).isGreaterThanOrEqualTo(LOOKUPS);

        world.net.advance(Duration.ofSeconds(10));
        assertThat(world.stats(node).queriesSent() - before).isBetween(4_000L, 6_000L);
        world.net.advance(Duration.ofMinutes(2));

        assertThat(lookups).allMatch(TestSubscriber::isTerminatedComplete);
        assertThat(world.stats(node).pending()).isZero();
    }
}
