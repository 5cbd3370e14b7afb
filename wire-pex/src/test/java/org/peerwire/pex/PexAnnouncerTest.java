/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.adding;
import static org.peerwire.pex.Peers.dropped;
import static org.peerwire.pex.Peers.nth;
import static org.peerwire.pex.Peers.peer;

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
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Telling: when. To whom is in {@link PexPrivacyAttackTest}, what is in a message in {@link PexFeedTest}. */
class PexAnnouncerTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final PexOptions options =
            PexOptions.builder().scheduler(time).holdBelow(0).build();
    private final Sinks.Many<PeerEvent> swarm = Sinks.many().multicast().directBestEffort();
    private FakeWire wire = FakeWire.dialled("81.2.69.142:6881", options);

    // ---- when ----

    @Test
    void theFirstMessageComesWithinASecondAndTheNextAfter65() {
        wire.introduce();
        announce();
        emit(added(1), added(2));
        assertThat(wire.takeSent()).isEmpty();
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(1), added(2)));
        emit(added(3));
        pass(64);
        assertThat(wire.takeSent()).isEmpty();
        emit(dropped(1));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(new PexMessage(List.of(added(3)), List.of(nth(1))));
    }

    @Test // peers disconnect who sends within 60 s
    void anHourOfChangesGivesAtMostOneMessageAMinute() {
        wire.introduce();
        announce();
        for (int second = 0; second < 3600; second++) {
            emit(added(second % 300), dropped((second + 150) % 300));
            pass(1);
        }
        assertThat(wire.takeSent()).hasSize(3600 / 65 + 1);
    }

    @Test
    void nothingIsSentWhenNothingHasChanged() {
        wire.introduce();
        announce();
        emit(added(1));
        pass(600);
        assertThat(wire.takeSent()).hasSize(1);
        emit(added(2));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(2)));
    }

    @Test
    void a47_nothingIsSentBeforeThePeerSpeaksTheExtension() {
        announce();
        emit(added(1));
        pass(100);
        assertThat(wire.takeSent()).isEmpty();
        wire.introduce();
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(1)));
    }

    @Test
    void changesAreGatheredWhileThePeerHasWithdrawnIt() {
        wire.introduce();
        announce();
        emit(added(1));
        pass(1);
        wire.takeSent();
        wire.withdraw();
        emit(added(2), dropped(1));
        pass(300);
        assertThat(wire.takeSent()).isEmpty();
        wire.introduce();
        emit(added(3));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(new PexMessage(List.of(added(2), added(3)), List.of(nth(1))));
    }

    @Test
    void survivesAPeerThatWithdrawsAtThatVeryMoment() {
        wire.introduce();
        wire.refuse(true);
        announce();
        emit(added(1));
        pass(1);
        wire.refuse(false);
        emit(added(2));
        pass(65);
        assertThat(wire.takeSent()).containsExactly(adding(added(2)));
    }

    @Test
    void goesOnWhenTheSwarmHasCompleted() {
        wire.introduce();
        UtPex.announce(wire, Flux.<PeerEvent>fromIterable(Peers.added(0, 120))).subscribe();
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(Peers.added(0, 100)));
        pass(65);
        assertThat(wire.takeSent()).containsExactly(adding(Peers.added(100, 120)));
    }

    // ---- the end ----

    @Test
    void completesWhenTheWireEnds() {
        TestPublisher<PeerEvent> source = TestPublisher.create();
        StepVerifier.create(UtPex.announce(wire, source.flux())).then(wire::end).verifyComplete();
        source.assertWasCancelled();
        assertThat(wire.subscribers()).isZero();
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
        assertThat(wire.subscribers()).isZero();
    }

    @Test
    void nothingIsLeftAfterCancel() {
        wire.introduce();
        announce().dispose();
        emit(added(1));
        pass(100);
        assertThat(wire.takeSent()).isEmpty();
        assertThat(wire.subscribers()).isZero();
        assertThat(swarm.currentSubscriberCount()).isZero();
    }

    // ---- what ----

    @Test // case 83
    void whatThePeerHasToldIsNotEchoed() {
        wire.introduce();
        announce();
        wire.say(adding(added(1)));
        emit(added(1), added(2));
        pass(1);
        assertThat(wire.takeSent()).containsExactly(adding(added(2)));
    }

    @ParameterizedTest // case 93
    @CsvSource({", true", "false, true", "true, false"})
    void a44_nothingIsToldInAPrivateTorrent(Boolean isPrivate, boolean tells) {
        TorrentShape shape = isPrivate == null ? null : new TorrentShape(1, 1, isPrivate);
        wire = FakeWire.of("81.2.69.142:6881", FakeWire.self(options, shape)).introduce();
        announce();
        emit(added(1));
        pass(100);
        assertThat(wire.takeSent()).hasSize(tells ? 1 : 0);
    }

    @Test
    void flagsAreOneBytePerPeer() {
        wire.introduce();
        announce();
        emit(new Added(peer("192.168.1.1:1")), new Added(peer("9.1.1.1:6881"), new PexFlags(0x12)), added("9.1.2.1:1"));
        pass(1);
        assertThat(wire.sentHex())
                .containsExactly("64353a616464656431323a090101011ae1090102010001373a61646465642e66323a120065");
    }

    @Test
    void aWireWithoutTheExtensionIsRefused() {
        FakeWire bare = FakeWire.of("81.2.69.142:6881", LocalPeer.of(InfoHash.of(new byte[20]), PeerId.random()));
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
