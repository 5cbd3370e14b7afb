/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.DhtStats;
import org.peerwire.discovery.internal.dht.Krpc.Facts;

/** Nodes that lie, and senders that are forged. Attacks. */
class PoisoningTest {
    private static final InetSocketAddress LIAR = DatagramNet.address(9_000);

    private final DhtWorld world = new DhtWorld(42);
    private final List<InetSocketAddress> asked = new ArrayList<>();

    /** Opens a node that answers each question with the facts of a function. */
    private DatagramNet.Host liar(InetSocketAddress address, NodeId id, Function<Krpc.Ask, Facts> facts) {
        DatagramNet.Host[] host = new DatagramNet.Host[1];
        host[0] = world.net.host(address, (packet, from) -> {
            if (KrpcReader.read(packet) instanceof Krpc.Query query) {
                asked.add(address);
                Krpc.Reply reply = new Krpc.Reply(query.transaction(), id, from, facts.apply(query.ask()));
                host[0].send(KrpcWriter.write(reply), from);
            }
        });
        return host[0];
    }

    private Engine victim(InetSocketAddress bootstrap) {
        Engine node = world.add(options -> options.bootstrap(bootstrap));
        world.await(node.start());
        return node;
    }

    private static InetSocketAddress inOneNetwork(int number) {
        return new InetSocketAddress(DatagramNet.ip(101, 102, 103, number % 256), 1_024 + number);
    }

    @Test
    void oneNetworkDoesNotHideATorrentFromOthers() {
        world.grow(60);
        NodeId hash = world.hash();
        world.await(new Operations(world.node(5)).announce(hash, new Membership(5_000, false)));
        // 200 nodes of one network have ids next to the torrent, know each other, and deny that it has peers.
        List<Node> liars = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            liars.add(new Node(hash.randomNeighbour(100 + i % 40, world.net.random), inOneNetwork(i)));
        }
        for (int i = 0; i < 200; i++) {
            int first = i % 180;
            DatagramNet.Host host = liar(
                    liars.get(i).address(), liars.get(i).id(), ask -> Facts.ofNodes(liars.subList(first, first + 8)));
            for (int node = 0; node < 60; node++) {
                Krpc.Query ping = new Krpc.Query("ab", liars.get(i).id(), false, new Krpc.Ask.Ping());
                host.send(KrpcWriter.write(ping), DatagramNet.address(node));
            }
            world.net.advance(Duration.ofMillis(50));
        }
        world.net.advance(Duration.ofSeconds(20));

