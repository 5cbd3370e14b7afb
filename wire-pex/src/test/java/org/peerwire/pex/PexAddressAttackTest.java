/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.NO_ROOM;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.FakeWire;

/** Peers that direct us at victims, over real wires. */
class PexAddressAttackTest {
    private final List<HostilePeer> peers = new ArrayList<>();

    @AfterEach
    void close() {
        peers.forEach(HostilePeer::close);
    }

    private HostilePeer at(String address) {
        HostilePeer hostile = new HostilePeer(address, options -> options, UtPex::events);
        peers.add(hostile);
        return hostile;
    }

    // ---- refused addresses ----

    @ParameterizedTest(name = "{0} from {1}: {2}")
    @CsvSource({
        // one address of each kind, by the kind of the sender; PexPolicyTest has the full table
        "9.1.1.1:6881, 81.2.69.142:6881, true",
        "9.1.1.1:0, 81.2.69.142:6881, false",
        "9.1.1.1:80, 81.2.69.142:6881, false",
        "9.1.1.1:1023, 127.0.0.1:6881, false",
        "0.0.0.0:6881, 81.2.69.142:6881, false",
        "255.255.255.255:6881, 81.2.69.142:6881, false",
        "224.0.0.1:6881, 81.2.69.142:6881, false",
        "192.0.2.1:6881, 81.2.69.142:6881, false",
        "240.0.0.1:6881, 81.2.69.142:6881, false",
        "169.254.1.1:6881, 127.0.0.1:6881, false",
        "[::]:6881, 81.2.69.142:6881, false",
        "[fe80::1]:6881, 127.0.0.1:6881, false",
        "[ff02::1]:6881, 81.2.69.142:6881, false",
        "[2001:db8::1]:6881, 81.2.69.142:6881, false",
        "10.0.0.1:6881, 81.2.69.142:6881, false",
        "10.0.0.1:6881, 192.168.1.2:6881, true",
        "[fd00::1]:6881, 81.2.69.142:6881, false",
        "[fd00::1]:6881, 192.168.1.2:6881, true",
        "127.0.0.1:7001, 81.2.69.142:6881, false",
        "127.0.0.1:7001, 192.168.1.2:6881, false",
        "127.0.0.1:7001, 127.0.0.1:6881, true",
        "[::1]:7001, 81.2.69.142:6881, false",
        "81.2.69.142:6881, 81.2.69.142:6881, false",
        "81.2.70.1:51413, 81.2.69.142:6881, false",
    })
    void a42_thePolicyComparesAnAddressWithItsSender(String address, String sender, boolean taken) {
        HostilePeer hostile = at(sender);
        assertThat(hostile.say(adding(added(address)))).hasSize(taken ? 1 : 0);
        assertThat(hostile.ignored()).isEqualTo(taken ? Map.of() : Map.of(PexIgnored.REFUSED, 1L));
    }

    @Test
    void a42_mappedAddressesAreRefused() {
        HostilePeer hostile = at(HostilePeer.PUBLIC);
        String mapped = "\0".repeat(10) + "\u00ff\u00ff\t\u0001\u0001\u0001\u001a\u00e1";
        assertThat(hostile.say("d6:added618:" + mapped + "8:added6.f1:\0e")).isEmpty();
        assertThat(hostile.ignored()).isEqualTo(Map.of(PexIgnored.REFUSED, 1L));
    }

    @Test
    void a42_onePeerPerAddressAndFourPerNetworkOfAMessageAreUsed() {
        HostilePeer hostile = at(HostilePeer.PUBLIC);
        assertThat(hostile.say(adding(
                        added("9.1.1.1:6881"),
                        added("9.1.1.1:6882"),
                        added("9.1.1.2:6881"),
                        added("9.1.1.3:6881"),
                        added("9.1.1.4:6881"),
                        added("9.1.1.5:6881"),
                        added("9.1.2.5:6881"))))
                .containsExactly(
                        added("9.1.1.1:6881"),
                        added("9.1.1.2:6881"),
                        added("9.1.1.3:6881"),
                        added("9.1.1.4:6881"),
                        added("9.1.2.5:6881"));
        assertThat(hostile.ignored()).isEqualTo(Map.of(PexIgnored.CROWDED, 2L));
    }

