/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table of nodes, and attempts to fill it with one's own. Attack A-92. */
class RoutingTableTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Random random = new Random(1);
    private final NodeId own = NodeId.random(random);
    private long now;
    private final RoutingTable table = new RoutingTable(own, Family.FOUR, false, () -> now);

    private int hosts;

    /** Returns an address of a network of its own. */
    private InetSocketAddress nextAddress() {
        int host = hosts++;
        return new InetSocketAddress(DatagramNet.ip(20 + host / 62_500, host / 250 % 250, host % 250, 9), 6881);
    }

    private Node node(int sharedBits) {
        return new Node(own.randomNeighbour(sharedBits, random), nextAddress());
    }

    private Node secureNode(int sharedBits) {
        InetSocketAddress address = nextAddress();
        while (true) {
            NodeId id = SecureIds.create(address.getAddress(), random);
            if (own.commonPrefix(id) == sharedBits) {
                return new Node(id, address);
            }
            if (own.commonPrefix(id) == 0 && sharedBits == 0) {
                return new Node(id, address);
            }
            address = nextAddress();
        }
    }

    private List<Node> fill(int sharedBits, int count) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(node(sharedBits));
            table.answered(nodes.get(i));
        }
        return nodes;
    }

    private List<Node> all() {
        return table.contacts().stream().map(contact -> contact.node).toList();
    }

    @Test
    void tenThousandNodesOfAllNetworksLeaveEightInEachBucket() {
        for (int i = 0; i < 10_000; i++) {
            table.answered(new Node(NodeId.random(random), nextAddress()));
        }
        for (int bits = 0; bits < 8; bits++) {
            int shared = bits;
            assertThat(all().stream().filter(node -> own.commonPrefix(node.id()) == shared))
                    .hasSize(Bucket.SIZE);
        }
        assertThat(table.size()).isBetween(64, 20 * Bucket.SIZE);
    }

    @Test
    void oneNetworkHasOnePlaceInABucketHoweverManyNodesItHas() throws Exception {
        fill(0, 3);
        for (int i = 0; i < 2_560; i++) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("5.6.7." + i % 256), 1_024 + i);
            table.answered(new Node(own.randomNeighbour(i % 20, random), address));
        }
        assertThat(all().stream()
                        .filter(node -> own.commonPrefix(node.id()) == 0)
                        .filter(node -> node.address().getAddress().getAddress()[0] == 5))
                .hasSize(1);
        assertThat(table.size()).isLessThanOrEqualTo(3 + 20);
    }

    @Test
    void oneAddressHasOnePlaceInTheTable() {
        Node first = node(0);
        table.answered(first);
        for (int port = 1; port < 1_000; port++) {
            InetSocketAddress address = new InetSocketAddress(first.address().getAddress(), port);
            table.answered(new Node(own.randomNeighbour(port % 30, random), address));
        }
        assertThat(all()).containsExactly(first);
    }

    @Test
    void ourOwnIdLocalAddressesAndPort0AreRefused() {
        table.answered(new Node(own, nextAddress()));
        table.answered(new Node(own.randomNeighbour(0, random), new InetSocketAddress("192.168.1.1", 6881)));
        table.answered(new Node(own.randomNeighbour(0, random), new InetSocketAddress("127.0.0.1", 6881)));
        table.answered(new Node(
                own.randomNeighbour(0, random),
                new InetSocketAddress(nextAddress().getAddress(), 0)));

        assertThat(table.size()).isZero();
        assertThat(table.asked(new Node(own, nextAddress()))).isFalse();
        assertThat(table.asked(new Node(own.randomNeighbour(0, random), new InetSocketAddress("10.1.1.1", 6881))))
                .isFalse();
    }

    @Test
    void aQuestionMakesNoContactButAReasonToPing() {
        assertThat(table.asked(node(0))).isTrue();
        assertThat(table.size()).isZero();

        fill(1, 9);
        List<Node> known = fill(0, 8);
        assertThat(table.asked(known.get(0))).isFalse();
        assertThat(table.asked(node(0))).isFalse();
        assertThat(table.asked(node(5))).isTrue();
    }

    @Test
    void anotherNodeWithTheIdOfAKnownOneDoesNotReplaceIt() {
        Node known = node(0);
        table.answered(known);
        table.answered(new Node(known.id(), nextAddress()));

        assertThat(all()).containsExactly(known);
    }

    @Test
    void aNodeThatHasChangedItsIdIsKnownByTheNewOne() {
        Node known = node(0);
        table.answered(known);
        Node changed = new Node(own.randomNeighbour(3, random), known.address());
        table.answered(changed);

        assertThat(all()).containsExactly(changed);
    }

    @Test
    void aSpareNodeTakesThePlaceOfOneThatFailsTwice() {
        fill(1, 1);
        List<Node> nodes = fill(0, 9);
        assertThat(all()).hasSize(9).doesNotContain(nodes.get(8));

        table.failed(nodes.get(2).address());
        assertThat(all()).contains(nodes.get(2));
        table.failed(nodes.get(2).address());

        assertThat(all()).doesNotContain(nodes.get(2)).contains(nodes.get(8));
    }

    @Test
    void aFailureOfAnotherPortDoesNotCount() {
        Node node = node(0);
        table.answered(node);
        InetSocketAddress other = new InetSocketAddress(node.address().getAddress(), 1);
        table.failed(other);
        table.failed(other);

        assertThat(table.closest(own, 8)).containsExactly(node);
    }

    @Test
    void aFullBucketAsksForAPingOfTheLongestSilentNodeAfter15Minutes() {
        fill(1, 1);
        List<Node> nodes = fill(0, 8);
        assertThat(table.answered(node(0))).isNull();

        now += 15 * MINUTE;
        nodes.stream().filter(node -> node != nodes.get(4)).forEach(table::answered);
        Contact questionable = table.answered(node(0));

        assertThat(questionable).isNotNull();
        assertThat(questionable.node).isEqualTo(nodes.get(4));
    }

    @Test
    void aNodeWhoseIdBelongsToItsAddressReplacesOneWhoseIdDoesNot() {
        fill(1, 1);
        fill(0, 8);
        Node secure = secureNode(0);
        table.answered(secure);

        assertThat(all()).contains(secure).hasSize(9);
    }

    @Test
    void silentNodesAreNotTold() {
        List<Node> nodes = fill(0, 3);
        now += 15 * MINUTE - 1;
        assertThat(table.closest(own, 8)).hasSize(3);
        now++;
        assertThat(table.closest(own, 8)).isEmpty();
        table.asked(nodes.get(1));
        assertThat(table.closest(own, 8)).containsExactly(nodes.get(1));
        assertThat(table.closestOfAll(own, 8)).hasSize(3);
    }

    @Test
    void theClosestNodesAreThoseOfAFullSort() {
        for (int i = 0; i < 2_000; i++) {
            table.answered(new Node(NodeId.random(random), nextAddress()));
            table.answered(node(random.nextInt(40)));
        }
        for (int i = 0; i < 500; i++) {
            NodeId target = i % 2 == 0 ? NodeId.random(random) : own.randomNeighbour(random.nextInt(60), random);
            Comparator<Node> byDistance = (one, two) -> target.compareDistance(one.id(), two.id());
            assertThat(table.closest(target, 8))
                    .isEqualTo(all().stream().sorted(byDistance).limit(8).toList());
        }
    }

    @Test
    void aBucketWithoutChangesFor15MinutesGetsATargetOfItsRange() {
        fill(0, 8);
        fill(1, 8);
        fill(2, 3);
        now += 10 * MINUTE;
        table.answered(all().get(9));
        now += 5 * MINUTE;

        List<NodeId> targets = table.stale(random);

        assertThat(targets).extracting(own::commonPrefix).containsExactly(0, 2);
        assertThat(table.stale(random)).isEmpty();
    }
}
