/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.EncryptionMethod;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.pex.PeerEvent.Dropped;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
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

    // ---- who is a member: case 89 ----

    @Test
    void aDialledPeerIsToldWithTheAddressWeDialled() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE));
        wire.introduce(builder -> builder.listenPort(9999));
        assertThat(take(members)).isEmpty();
    }

    @Test
    void a44_anInboundPeerIsToldOnlyWithThePortItListensOn() {
        FakeWire wire = FakeWire.accepted("81.2.1.1:40000", options);
        swarm.join(wire);
        wire.introduce();
        assertThat(take(members)).isEmpty();
        wire.introduce(builder -> builder.listenPort(6881));
        assertThat(take(members)).containsExactly(added("81.2.1.1:6881"));
        wire.introduce(builder -> builder.listenPort(6882));
        assertThat(take(members)).containsExactly(dropped("81.2.1.1:6881"), added("81.2.1.1:6882"));
    }

    @Test
    void flagsSayWhatThePeerSaysAndWhetherWeReachedIt() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        take(members);
        wire.introduce(builder -> builder.put("e", BencodeValue.of(1)).extension("ut_holepunch", 4));
        PexFlags flags = REACHABLE.withPrefersEncryption().withHolepunch();
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), flags));
        wire.introduce(builder -> builder.uploadOnly(true));
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE.withSeed()));
    }

    @Test
    void anEncryptedWireIsToldAsOfAPeerThatPrefersEncryption() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        wire.encryption = Optional.of(EncryptionMethod.RC4);
        swarm.join(wire);
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE.withPrefersEncryption()));
    }

    @Test
    void aPeerThatHasEveryPieceIsASeed() {
        FakeWire wire = FakeWire.of("81.2.1.1:6881", FakeWire.self(options, TorrentShape.of(3, 1)));
        swarm.join(wire);
        take(members);
        wire.have(PieceSet.of(3, 0, 1));
        assertThat(take(members)).isEmpty();
        wire.have(PieceSet.all(3));
        assertThat(take(members)).containsExactly(new Added(peer("81.2.1.1:6881"), REACHABLE.withSeed()));
    }

    @Test
    void aPeerIsASeedAsSoonAsItSaysThatItHasEveryPiece() {
        Added seed = new Added(peer("81.2.1.1:6881"), REACHABLE.withSeed());
        for (Message message :
                List.of(new Message.HaveAll(), new Message.Bitfield(PieceSet.all(3)), new Message.Have(2))) {
            FakeWire wire = FakeWire.of("81.2.1.1:6881", FakeWire.self(options, TorrentShape.of(3, 1)));
            Disposable membership = swarm.join(wire);
            take(members);
            wire.have(PieceSet.of(3, 0), new Message.Have(0));
            assertThat(take(members)).isEmpty();
            wire.have(PieceSet.all(3), message);
            assertThat(take(members)).containsExactly(seed);
            membership.dispose();
            take(members);
        }
    }

    @Test
    void twoWiresToOnePeerAreOneMember() {
        FakeWire first = FakeWire.dialled("81.2.1.1:6881", options);
        FakeWire second = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(first);
        swarm.join(second);
        assertThat(take(members)).hasSize(1);
        first.end();
        assertThat(take(members)).isEmpty();
        second.end();
        assertThat(take(members)).containsExactly(dropped("81.2.1.1:6881"));
    }

    // ---- telling ----

    @Test
    void eachIsToldOfTheOthersAndOfTheirLeaving() {
        FakeWire a = FakeWire.dialled("81.2.1.1:6881", options).introduce();
        FakeWire b = FakeWire.accepted("81.2.2.2:40000", options).introduce(builder -> builder.listenPort(6882));
        FakeWire c = FakeWire.accepted("81.2.3.3:40000", options).introduce();
        swarm.join(a);
        swarm.join(b);
        swarm.join(c);
        pass(1);
        Added atA = new Added(peer("81.2.1.1:6881"), REACHABLE);
        Added atB = added("81.2.2.2:6882");
        assertThat(a.takeSent()).containsExactly(adding(atB));
        assertThat(b.takeSent()).containsExactly(adding(atA));
        assertThat(c.takeSent()).containsExactly(adding(atA, atB));
        a.fail(new ConnectionException(ConnectionException.Reason.FAILED, "reset"));
        pass(65);
        assertThat(a.takeSent()).isEmpty();
        assertThat(b.takeSent()).containsExactly(dropping(atA.peer()));
        assertThat(c.takeSent()).containsExactly(dropping(atA.peer()));
    }

    @Test
    void a44_aSwarmThatOnlyListensTellsNothing() {
        PexSwarm listening = PexSwarm.create(options.mutate().telling(false).build());
        FakeWire a = FakeWire.dialled("81.2.1.1:6881", options).introduce();
        FakeWire b = FakeWire.dialled("81.2.2.2:6881", options).introduce();
        listening.join(a);
        listening.join(b);
        pass(100);
        assertThat(a.takeSent()).isEmpty();
        assertThat(b.takeSent()).isEmpty();
        listening.events().subscribe(heard::add);
        a.say(adding(added(1)));
        assertThat(heard).containsExactly(added(1));
    }

    @Test
    void leavingAndJoiningAgainTellsNothingTwice() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options).introduce();
        FakeWire other = FakeWire.dialled("81.2.2.2:6881", options);
        swarm.join(other);
        for (int i = 0; i < 3; i++) {
            Disposable membership = swarm.join(wire);
            pass(3);
            membership.dispose();
        }
        swarm.join(wire);
        pass(200);
        assertThat(wire.takeSent()).containsExactly(adding(new Added(other.inetAddress(), REACHABLE)));
    }

    // ---- listening ----

    @Test
    void aPeerHeardOfTwiceIsAddedOnceAndDroppedWithTheLastTeller() {
        FakeWire a = FakeWire.dialled("81.2.1.1:6881", options);
        FakeWire b = FakeWire.dialled("81.2.2.2:6881", options);
        swarm.join(a);
        swarm.join(b);
        a.say(adding(added(1), added(2)));
        b.say(adding(added(1)));
        assertThat(take(heard)).containsExactly(added(1), added(2));
        b.say(dropping(nth(1), nth(2)));
        assertThat(take(heard)).isEmpty();
        a.end();
        assertThat(take(heard)).containsExactly(dropped(1), dropped(2));
    }

    @Test
    void ourOwnEndOfAWireIsNotHeardOf() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        wire.say(adding(new Added(FakeWire.SELF), added(1)));
        assertThat(heard).containsExactly(added(1));
    }

    @Test // case 92
    void knowsNoMoreThanTheOptionSays() {
        PexSwarm small = PexSwarm.create(
                options.mutate().limits(limits -> limits.maxKnown(10)).build());
        List<PeerEvent> events = new ArrayList<>();
        small.events().subscribe(events::add);
        FakeWire honest = FakeWire.dialled("81.2.1.1:6881", options);
        FakeWire greedy = FakeWire.dialled("81.2.2.2:6881", options);
        small.join(honest);
        small.join(greedy);
        honest.say(adding(added(900), added(901)));
        greedy.say(adding(Peers.added(0, 200)));
        assertThat(events.stream().filter(Added.class::isInstance).count()
                        - events.stream().filter(Dropped.class::isInstance).count())
                .isEqualTo(10);
        assertThat(events).doesNotContain(dropped(900), dropped(901)).contains(dropped(0), added(49));
    }

    @Test
    void a40_aFloodingPeerIsClosedAndLeaves() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        wire.say(adding(added(1)));
        for (int i = 0; i < 9; i++) {
            wire.say(PexMessage.EMPTY);
        }
        assertThat(wire.isDisposed()).isTrue();
        assertThat(heard).containsExactly(added(1), dropped(1));
        assertThat(members).contains(dropped("81.2.1.1:6881"));
    }

    @Test
    void a46_candidatesAreThoseHeardOfWithoutTheMembers() {
        List<PeerEvent> candidates = new ArrayList<>();
        swarm.candidates(Comparator.comparing(InetSocketAddress::toString)).subscribe(candidates::add);
        FakeWire a = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(a);
        swarm.join(FakeWire.dialled("81.2.2.2:6881", options));
        a.say(adding(added("81.2.2.2:6881"), added(1), added(2)));
        pass(1);
        assertThat(candidates).containsExactly(added(1), added(2));
    }

    // ---- joining and leaving ----

    @Test
    void leavingLeavesTheWireOpenAndForgetsIt() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options).introduce();
        Disposable membership = swarm.join(wire);
        wire.say(adding(added(1)));
        membership.dispose();
        wire.say(adding(added(2)));
        wire.introduce(builder -> builder.listenPort(7));
        assertThat(heard).containsExactly(added(1), dropped(1));
        assertThat(members).hasSize(2).endsWith(dropped("81.2.1.1:6881"));
        assertThat(membership.isDisposed()).isTrue();
        assertThat(wire.isDisposed()).isFalse();
        assertThat(wire.subscribers()).isZero();
    }

    @Test
    void joiningTwiceIsJoiningOnce() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        int subscribers = wire.subscribers();
        Disposable again = swarm.join(wire);
        assertThat(wire.subscribers()).isEqualTo(subscribers);
        again.dispose();
        wire.say(adding(added(1)));
        assertThat(heard).containsExactly(added(1));
        assertThat(members).hasSize(1);
    }

    @Test
    void aWireThatHasEndedLeavesAtOnce() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        wire.end();
        assertThat(swarm.join(wire).isDisposed()).isTrue();
        assertThat(wire.subscribers()).isZero();
    }

    @Test // case 93
    void a44_aPrivateTorrentIsLeftAlone() {
        LocalPeer self = FakeWire.self(options, new TorrentShape(1, 1, true));
        FakeWire wire = FakeWire.of("81.2.1.1:6881", self).introduce();
        assertThat(swarm.join(wire).isDisposed()).isTrue();
        wire.say(adding(added(1)));
        assertThat(heard).isEmpty();
        assertThat(members).isEmpty();
        assertThat(wire.subscribers()).isZero();
    }

    @Test
    void aWireOfAnotherTorrentOrWithoutTheExtensionIsRefused() {
        swarm.join(FakeWire.dialled("81.2.1.1:6881", options));
        LocalPeer other = LocalPeer.of(InfoHash.of(new byte[20]), PeerId.random());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swarm.join(FakeWire.of("81.2.2.2:1", other.withExtension(UtPex.create()))))
                .withMessageContaining("takes no wire of 0000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PexSwarm.create(options).join(FakeWire.of("81.2.2.2:1", other)));
    }

    @Test
    void disposingCompletesEverythingAndLeavesTheWiresOpen() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options).introduce();
        swarm.join(wire);
        StepVerifier.create(swarm.candidates(Comparator.comparing(InetSocketAddress::toString)))
                .then(swarm::dispose)
                .verifyComplete();
        StepVerifier.create(swarm.events()).verifyComplete();
        StepVerifier.create(swarm.members()).verifyComplete();
        assertThat(swarm.isDisposed()).isTrue();
        assertThat(wire.isDisposed()).isFalse();
        assertThat(wire.subscribers()).isZero();
        assertThat(swarm.join(wire).isDisposed()).isTrue();
        pass(100);
        assertThat(wire.takeSent()).isEmpty();
    }

    @Test
    void lateWatchersGetWhatIsKnown() {
        FakeWire wire = FakeWire.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        wire.say(adding(added(1), added(2)));
        wire.say(dropping(nth(1)));
        StepVerifier.create(swarm.events()).expectNext(added(2)).thenCancel().verify();
        StepVerifier.create(swarm.members()).expectNextCount(1).thenCancel().verify();
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