        for (int node = 20; node < 60; node++) {
            assertThat(world.peers(world.node(node), hash)).as("node %s", node).hasSize(1);
        }
    }

    @Test
    void tenThousandNamedNodesCostABoundedNumberOfQuestions() {
        // Each answer names sixteen other nodes, ever closer, in networks of their own, that answer in the same way.
        NodeId hash = world.hash();
        Set<InetSocketAddress> named = new HashSet<>();
        liar(LIAR, world.hash(), ask -> endless(hash, named));
        Engine victim = victim(LIAR);
        long before = world.stats(victim).queriesSent();
        world.peers(victim, hash);

        DhtStats stats = world.stats(victim);
        assertThat(stats.queriesSent() - before).isLessThanOrEqualTo(Lookup.MAX_QUERIES + 8);
        assertThat(named).hasSizeGreaterThan(1_000);
        assertThat(stats.nodes()).isLessThan(160 * Bucket.SIZE);
    }

    @Test
    void aNodeThatGivesOthersFalseIdsDoesNotHideThem() {
        world.grow(30);
        NodeId hash = world.hash();
        world.await(new Operations(world.node(5)).announce(hash, new Membership(5_000, false)));
        List<Node> renamed = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            renamed.add(new Node(hash.randomNeighbour(100 + i, world.net.random), DatagramNet.address(i)));
        }
        liar(LIAR, hash.randomNeighbour(90, world.net.random), ask -> {
            boolean isSearch = ask instanceof Krpc.Ask.GetPeers;
            return Facts.ofNodes(isSearch ? renamed.subList(0, 16) : List.of());
        });
        Engine victim = victim(LIAR);

        assertThat(world.stats(victim).nodes()).isEqualTo(1);
        assertThat(world.peers(victim, hash)).hasSize(1);
    }

    private Facts endless(NodeId hash, Set<InetSocketAddress> named) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            InetSocketAddress address = DatagramNet.address(10_000 + named.size());
            NodeId id = new NodeId(hash.high(), hash.middle() ^ (1_000_000 - named.size()), hash.low());
            named.add(address);
            nodes.add(new Node(id, address));
            if (named.size() < 20_000) {
                liar(address, id, ask -> endless(hash, named));
            }
        }
        return Facts.ofNodes(nodes);
    }

    @Test
    void addressesOfLocalNetworksAreNeverAsked() {
        List<InetSocketAddress> local = List.of(
                new InetSocketAddress("127.0.0.1", 6881),
                new InetSocketAddress("10.0.0.1", 22),
                new InetSocketAddress("192.168.1.1", 80),
                new InetSocketAddress("169.254.169.254", 80),
                new InetSocketAddress("224.0.0.1", 6881),
                new InetSocketAddress("255.255.255.255", 6881),
                new InetSocketAddress("8.8.8.8", 0));
        List<InetSocketAddress> reached = new ArrayList<>();
        local.forEach(address -> world.net.host(address, (packet, from) -> reached.add(address)));
        List<Node> nodes =
                local.stream().map(address -> new Node(world.hash(), address)).toList();
        liar(LIAR, world.hash(), ask -> new Facts(nodes, local, "token", null, null));
        Engine victim = victim(LIAR);
        local.forEach(victim::learn);

        assertThat(world.peers(victim, world.hash())).isEmpty();
        assertThat(reached).isEmpty();
        assertThat(world.stats(victim).nodes()).isEqualTo(1);
    }

    @Test
    void ourOwnIdAndAddressAreIgnored() {
        List<NodeId> seen = new ArrayList<>();
        DatagramNet.Host[] host = new DatagramNet.Host[1];
        host[0] = world.net.host(LIAR, (packet, from) -> {
            if (KrpcReader.read(packet) instanceof Krpc.Query query) {
                seen.add(query.id());
                Facts facts = Facts.ofNodes(List.of(new Node(query.id(), DatagramNet.address(77))));
                host[0].send(KrpcWriter.write(new Krpc.Reply(query.transaction(), query.id(), null, facts)), from);
            }
        });
        Engine victim = victim(LIAR);

        assertThat(seen).isNotEmpty();
        assertThat(world.stats(victim).nodes()).isZero();
    }

    @Test
    void anAnswerFromAnotherAddressOrWithAnotherTransactionIsIgnored() {
        NodeId hash = world.hash();
        InetSocketAddress peer = new InetSocketAddress("9.9.9.9", 9);
        DatagramNet.Host[] host = new DatagramNet.Host[1];
        host[0] = world.net.host(LIAR, (packet, from) -> {
            if (KrpcReader.read(packet) instanceof Krpc.Query query) {
                Facts facts = new Facts(List.of(), List.of(peer), "t", null, null);
                byte[] right = KrpcWriter.write(new Krpc.Reply(query.transaction(), hash, null, facts));
                host[0].sendAs(DatagramNet.address(9_001), right, from);
                host[0].send(KrpcWriter.write(new Krpc.Reply("aaaa", hash, null, facts)), from);
                host[0].send(KrpcWriter.write(new Krpc.Reply("", hash, null, facts)), from);
            }
        });
        Engine victim = victim(LIAR);

        assertThat(world.peers(victim, hash)).isEmpty();
        DhtStats stats = world.stats(victim);
        assertThat(stats.nodes()).isZero();
        assertThat(stats.answersReceived()).isZero();
        assertThat(stats.strayAnswers()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void questionsWithForgedSendersMakeNoContactsAndFewPings() {
        world.grow(10);
        DatagramNet.Host attacker = world.net.host(LIAR, (packet, from) -> {});
        int before = world.stats(world.node(3)).nodes();
        long sent = world.stats(world.node(3)).queriesSent();
        for (int i = 0; i < 10_000; i++) {
            Krpc.Query query = new Krpc.Query("ab", world.hash(), false, new Krpc.Ask.Ping());
            attacker.sendAs(DatagramNet.address(1_000 + i), KrpcWriter.write(query), DatagramNet.address(3));
        }
        world.net.advance(Duration.ofSeconds(1));

        assertThat(world.stats(world.node(3)).nodes()).isEqualTo(before);
        assertThat(world.stats(world.node(3)).queriesSent() - sent).isLessThanOrEqualTo(64);
    }

    @Test
    void aFloodFromOneAddressIsAnsweredAtItsRateAndOthersAreAnswered() {
        world.grow(10);
        int[] answers = new int[1];
        DatagramNet.Host attacker = world.net.host(LIAR, (packet, from) -> answers[0]++);
        for (int i = 0; i < 1_000; i++) {
            Krpc.Query query = new Krpc.Query("ab", world.hash(), true, new Krpc.Ask.Ping());
            attacker.send(KrpcWriter.write(query), DatagramNet.address(3));
        }
        world.net.advance(Duration.ofSeconds(1));
        assertThat(answers[0]).isBetween(AskingRates.BURST, AskingRates.BURST + 5);
        assertThat(world.stats(world.node(3)).queriesRefused()).isGreaterThan(900);

        world.await(new Operations(world.node(7)).announce(world.hash(), new Membership(1, false)));
        assertThat(world.stats(world.node(3)).queriesRefused()).isLessThan(1_000);
    }

    @Test
    void aReadOnlyNodeAsksAndIsNotAsked() {
        world.grow(20);
        Engine reader = world.add(options -> options.readOnly(true));
        world.await(reader.start());
        NodeId hash = world.hash();
        world.await(new Operations(world.node(1)).announce(hash, new Membership(7, false)));

        assertThat(world.peers(reader, hash)).hasSize(1);
        world.net.advance(Duration.ofMinutes(1));
        assertThat(world.stats(reader).queriesReceived()).isZero();
    }
}
