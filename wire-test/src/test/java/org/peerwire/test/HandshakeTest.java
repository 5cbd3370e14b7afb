/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Peers.OTHER_TORRENT;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.TORRENT_V2;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Admission;
import org.peerwire.Features;
import org.peerwire.Features.Feature;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class HandshakeTest {

    // case 1
    @Test
    void eachSideSeesWhatTheOtherPresents() {
        WirePair pair = WirePair.open(alice(), bob());

        assertThat(pair.initiator().remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, bob().peerId()));
        assertThat(pair.responder().remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, alice().peerId()));
        assertThat(pair.initiator().initiator()).isTrue();
        assertThat(pair.responder().initiator()).isFalse();
        assertThat(pair.initiator().local()).isEqualTo(alice());
        pair.dispose();
    }

    // case 3
    @Test
    void initiatorSpeaksAtOnceAndExtendedHandshakeFollowsTheAnswer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice());

        assertThat(peer.theirs()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, alice().peerId()));
        peer.expectNothing();
        peer.handshake(Features.DEFAULT);

        assertThat(peer.expect(Message.Extended.class).id()).isZero();
        peer.expectNothing().dispose();
    }

    // case 3, A-09
    @Test
    void responderSaysNothingBeforeItsAdmissionHasAnswered() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        AtomicReference<@Nullable Handshake> asked = new AtomicReference<>();
        RawPeer peer = new RawPeer((theirs, from) -> {
            asked.set(theirs);
            assertThat(from).isEqualTo(RawPeer.ADDRESS);
            return decision.asMono();
        });
        Handshake handshake = new Handshake(Features.DEFAULT, TORRENT, PEER_ID);

        peer.send(handshake, "");
        assertThat(asked.get()).isEqualTo(handshake);
        assertThat(peer.received()).isEmpty();
        assertThat(peer.wire).isNull();
        decision.tryEmitValue(bob());

        assertThat(peer.wire).isNotNull();
        assertThat(peer.received())
                .startsWith("13426974546f7272656e742070726f746f636f6c0000000000100004" + TORRENT.toHex()
                        + bob().peerId().toHex())
                .matches(".{136}.{8}1400.*");
    }

    static Stream<String> foreignProtocols() {
        return Stream.of(
                "12426974546f7272656e742070726f746f636f6c",
                "14426974546f7272656e742070726f746f636f6c",
                "00",
                "474554202f20485454502f312e310d0a", // GET / HTTP/1.1
                "160301", // TLS
                "13626974546f7272656e742070726f746f636f6c", // another case
                "13426974546f7272656e742070726f746f636f6d", // the last byte
                "1379", // a public key that happens to begin with 0x13
                "134269", // and one that goes on with Bi
                "13426974546f7272656e742070726f746f636f00");
    }

    // case 5, A-08
    @ParameterizedTest
    @MethodSource("foreignProtocols")
    void anotherProtocolIsRefused(String hex) {
        for (Role role : Role.values()) {
            ScriptedPeer peer = role.peer(alice());

            peer.sendHex(hex.equals("134269") ? "13426900" : hex);

            assertThat(reason(peer)).as("%s", role).isEqualTo(Reason.NOT_BITTORRENT);
            assertThat(peer.isClosed()).isTrue();
        }
    }

    //
    @ParameterizedTest
    @ValueSource(strings = {"13", "134269", "13426974546f7272656e742070726f746f636f6c"})
    void beginningOfTheProtocolDecidesNothing(String hex) {
        for (Role role : Role.values()) {
            ScriptedPeer peer = role.peer(alice());

            peer.sendHex(hex);

            assertThat(peer.failure()).isNull();
            assertThat(peer.isClosed()).isFalse();
            peer.dispose();
        }
    }

    // case 6, A-09
    @Test
    void unknownInfoHashIsTurnedAwayWithoutAByte() {
        RawPeer peer = new RawPeer((theirs, from) -> Mono.empty());

        peer.send(new Handshake(Features.DEFAULT, OTHER_TORRENT, PEER_ID), "0000000100");

        assertThat(peer.failure).isInstanceOfSatisfying(HandshakeException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.NOT_ADMITTED);
            assertThat(e).hasMessageContaining(OTHER_TORRENT.toHex());
        });
        assertThat(peer.closed).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    static Stream<Admission> failingAdmissions() {
        return Stream.of(
                (theirs, from) -> Mono.error(new IllegalStateException("no database")),
                (theirs, from) -> {
                    throw new IllegalStateException("no database");
                },
                (theirs, from) -> Mono.just(LocalPeer.of(OTHER_TORRENT, bob().peerId())));
    }

    //
    @ParameterizedTest
    @MethodSource("failingAdmissions")
    void admissionThatFailsTurnsAwayWithoutAByte(Admission admission) {
        RawPeer peer = new RawPeer(admission);

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "");

        assertThat(peer.failure).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.NOT_ADMITTED));
        assertThat(peer.closed).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    //
    @Test
    void answerForAnotherTorrentIsRefused() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice());

        peer.handshake(new Handshake(Features.DEFAULT, OTHER_TORRENT, PEER_ID));

        assertThat(reason(peer)).isEqualTo(Reason.WRONG_INFO_HASH);
        assertThat(peer.failure()).hasMessageContaining(OTHER_TORRENT.toHex()).hasMessageContaining(TORRENT.toHex());
        assertThat(peer.isClosed()).isTrue();
        peer.expectNothing();
    }

    // case 39, A-10
    @ParameterizedTest
    @EnumSource(Role.class)
    void ourOwnPeerIdIsAConnectionToOurselves(Role role) {
        ScriptedPeer peer = role.peer(alice());

        peer.handshake(new Handshake(Features.DEFAULT, TORRENT, alice().peerId()));

        assertThat(reason(peer)).isEqualTo(Reason.SELF);
        assertThat(peer.isClosed()).isTrue();
        peer.expectNothing();
    }

    // case 39, A-10
    @Test
    void wireLoopedToItselfDoesNotOpen() {
        assertThatThrownBy(() -> WirePair.open(alice(), alice())).hasCauseInstanceOf(HandshakeException.class);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void peerThatClosesFirstLeavesNoWire(Role role) {
        for (String sent : List.of("", "13", "13426974546f7272656e742070726f746f636f6c00000000")) {
            ScriptedPeer peer = role.peer(alice()).sendHex(sent);

            peer.close();

            assertThat(reason(peer)).isEqualTo(Reason.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void connectionThatBreaksFirstLeavesNoWire(Role role) {
        ScriptedPeer peer = role.peer(alice());

        peer.reset();

        assertThat(reason(peer)).isEqualTo(Reason.CLOSED);
        assertThat(peer.failure()).hasRootCauseMessage("Connection reset by peer");
    }

    // case 23, A-04
    @ParameterizedTest
    @EnumSource(Role.class)
    void handshakeMayBeCutAnywhere(Role role) {
        String hex = "13426974546f7272656e742070726f746f636f6c0000000000100004" + TORRENT.toHex() + PEER_ID.toHex();
        for (int cut = 2; cut < hex.length(); cut += 2) {
            ScriptedPeer peer = role.peer(alice());

            peer.sendHex(hex.substring(0, cut)).sendHex(hex.substring(cut) + "0000000101");

            assertThat(peer.wire().remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, PEER_ID));
            assertThat(peer.wire().state().peerChoking()).isFalse();
            peer.dispose();
        }
    }

    private static LocalPeer hybrid() {
        return alice().withV2(TORRENT_V2);
    }

    private static final Features V2 = Features.DEFAULT.with(Feature.V2_UPGRADE);

    // PROTOCOL section 10
    @Test
    void hybridOffersTheUpgradeAndTakesTheVersionTwoAnswer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(hybrid());

        assertThat(peer.theirs()).isEqualTo(new Handshake(V2, TORRENT, alice().peerId()));
        peer.handshake(new Handshake(V2, TORRENT_V2, PEER_ID));

        assertThat(peer.wire().remote().infoHash()).isEqualTo(TORRENT_V2);
        assertThat(peer.wire().features().has(Feature.V2_UPGRADE)).isTrue();
        peer.dispose();
    }

    @Test
    void hybridTakesTheVersionOneAnswerToo() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(hybrid()).handshake(Features.DEFAULT);

        assertThat(peer.wire().remote().infoHash()).isEqualTo(TORRENT);
        assertThat(peer.wire().features().has(Feature.V2_UPGRADE)).isFalse();
        peer.dispose();
    }

    //
    @Test
    void versionTwoAnswerWithoutTheUpgradeIsRefused() {
        List<ScriptedPeer> peers = List.of(
                ScriptedPeer.dialledBy(hybrid()).handshake(new Handshake(Features.DEFAULT, TORRENT_V2, PEER_ID)),
                ScriptedPeer.dialledBy(alice()).handshake(new Handshake(V2, TORRENT_V2, PEER_ID)),
                ScriptedPeer.dialledBy(hybrid().withFeatures(Features.DEFAULT))
                        .handshake(new Handshake(V2, TORRENT_V2, PEER_ID)),
                ScriptedPeer.dialledBy(hybrid()).handshake(new Handshake(V2, OTHER_TORRENT, PEER_ID)));

        assertThat(peers).allSatisfy(peer -> {
            assertThat(reason(peer)).isEqualTo(Reason.WRONG_INFO_HASH);
            assertThat(peer.isClosed()).isTrue();
        });
    }

    // PROTOCOL section 1: the responder answers with the same hash
    @Test
    void hybridAnswersWithTheVersionOneHashThatWasAskedFor() {
        assertThat(answerTo(TORRENT)).isEqualTo(TORRENT.toHex());
    }

    @Test
    void hybridAnswersWithTheVersionTwoHashThatWasAskedFor() {
        assertThat(answerTo(TORRENT_V2)).isEqualTo(TORRENT_V2.toHex());
    }

    private static String answerTo(InfoHash asked) {
        RawPeer peer = new RawPeer((theirs, from) -> Mono.just(hybrid()));

        peer.send(new Handshake(V2, asked, PEER_ID), "");

        assertThat(peer.wire).isNotNull();
        return peer.received().substring(56, 96);
    }

    private static @Nullable Reason reason(ScriptedPeer peer) {
        assertThat(peer.failure()).isInstanceOf(HandshakeException.class);
        return peer.failure() instanceof HandshakeException e ? e.reason() : null;
    }
}
