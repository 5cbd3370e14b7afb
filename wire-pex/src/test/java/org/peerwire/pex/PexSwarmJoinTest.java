/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.PeerEvent.Dropped.Reason.SENDER_LEFT;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.dropping;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.say;
import static org.peerwire.pex.Wires.takeSent;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Wires that join a swarm and leave it. */
class PexSwarmJoinTest {
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

    @Test
    void leavingLeavesTheWireOpenAndForgetsIt() {
        FakeWire wire = introduce(Wires.dialled("81.2.1.1:6881", options));
        Disposable membership = swarm.join(wire);
        say(wire, adding(added(1)));
        membership.dispose();
        say(wire, adding(added(2)));
        introduce(wire, builder -> builder.listenPort(7));
        assertThat(heard).containsExactly(added(1), dropped(1, SENDER_LEFT));
        assertThat(members).hasSize(2).endsWith(dropped("81.2.1.1:6881"));
        assertThat(membership.isDisposed()).isTrue();
        assertThat(wire.isDisposed()).isFalse();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
    }

    @Test
    void joiningTwiceIsJoiningOnce() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        int subscribers = wire.subscribers(UtPex.NAME);
        Disposable again = swarm.join(wire);
        assertThat(wire.subscribers(UtPex.NAME)).isEqualTo(subscribers);
        again.dispose();
        say(wire, adding(added(1)));
        assertThat(heard).containsExactly(added(1));
        assertThat(members).hasSize(1);
    }

    @Test
    void aWireThatHasEndedLeavesAtOnce() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        wire.end();
        assertThat(swarm.join(wire).isDisposed()).isTrue();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
    }

    @Test // case 93
    void a44_aWireOfAPrivateTorrentDoesNotJoin() {
        LocalPeer self = Wires.self(options, new TorrentShape(1, 1, true));
        FakeWire wire = introduce(Wires.dialled("81.2.1.1:6881", self));
        assertThat(swarm.join(wire).isDisposed()).isTrue();
        say(wire, adding(added(1)));
        assertThat(heard).isEmpty();
        assertThat(members).isEmpty();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
    }

    @Test
    void aWireOfAnotherTorrentOrWithoutTheExtensionIsRefused() {
        swarm.join(Wires.dialled("81.2.1.1:6881", options));
        LocalPeer other = LocalPeer.of(InfoHash.of(new byte[20]), PeerId.random());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swarm.join(Wires.dialled("81.2.2.2:1", other.withExtension(UtPex.create()))))
                .withMessageContaining("must be " + Wires.HASH + ", was 0000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PexSwarm.create(options).join(Wires.dialled("81.2.2.2:1", other)));
    }

    @Test
    void wiresDialledWithoutAListenPortSendThePortAtWhichAnotherWasAccepted() {
        FakeWire before = introduce(Wires.dialled("81.2.1.1:6881", options));
        FakeWire accepted = introduce(Wires.accepted("81.2.2.2:50000", options));
        FakeWire after = introduce(Wires.dialled("81.2.3.3:6881", options));
        swarm.join(before);
        assertThat(before.readvertised()).isEmpty();
        swarm.join(accepted);
        swarm.join(after);
        swarm.join(Wires.accepted("81.2.4.4:50000", options));
        for (FakeWire dialled : List.of(before, after)) {
            assertThat(dialled.readvertised())
                    .singleElement()
                    .extracting(ExtendedHandshake::listenPort)
                    .isEqualTo(OptionalInt.of(Wires.SELF.getPort()));
        }
        assertThat(accepted.readvertised()).isEmpty();
    }

    @Test
    void theListenPortThatTheUserSetIsTheOneThatIsSent() {
        FakeWire forgotten = introduce(Wires.dialled("81.2.1.1:6881", options));
        FakeWire set =
                introduce(Wires.dialled("81.2.3.3:6881", Wires.self(options).withListenPort(7)));
        swarm.join(forgotten);
        swarm.join(set);
        swarm.join(FakeWire.builder(Wires.self(options).withListenPort(8))
                .initiator(false)
                .build());
        assertThat(forgotten.readvertised())
                .singleElement()
                .extracting(ExtendedHandshake::listenPort)
                .isEqualTo(OptionalInt.of(8));
        assertThat(set.readvertised()).isEmpty();
    }

    @Test
    void aSwarmThatOnlyListensSendsNoPort() {
        PexSwarm quiet = PexSwarm.create(options.mutate().telling(false).build());
        FakeWire wire = introduce(Wires.dialled("81.2.1.1:6881", options));
        quiet.join(wire);
        quiet.join(Wires.accepted("81.2.2.2:50000", options));
        assertThat(wire.readvertised()).isEmpty();
    }

    @Test
    void disposingCompletesEverythingAndLeavesTheWiresOpen() {
        FakeWire wire = introduce(Wires.dialled("81.2.1.1:6881", options));
        swarm.join(wire);
        StepVerifier.create(swarm.candidates(Comparator.comparing(InetSocketAddress::toString)))
                .then(swarm::dispose)
                .verifyComplete();
        StepVerifier.create(swarm.events()).verifyComplete();
        StepVerifier.create(swarm.members()).verifyComplete();
        assertThat(swarm.isDisposed()).isTrue();
        assertThat(wire.isDisposed()).isFalse();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
        assertThat(swarm.join(wire).isDisposed()).isTrue();
        pass(100);
        assertThat(takeSent(wire)).isEmpty();
    }

    @Test
    void lateWatchersGetTheKnownPeers() {
        FakeWire wire = Wires.dialled("81.2.1.1:6881", options);
        swarm.join(wire);
        say(wire, adding(added(1), added(2)));
        say(wire, dropping(nth(1)));
        StepVerifier.create(swarm.events()).expectNext(added(2)).thenCancel().verify();
        StepVerifier.create(swarm.members()).expectNextCount(1).thenCancel().verify();
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