    @Test
    void a42_ipv6CountsBy64And48() {
        assertThat(at(HostilePeer.PUBLIC)
                        .say(adding(
                                added("[2a00:0:0:1::1]:6881"),
                                added("[2a00:0:0:1::2]:6881"),
                                added("[2a00:0:0:2::1]:6881"),
                                added("[2a00:0:0:3::1]:6881"),
                                added("[2a00:0:0:4::1]:6881"),
                                added("[2a00:0:0:5::1]:6881"),
                                added("[2a00:0:1:1::1]:6881"))))
                .extracting(event -> event.peer().getAddress().getAddress()[7])
                .containsExactly((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 1);
    }

    @Test // peers of a swarm on one machine or in one network are close together
    void a42_loopbackAndPrivateAddressesAreNotCrowded() {
        HostilePeer hostile = at("127.0.0.1:6881");
        List<Added> swarm = new ArrayList<>();
        for (int port = 7000; port < 7010; port++) {
            swarm.add(added("127.0.0.1:" + port));
            swarm.add(added("[::1]:" + port));
            swarm.add(added("192.168.1." + (port - 6990) + ":6881"));
        }
        assertThat(hostile.say(adding(swarm))).containsExactlyInAnyOrderElementsOf(List.copyOf(swarm));
        assertThat(hostile.ignored()).isEmpty();
    }

    @Test
    void a42_theCapsAreOptions() {
        HostilePeer hostile = new HostilePeer(
                HostilePeer.PUBLIC,
                options -> options.policy(PexPolicy.withLowPorts())
                        .limits(limits ->
                                limits.maxPerAddress(3).maxPerNetwork(3).maxUnproven(2)),
                UtPex::events);
        peers.add(hostile);
        assertThat(hostile.say(adding(added("9.1.1.1:80"), added("9.1.1.1:81"), added("9.1.1.1:82"))))
                .containsExactly(added("9.1.1.1:80"), added("9.1.1.1:81"));
        assertThat(hostile.ignored()).isEqualTo(Map.of(PexIgnored.UNPROVEN, 1L));
    }

    // ---- the number of unproven peers ----

    @Test
    void a42_ofOneSenderAtMost50UnprovenPeersAreRemembered() {
        HostilePeer hostile = at(HostilePeer.PUBLIC);
        assertThat(hostile.say(adding(Peers.added(0, 200)))).isEqualTo(Peers.added(0, 50));
        assertThat(hostile.ignored()).isEqualTo(Map.of(PexIgnored.UNPROVEN, 150L));
        Set<InetSocketAddress> live = new HashSet<>(peers(0, 50));
        for (int i = 200; i < 2000; i += 30) {
            hostile.pass(Duration.ofMinutes(1));
            for (PeerEvent event : hostile.say(adding(Peers.added(i, i + 30)))) {
                assertThat(event instanceof Added ? live.add(event.peer()) : live.remove(event.peer()))
                        .isTrue();
                assertThat(live).hasSizeLessThanOrEqualTo(50);
            }
            assertThat(live).contains(nth(i), nth(i + 29)).hasSize(50);
        }
    }

    @Test
    void a42_provenPeersAreRememberedUpTo400AndNeverReplacedByUnprovenOnes() {
        HostilePeer hostile =
                new HostilePeer(HostilePeer.PUBLIC, o -> o, wire -> UtPex.events(wire, peers(0, 300)::contains));
        peers.add(hostile);
        hostile.say(adding(Peers.added(0, 100)));
        hostile.say(adding(Peers.added(300, 360)));
        assertThat(hostile.ignored()).isEqualTo(Map.of(PexIgnored.UNPROVEN, 10L, PexIgnored.LONG, 1L));
        assertThat(hostile.say(adding(added(400), added(100))))
                .containsExactly(dropped(300, NO_ROOM), added(400), added(100));
        assertThat(hostile.say(dropping(nth(0), nth(99), nth(300)))).containsExactly(dropped(0), dropped(99));
    }

    @Test
    void a42_aPeerThatIsNotProvenAnyMoreCountsAgain() {
        Set<InetSocketAddress> reached = new HashSet<>(peers(0, 60));
        HostilePeer hostile =
                new HostilePeer(HostilePeer.PUBLIC, o -> o, wire -> UtPex.events(wire, reached::contains));
        peers.add(hostile);
        assertThat(hostile.say(adding(Peers.added(0, 60)))).hasSize(60);
        reached.clear();
        assertThat(hostile.say(adding(added(60))))
                .hasSize(12)
                .contains(dropped(0, NO_ROOM), dropped(10, NO_ROOM), added(60));
    }

    @Test // a wire of the swarm proves its peer
    void a42_aSwarmProvesByItsWiresAndNamesTheTellers() {
        PexSwarm swarm = PexSwarm.create(PexOptions.defaults());
        HostilePeer first = joined(swarm, HostilePeer.PUBLIC);
        HostilePeer second = joined(swarm, "81.3.1.1:6881");
        FakeWire dialled = Wires.dialled(nth(0).getAddress().getHostAddress() + ":6881", PexOptions.defaults());
        swarm.join(dialled);
        List<PeerEvent> known = new ArrayList<>();
        swarm.events().subscribe(known::add);

        first.say(adding(Peers.added(0, 60)));
        assertThat(known).isEqualTo(Peers.added(0, 51));
        second.say(adding(Peers.added(50, 52)));
        assertThat(known).hasSize(52);
        assertThat(swarm.tellers(nth(50)).block())
                .containsExactlyInAnyOrder(first.pair.responder(), second.pair.responder());
        assertThat(swarm.tellers(nth(51)).block()).containsExactly(second.pair.responder());
        assertThat(swarm.tellers(nth(55)).block()).isEmpty();
    }

    private HostilePeer joined(PexSwarm swarm, String address) {
        HostilePeer hostile = at(address);
        swarm.join(hostile.pair.responder());
        return hostile;
    }

    // ---- the rate of candidates ----

    @Test
    void a46_atMostTenCandidatesASecondAreEmitted() {
        HostilePeer hostile = at(HostilePeer.PUBLIC);
        PexOptions options = PexOptions.builder().scheduler(hostile.time).build();
        PexSwarm swarm = PexSwarm.create(options);
        swarm.join(hostile.pair.responder());
        List<Added> dialled = new ArrayList<>();
        swarm.candidates(Comparator.comparing(InetSocketAddress::toString)).subscribe(dialled::add);
        hostile.say(adding(Peers.added(0, 200)));
        hostile.pass(Duration.ofSeconds(1));
        assertThat(dialled).hasSizeBetween(6, 20);
        hostile.pass(Duration.ofMinutes(10));
        assertThat(dialled).hasSize(50);
    }
}
