/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Wire;

/** Tests whole runs of a {@link TestSwarm}: that a seed repeats them, and that many hosts are cheap. */
class TestSwarmRunTest {
    private static final int KIB = 1024;

    private final List<TestSwarm> nets = new ArrayList<>();

    @AfterEach
    void end() {
        nets.forEach(TestSwarm::dispose);
    }

    private TestSwarm net(long seed) {
        TestSwarm net = TestSwarm.create(seed, 16 * KIB);
        nets.add(net);
        return net;
    }

    /** Plays a minute of some leeches that dial some peers of every conduct, while hosts leave and return. */
    private long play(long seed, UnaryOperator<HostLink> change) {
        TestSwarm net = net(seed);
        List<TestPeer> peers = new ArrayList<>();
        for (PeerConduct conduct : List.of(
                PeerConduct.honest(),
                PeerConduct.lying(0.5),
                PeerConduct.silent(),
                PeerConduct.rejecting(),
                PeerConduct.flapping(),
                PeerConduct.cutting(5),
                PeerConduct.slow(50_000),
                PeerConduct.boasting(),
                PeerConduct.neverTheLastBlock())) {
            peers.add(Leech.peer(net, conduct, change.apply(HostLink.of(1_000_000, 1_000_000))));
        }
        net.churn(peers.stream().map(TestPeer::address).toList(), Duration.ofSeconds(20), Duration.ofSeconds(5));
        for (int second = 0; second < 60; second++) {
            InetSocketAddress host =
                    net.host(HostLink.of(500_000, 500_000 + net.random().nextInt(500_000)));
            Leech.of(net, host, peers.get(net.random().nextInt(peers.size())).address());
            net.advance(Duration.ofSeconds(1));
        }
        return net.trace();
    }

    @Test
    void theSameSeedRepeatsARun() {
        assertThat(play(1, link -> link)).isEqualTo(play(1, link -> link));
    }

    @Test
    void anotherSeedOrAnotherAccessIsAnotherRun() {
        long run = play(1, link -> link);

        assertThat(play(2, link -> link)).isNotEqualTo(run);
        assertThat(play(1, link -> link.delay(Duration.ofMillis(2)))).isNotEqualTo(run);
    }

    @Test
    void aThousandIdleHostsPassTenMinutes() {
        TestSwarm net = net(1);
        TestPeer peer = Leech.seed(net, HostLink.DEFAULT);
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            net.client(net.host()).connect(peer.address(), Leech.self(net)).subscribe(wires::add);
        }

        net.advance(Duration.ofMinutes(10)); // 1.2 million checks of the timeouts of 2,000 wires

        assertThat(wires).hasSize(1_000);
        assertThat(peer.wiresOpen()).isEqualTo(1_000);
    }
}
