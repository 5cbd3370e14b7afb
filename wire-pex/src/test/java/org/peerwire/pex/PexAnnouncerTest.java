/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;
import static org.peerwire.pex.Wires.introduce;
import static org.peerwire.pex.Wires.say;
import static org.peerwire.pex.Wires.takeSent;
import static org.peerwire.pex.Wires.takeSentHex;
import static org.peerwire.pex.Wires.withdraw;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.ConnectionException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.pex.PeerEvent.Added;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The times of announcements. {@link PexFeedTest} has their contents, {@link PexPrivacyAttackTest} the receivers. */
class PexAnnouncerTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options =
            PexOptions.builder().scheduler(time).holdBelow(0).build();
    private final Sinks.Many<PeerEvent> swarm = Sinks.many().multicast().directBestEffort();
    private FakeWire wire = Wires.dialled("81.2.69.142:6881", options);

    // ---- times ----

    @Test
    void theFirstMessageComesWithinASecondAndTheNextAfter65() {
        introduce(wire);
        announce();
        emit(added(1), added(2));
        assertThat(takeSent(wire)).isEmpty();
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(1), added(2)));
        emit(added(3));
        pass(64);
        assertThat(takeSent(wire)).isEmpty();
        emit(dropped(1));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(new PexMessage(List.of(added(3)), List.of(nth(1))));
    }

    @Test // peers disconnect a sender of two messages within 60 s
    void anHourOfChangesGivesAtMostOneMessageAMinute() {
        introduce(wire);
        announce();
        for (int second = 0; second < 3600; second++) {
            emit(added(second % 300), dropped((second + 150) % 300));
            pass(1);
        }
        assertThat(takeSent(wire)).hasSize(3600 / 65 + 1);
    }

    @Test
    void nothingIsSentWhenNothingHasChanged() {
        introduce(wire);
        announce();
        emit(added(1));
        pass(600);
        assertThat(takeSent(wire)).hasSize(1);
        emit(added(2));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(2)));
    }

    @Test
    void a47_nothingIsSentBeforeThePeerSupportsTheExtension() {
        announce();
        emit(added(1));
        pass(100);
        assertThat(takeSent(wire)).isEmpty();
        introduce(wire);
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(1)));
    }

    @Test
    void changesAreGatheredWhileThePeerHasWithdrawnIt() {
        introduce(wire);
        announce();
        emit(added(1));
        pass(1);
        takeSent(wire);
        withdraw(wire, UtPex.NAME);
        emit(added(2), dropped(1));
        pass(300);
        assertThat(takeSent(wire)).isEmpty();
        introduce(wire);
        emit(added(3));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(new PexMessage(List.of(added(2), added(3)), List.of(nth(1))));
    }

    @Test
    void anAnnouncementSurvivesAPeerThatWithdrawsAtTheSameMoment() {
        introduce(wire);
        wire.refuseSends(true);
        announce();
        emit(added(1));
        pass(1);
        wire.refuseSends(false);
        emit(added(2));
        pass(65);
        assertThat(takeSent(wire)).containsExactly(adding(added(2)));
    }

    @Test
    void anAnnouncementContinuesAfterTheSwarmHasCompleted() {
        introduce(wire);
        UtPex.announce(wire, Flux.<PeerEvent>fromIterable(Peers.added(0, 120))).subscribe();
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(Peers.added(0, 100)));
        pass(65);
        assertThat(takeSent(wire)).containsExactly(adding(Peers.added(100, 120)));
    }

    // ---- the end ----

    @Test
    void completesWhenTheWireEnds() {
        TestPublisher<PeerEvent> source = TestPublisher.create();
        StepVerifier.create(UtPex.announce(wire, source.flux())).then(wire::end).verifyComplete();
        source.assertWasCancelled();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
    }

    @Test
    void completesWhenTheWireFails() {
        StepVerifier.create(UtPex.announce(wire, Flux.never()))
                .then(() -> wire.fail(new ConnectionException(ConnectionException.Reason.FAILED, "reset")))
                .verifyComplete();
    }

    @Test
    void failsWithTheSwarmAndLeavesTheWireOpen() {
        StepVerifier.create(UtPex.announce(wire, Flux.error(new IllegalStateException("mine"))))
                .verifyErrorMessage("mine");
        assertThat(wire.isDisposed()).isFalse();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
    }

    @Test
    void nothingIsLeftAfterCancel() {
        introduce(wire);
        announce().dispose();
        emit(added(1));
        pass(100);
        assertThat(takeSent(wire)).isEmpty();
        assertThat(wire.subscribers(UtPex.NAME)).isZero();
        assertThat(swarm.currentSubscriberCount()).isZero();
    }

    // ---- contents ----

    @Test // case 83
    void peersSentByThePeerAreNotEchoed() {
        introduce(wire);
        announce();
        say(wire, adding(added(1)));
        emit(added(1), added(2));
        pass(1);
        assertThat(takeSent(wire)).containsExactly(adding(added(2)));
    }

    @ParameterizedTest // case 93
    @CsvSource({", true", "false, true", "true, false"})
    void a44_nothingIsAnnouncedInAPrivateTorrent(Boolean isPrivate, boolean tells) {
        TorrentShape shape = isPrivate == null ? null : new TorrentShape(1, 1, isPrivate);
        wire = introduce(Wires.dialled("81.2.69.142:6881", Wires.self(options, shape)));
        announce();
        emit(added(1));
        pass(100);
        assertThat(takeSent(wire)).hasSize(tells ? 1 : 0);
    }

    @Test
    void flagsAreOneBytePerPeer() {
        introduce(wire);
        announce();
        emit(new Added(peer("192.168.1.1:1")), new Added(peer("9.1.1.1:6881"), new PexFlags(0x12)), added("9.1.2.1:1"));
        pass(1);
        assertThat(takeSentHex(wire, UtPex.NAME))
                .containsExactly("64353a616464656431323a090101011ae1090102010001373a61646465642e66323a120065");
    }

    @Test
    void aWireWithoutTheExtensionIsRefused() {
        FakeWire bare = Wires.dialled("81.2.69.142:6881", LocalPeer.of(InfoHash.of(new byte[20]), PeerId.random()));
        assertThatIllegalArgumentException().isThrownBy(() -> UtPex.announce(bare, Flux.never()));
    }

    private Disposable announce() {
        return UtPex.announce(wire, swarm.asFlux()).subscribe();
    }

    private void emit(PeerEvent... events) {
        for (PeerEvent event : events) {
            swarm.tryEmitNext(event);
        }
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
