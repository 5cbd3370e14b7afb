/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.DhtEvent;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.discovery.DhtStats;
import reactor.test.subscriber.TestSubscriber;

/** Nodes of IPv4 and IPv6 (BEP 32), and the address by which others know us (BEP 42). Attack A-95. */
class TwoFamiliesTest {
    private static final InetSocketAddress ANY_4 = new InetSocketAddress("0.0.0.0", 0);
    private static final InetSocketAddress ANY_6 = new InetSocketAddress("::", 0);

    private final DhtWorld world = new DhtWorld(6);
    private final List<Engine> nodes = new ArrayList<>();

    private Engine start(List<InetSocketAddress> bootstrap, InetSocketAddress... listen) {
        int number = nodes.size();
        DhtOptions options =
                world.options(0).bootstrap(bootstrap).listen(listen).build();
        Engine node = new Engine(options, world.net.at(DatagramNet.address(number), DatagramNet.address6(number)));
        nodes.add(node);
        node.start().subscribe();
        world.net.advance(Duration.ofMillis(500));
        return node;
    }

    @Test
    void aFamilyIsFoundThroughNodesOfTheOtherOne() {
        start(List.of(), ANY_4, ANY_6);
        for (int i = 0; i < 4; i++) {
            start(List.of(DatagramNet.address(0), DatagramNet.address6(0)), ANY_4, ANY_6);
        }
        for (int i = 0; i < 26; i++) {
            start(List.of(DatagramNet.address(0)), ANY_4, ANY_6); // the others know no IPv6 address
        }
        world.net.advance(Duration.ofMinutes(20));
        DhtStats stats = world.stats(nodes.get(20));
        assertThat(stats.nodesV4()).isGreaterThan(8);
        assertThat(stats.nodesV6()).isGreaterThan(8);

        NodeId hash = world.hash();
        world.await(new Operations(nodes.get(3)).announce(hash, new Membership(5_000, false)));

        assertThat(world.peers(nodes.get(25), hash))
                .containsExactlyInAnyOrder(
                        new InetSocketAddress(DatagramNet.address(3).getAddress(), 5_000),
                        new InetSocketAddress(DatagramNet.address6(3).getAddress(), 5_000));
    }

    @Test
    void aNodeOfOneFamilyKnowsAndTellsOnlyThatOne() {
        start(List.of(), ANY_6);
        for (int i = 0; i < 12; i++) {
            start(List.of(DatagramNet.address6(0)), ANY_6);
        }
        NodeId hash = world.hash();
        world.await(new Operations(nodes.get(3)).announce(hash, new Membership(5_000, false)));

        assertThat(world.peers(nodes.get(9), hash))
                .containsExactly(new InetSocketAddress(DatagramNet.address6(3).getAddress(), 5_000));
        assertThat(world.stats(nodes.get(9)).nodesV4()).isZero();
        assertThat(world.stats(nodes.get(9)).nodesV6()).isGreaterThan(8);
    }

    @Test
    void bothTablesAreSavedAndRestored() {
        start(List.of(), ANY_4, ANY_6);
        for (int i = 0; i < 12; i++) {
            start(List.of(DatagramNet.address(0), DatagramNet.address6(0)), ANY_4, ANY_6);
        }

        Saved saved = Saved.decode(world.await(nodes.get(5).save()));

        assertThat(saved.ids()).containsOnlyKeys(Family.FOUR, Family.SIX);
        assertThat(saved.nodes()).anyMatch(node -> Family.of(node.address()) == Family.FOUR);
        assertThat(saved.nodes()).anyMatch(node -> Family.of(node.address()) == Family.SIX);
        assertThat(Saved.decode(saved.encoded())).isEqualTo(saved);
    }

    @Test
    void theIdFollowsFromTheAddressThatOthersSee() {
        start(List.of(), ANY_4);
        Engine node = start(List.of(), ANY_4);
        for (int i = 0; i < 10; i++) {
            start(List.of(DatagramNet.address(0)), ANY_4);
        }
        TestSubscriber<DhtEvent> events = TestSubscriber.create();
        node.events().subscribe(events);
        node.learn(DatagramNet.address(0));
        world.net.advance(Duration.ofMinutes(40));

        InetAddress address = DatagramNet.address(1).getAddress();
        assertThat(events.getReceivedOnNext()).contains(new DhtEvent.ExternalAddress(address));
        NodeId id = Saved.decode(world.await(node.save())).id(Family.FOUR);
        assertThat(SecureIds.isValid(id, address)).isTrue();
        assertThat(world.stats(node).nodes()).isGreaterThan(4);
    }

    @Test
    void theExternalAddressNeedsFiveNetworksAndTheMajority() {
        ExternalAddress external = new ExternalAddress(Family.FOUR);
        InetSocketAddress true4 = DatagramNet.address(1);
        InetSocketAddress false4 = DatagramNet.address(2);
        for (int i = 0; i < 100; i++) { // one network is one vote
            InetSocketAddress voter = new InetSocketAddress(DatagramNet.ip(90, 1, 1, i), 1);
            assertThat(external.vote(voter, false4)).isNull();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(external.vote(DatagramNet.address(100 + i), true4)).isNull();
        }
        assertThat(external.vote(DatagramNet.address(99), new InetSocketAddress("192.168.1.1", 1)))
                .isNull();
        assertThat(external.vote(DatagramNet.address(98), DatagramNet.address6(1)))
                .isNull();
        assertThat(external.known()).isNull();
        assertThat(external.vote(DatagramNet.address(104), true4)).isEqualTo(true4.getAddress());
        assertThat(external.vote(DatagramNet.address(105), true4)).isNull();

        // Five of thirty-one are no majority.
        for (int i = 0; i < 20; i++) {
            external.vote(DatagramNet.address(200 + i), true4);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(external.vote(DatagramNet.address(300 + i), false4)).isNull();
        }
        assertThat(external.known()).isEqualTo(true4.getAddress());
        assertThat(SecureIds.isValid(SecureIds.create(true4.getAddress(), new Random(1)), true4.getAddress()))
                .isTrue();
    }
}
