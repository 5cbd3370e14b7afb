/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.LocalPeer;
import org.peerwire.test.RawPeer;
import org.peerwire.test.Role;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tests the deadline that covers both handshakes. */
class SlowHandshakeAttackTest {
    private static final String HANDSHAKE =
            "13426974546f7272656e742070726f746f636f6c0000000000100004" + TORRENT.toHex() + PEER_ID.toHex();

    // case 40
    @ParameterizedTest
    @EnumSource(Role.class)
    void a07_silentPeerIsClosedAtTenSecondsSharp(Role role) {
        ScriptedPeer peer = role.peer(alice());

        peer.advance(Duration.ofMillis(9_999));
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.failure()).isNull();
        peer.advance(Duration.ofMillis(1));

        assertTimedOut(peer);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a07_drippingPeerIsClosedAtTenSecondsSharp(Role role) {
        ScriptedPeer peer = role.peer(alice());
        for (int sent = 0; sent < 67; sent++) {
            peer.sendHex(HANDSHAKE.substring(2 * sent, 2 * sent + 2)).advance(Duration.ofMillis(149));
        }

        peer.advance(Duration.ofMillis(9_999 - 67 * 149));
        assertThat(peer.isClosed()).isFalse();
        peer.advance(Duration.ofMillis(1));

        assertTimedOut(peer);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a07_peerThatIsDoneJustInTimeSurvives(Role role) {
        ScriptedPeer peer = role.peer(alice()).sendHex(HANDSHAKE.substring(0, 134));

        peer.advance(Duration.ofMillis(9_900)).sendHex(HANDSHAKE.substring(134));
        peer.advance(Duration.ofSeconds(100));

        assertThat(peer.wire().isDisposed()).isFalse();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a07_peerThatNeverSendsItsPeerIdIsClosedAtTenSecondsSharp(Role role) {
        ScriptedPeer peer = role.peer(alice()).advance(Duration.ofSeconds(4)).sendHex(HANDSHAKE.substring(0, 96));
        assertThat(peer.theirs()).isNotNull();

        peer.advance(Duration.ofMillis(5_999));
        assertThat(peer.isClosed()).isFalse();
        peer.advance(Duration.ofMillis(1));

        assertTimedOut(peer);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a07_deadlineIsAnOption(Role role) {
        ScriptedPeer peer = role == Role.INITIATOR
                ? ScriptedPeer.dialledBy(alice(), o -> o.handshakeTimeout(Duration.ofSeconds(3)), wire -> {})
                : ScriptedPeer.dialling(alice(), o -> o.handshakeTimeout(Duration.ofSeconds(3)), wire -> {});

        peer.advance(Duration.ofMillis(2_999));
        assertThat(peer.isClosed()).isFalse();
        peer.advance(Duration.ofMillis(1));

        assertTimedOut(peer);
    }

    // the deadline starts with the connection and includes the admission
    @Test
    void a07_admissionThatNeverAnswersIsGivenUp() {
        AtomicBoolean cancelled = new AtomicBoolean();
        RawPeer peer = new RawPeer((theirs, from) -> Mono.<LocalPeer>never().doOnCancel(() -> cancelled.set(true)));
        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "0000000102");

        peer.clock.advanceTimeBy(Duration.ofMillis(9_999));
        assertThat(peer.closed).isFalse();
        peer.clock.advanceTimeBy(Duration.ofMillis(1));

        assertThat(peer.closed).isTrue();
        assertThat(peer.received()).isEmpty();
        assertThat(cancelled).isTrue();
        assertThat(peer.failure).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.TIMED_OUT));
    }

    @Test
    void a07_admissionThatAnswersTooLateOpensNothing() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        RawPeer peer = new RawPeer((theirs, from) -> decision.asMono());
        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "");
        peer.clock.advanceTimeBy(Duration.ofSeconds(10));

        decision.tryEmitValue(bob());

        assertThat(peer.wire).isNull();
        assertThat(peer.received()).isEmpty();
    }

    @Test
    void a07_peerThatLeavesWhileItIsBeingAdmittedOpensNoLastingWire() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        RawPeer peer = new RawPeer((theirs, from) -> decision.asMono());
        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "");

        peer.close();
        decision.tryEmitValue(bob());

        assertThat(peer.wire == null || peer.wire.isDisposed()).isTrue();
    }

    private static void assertTimedOut(ScriptedPeer peer) {
        assertThat(peer.isClosed()).isTrue();
        assertThat(peer.failure()).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.TIMED_OUT));
    }
}
