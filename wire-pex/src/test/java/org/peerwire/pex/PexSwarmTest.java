/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.DISCONNECTED;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.NO_ROOM;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.SENDER_LEFT;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;
import static org.peerwire.pex.Wires.address;
import static org.peerwire.pex.Wires.have;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.say;
import static org.peerwire.pex.Wires.takeSent;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.EncryptionMethod;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

class PexSwarmTest {
    private static final PexFlags REACHABLE = PexFlags.NONE.withReachable();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options =
            PexOptions.builder().scheduler(time).holdBelow(0).build();
    private final PexSwarm swarm = PexSwarm.create(options);
    private final List<PeerEvent> heard = new ArrayList<>();
    private final List<PeerEvent> members = new ArrayList<>();

    @BeforeEach
    void watch() {
        swarm.events().subscribe(heard::add);
        swarm.members().subscribe(members::add);
    }

    // ---- members: case 89 ----

    @Test
    void aDialledPeerIsAnnouncedWithTheAddressThatWeDialled() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE));
        introduce(wire, builder -> builder.listenPort(9999));
        assertThat(take(members)).isEmpty();
    }

    @Test
    void a44_anInboundPeerIsAnnouncedOnlyWithItsListenPort() {
        FakeWire wire = Wires.accepted("81.2.1.1:40000", options);
        swarm.join(wire);
        introduce(wire);
        assertThat(take(members)).isEmpty();
        introduce(wire, builder -> builder.listenPort(6881));
        assertThat(take(members)).containsExactly(added("81.2.1.1:6881"));
        introduce(wire, builder -> builder.listenPort(6882));
        assertThat(take(members)).containsExactly(dropped("81.2.1.1:6881"), added("81.2.1.1:6882"));
    }

    @Test
    void flagsComeFromTheExtendedHandshakeAndTheDirection() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        take(members);
        introduce(wire, builder -> builder.put("e", BencodeValue.of(1)).extension("ut_holepunch", 4));
        PexFlags flags = REACHABLE.withPrefersEncryption().withHolepunch();
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), flags));
        introduce(wire, builder -> builder.uploadOnly(true));
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), flags.withSeed()));
    }

    @Test
    void anEncryptedWireSetsTheFlagPrefersEncryption() {
        FakeWire wire = FakeWire.builder(Wires.self(options))
                .addresses(Wires.SELF, peer("81.2.1.1:6881"))
                .encryption(EncryptionMethod.RC4)
                .build();
        swarm.join(wire);
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE.withPrefersEncryption()));
    }

    @Test
    void aPeerThatHasEveryPieceIsASeed() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", Wires.self(options, TorrentShape.of(3, 1)));
        swarm.join(wire);
        take(members);
        have(wire, PieceSet.of(3, 0, 1));
        assertThat(take(members)).isEmpty();
        have(wire, PieceSet.all(3));
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE.withSeed()));
    }

    @Test
    void aPeerIsASeedOnceItsMessagesListEveryPiece() {
        Added seed = new Added(peer("81.2.1.1:6881"), REACHABLE.withSeed());
        for (Message message :
                List.of(new Message.HaveAll(), new Message.Bitfield(PieceSet.all(3)), new Message.Have(2))) {
            FakeWire wire = Wires.dialled("81.2.1.1:6881", Wires.self(options, TorrentShape.of(3, 1)));
            Disposable membership = swarm.join(wire);
            take(members);
            have(wire, PieceSet.of(3, 0), new Message.Have(0));
            assertThat(take(members)).isEmpty();
            have(wire, PieceSet.all(3), message);
            assertThat(take(members)).containsExactly(seed);
            membership.dispose();
            take(members);
        }
    }

    @Test
    void twoWiresToOnePeerAreOneMember() {
        FakeWire first = Wires.dialled("81.2.1.1:6881", options);
        FakeWire second = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(first);
        swarm.join(second);
        assertThat(take(members)).hasSize(1);
        first.end();
        assertThat(take(members)).isEmpty();
        second.end();
        assertThat(take(members)).containsExactly(dropped("81.2.1.1:6881"));
    }

    // ---- announcing ----

    @Test
    void eachIsToldOfTheOthersAndOfTheirLeaving() {
        FakeWire a = introduce(Wires.dialled("81.2.1.1:6881", options));
        FakeWire b = introduce(Wires.accepted("81.2.2.2:40000", options), builder -> builder.listenPort(6882));
        FakeWire c = introduce(Wires.accepted("81.2.3.3:40000", options));
        swarm.join(a);
        swarm.join(b);
        swarm.join(c);
        pass(1);
        Added atA = new Added(peer("81.2.1.1:6881"), REACHABLE);
        Added atB = added("81.2.2.2:6882");
        assertThat(takeSent(a)).containsExactly(adding(atB));
        assertThat(takeSent(b)).containsExactly(adding(atA));
        assertThat(takeSent(c)).containsExactly(adding(atA, atB));
        a.fail(new ConnectionException(ConnectionException.Reason.FAILED, "reset"));
        pass(65);
        assertThat(takeSent(a)).isEmpty();
        assertThat(takeSent(b)).containsExactly(dropping(atA.peer()));
        assertThat(takeSent(c)).containsExactly(dropping(atA.peer()));
    }

    @Test
    void a44_aSwarmThatOnlyListensAnnouncesNothing() {
        PexSwarm listening = PexSwarm.create(options.mutate().telling(false).build());
        FakeWire a = introduce(Wires.dialled("81.2.1.1:6881", options));
        FakeWire b = introduce(Wires.dialled("81.2.2.2:6881", options));
        listening.join(a);
        listening.join(b);
        pass(100);
        assertThat(takeSent(a)).isEmpty();
        assertThat(takeSent(b)).isEmpty();
        listening.events().subscribe(heard::add);
        say(a, adding(added(1)));
        assertThat(heard).containsExactly(added(1));
    }

    @Test
    void leavingAndJoiningAgainRepeatsNothing() {
        FakeWire wire = introduce(Wires.dialled("81.2.1.1:6881", options));
        FakeWire other = Wires.dialled("81.2.2.2:6881", options);
        swarm.join(other);
        for (int i = 0; i < 3; i++) {
            Disposable membership = swarm.join(wire);
            pass(3);
            membership.dispose();
        }
        swarm.join(wire);
        pass(200);
        assertThat(takeSent(wire)).containsExactly(adding(new Added(address(other), REACHABLE)));
    }

    // ---- listening ----

    @Test
    void aPeerHeardOfTwiceIsAddedOnceAndDroppedWithTheLastTeller() {
        FakeWire a = Wires.dialled("81.2.1.1:6881", options);
        FakeWire b = Wires.dialled("81.2.2.2:6881", options);
        swarm.join(a);
        swarm.join(b);
        say(a, adding(added(1), added(2)));
        say(b, adding(added(1)));
        assertThat(take(heard)).containsExactly(added(1), added(2));
        say(b, dropping(nth(1), nth(2)));
        assertThat(take(heard)).isEmpty();
        a.end();
        assertThat(take(heard)).containsExactly(dropped(1, SENDER_LEFT), dropped(2, SENDER_LEFT));
    }

    @Test
    void ourOwnEndOfAWireIsNotEmitted() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        say(wire, adding(new Added(Wires.SELF), added(1)));
        assertThat(heard).containsExactly(added(1));
    }

    @Test
    void ourServerIsNotEmitted() {
        FakeWire known = Wires.dialled("81.2.1.1:6881", Wires.self(options).withListenPort(7000));
        FakeWire forgotten = Wires.dialled("81.2.2.2:6881", options);
        swarm.join(known);
        swarm.join(forgotten);
        say(known, adding(added("81.2.70.1:7000"), added("81.2.70.1:7001"), added("81.2.70.2:7000")));
        assertThat(take(heard)).containsExactly(added("81.2.70.1:7001"), added("81.2.70.2:7000"));
        swarm.join(FakeWire.builder(Wires.self(options))
                .addresses(peer("81.2.70.1:7002"), peer("81.2.3.3:50000"))
                .initiator(false)
                .build());
        say(forgotten, adding(added("81.2.70.1:7002"), added("81.2.70.3:7002")));
        assertThat(heard).containsExactly(added("81.2.70.3:7002"));
    }

    @Test
    void ourServerThatWasAddedBeforeItsPortWasKnownCanBeDropped() {
        FakeWire early = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(early);
        say(early, adding(added("81.2.70.1:7002")));
        swarm.join(FakeWire.builder(Wires.self(options))
                .addresses(peer("81.2.70.1:7002"), peer("81.2.3.3:50000"))
                .initiator(false)
                .build());
        take(heard);
        say(early, dropping(peer("81.2.70.1:7002")));
        assertThat(heard).containsExactly(new Dropped(peer("81.2.70.1:7002"), DISCONNECTED));
    }

    @Test // case 92
    void knowsAtMostTheNumberOfTheOption() {
        PexSwarm small = PexSwarm.create(
                options.mutate().limits(limits -> limits.maxKnown(10)).build());
        List<PeerEvent> events = new ArrayList<>();
        small.events().subscribe(events::add);
        FakeWire honest = Wires.dialled("81.2.1.1:6881", options);
        FakeWire greedy = Wires.dialled("81.2.2.2:6881", options);
        small.join(honest);
        small.join(greedy);
        say(honest, adding(added(900), added(901)));
        say(greedy, adding(Peers.added(0, 200)));
        assertThat(events.stream().filter(Added.class::isInstance).count()
                        - events.stream().filter(Dropped.class::isInstance).count())
                .isEqualTo(10);
        assertThat(events)
                .doesNotContain(dropped(900, NO_ROOM), dropped(901, NO_ROOM))
                .contains(dropped(0, NO_ROOM), added(49));
    }

    @Test
    void a40_aFloodingPeerIsClosedAndLeaves() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        say(wire, adding(added(1)));
        for (int i = 0; i < 9; i++) {
            say(wire, PexMessage.EMPTY);
        }
        assertThat(wire.isDisposed()).isTrue();
        assertThat(heard).containsExactly(added(1), dropped(1, SENDER_LEFT));
        assertThat(members).contains(dropped("81.2.1.1:6881"));
    }

    @Test
    void a46_candidatesAreHeardPeersWithoutTheMembers() {
        List<PeerEvent> candidates = new ArrayList<>();
        swarm.candidates(Comparator.comparing(InetSocketAddress::toString)).subscribe(candidates::add);
        FakeWire a = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(a);
        swarm.join(Wires.dialled("81.2.2.2:6881", options));
        say(a, adding(added("81.2.2.2:6881"), added(1), added(2)));
        pass(1);
        assertThat(candidates).containsExactly(added(1), added(2));
    }

    private static List<PeerEvent> take(List<PeerEvent> events) {
        List<PeerEvent> all = List.copyOf(events);
        events.clear();
        return all;
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
