/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Peers.OTHER_TORRENT;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.TORRENT_V2;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;
import static org.peerwire.test.Peers.endOf;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Admission;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.HandshakeStart;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.ProtocolException;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.message.Feature;
import org.peerwire.test.RawPeer;
import org.peerwire.test.Role;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.WirePair;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tests handshakes of the wrong peer, torrent or protocol. */
class HandshakeAttackTest {
    private static final Features V2 = Features.DEFAULT.with(Feature.V2_UPGRADE);

    private static LocalPeer hybrid() {
        return alice().withV2(TORRENT_V2);
    }

    private static @Nullable Reason reason(ScriptedPeer peer) {
        return reason(peer.failure());
    }

    private static @Nullable Reason reason(@Nullable Throwable failure) {
        assertThat(failure).isInstanceOf(HandshakeException.class);
        return failure instanceof HandshakeException e ? e.reason() : null;
    }

    static Stream<String> foreignProtocols() {
        return Stream.of(
                "12426974546f7272656e742070726f746f636f6c",
                "14426974546f7272656e742070726f746f636f6c",
                "00",
                "474554202f20485454502f312e310d0a", // GET / HTTP/1.1
                "160301", // TLS
                "13626974546f7272656e742070726f746f636f6c", // another letter case
                "13426974546f7272656e742070726f746f636f6d", // the last byte
                "1379", // a public key that begins with 0x13 by chance
                "134269", // and one that continues with Bi
                "13426974546f7272656e742070726f746f636f00");
    }

    // case 5
    @ParameterizedTest
    @MethodSource("foreignProtocols")
    void a08_anotherProtocolIsRefused(String hex) {
        for (Role role : Role.values()) {
            ScriptedPeer peer = role.peer(alice());

            peer.sendHex(hex.equals("134269") ? "13426900" : hex);

            assertThat(reason(peer)).as("%s", role).isEqualTo(Reason.NOT_BITTORRENT);
            assertThat(peer.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "134269", "13426974546f7272656e742070726f746f636f6c"})
    void a08_beginningOfTheProtocolDecidesNothing(String hex) {
        for (Role role : Role.values()) {
            ScriptedPeer peer = role.peer(alice());

            peer.sendHex(hex);

            assertThat(peer.failure()).isNull();
            assertThat(peer.isClosed()).isFalse();
            peer.dispose();
        }
    }

    // case 3
    @Test
    void a09_responderSaysNothingBeforeItsAdmissionHasAnswered() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        AtomicReference<@Nullable HandshakeStart> asked = new AtomicReference<>();
        RawPeer peer = new RawPeer((theirs, from) -> {
            asked.set(theirs);
            assertThat(from).isEqualTo(RawPeer.ADDRESS);
            return decision.asMono();
        });
        Handshake handshake = new Handshake(Features.DEFAULT, TORRENT, PEER_ID);

        peer.send(handshake, "");
        assertThat(asked.get()).isEqualTo(new HandshakeStart(Features.DEFAULT, TORRENT));
        assertThat(peer.received()).isEmpty();
        assertThat(peer.wire).isNull();
        decision.tryEmitValue(bob());

        assertThat(peer.wire).isNotNull();
        assertThat(peer.received())
                .startsWith("13426974546f7272656e742070726f746f636f6c0000000000100004" + TORRENT.toHex()
                        + bob().peerId().toHex())
                .matches(".{136}.{8}1400.*");
    }

    // case 6
    @Test
    void a09_unknownInfoHashIsTurnedAwayWithoutAByte() {
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

    @ParameterizedTest
    @MethodSource("failingAdmissions")
    void a09_admissionThatFailsTurnsAwayWithoutAByte(Admission admission) {
        RawPeer peer = new RawPeer(admission);

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "");

        assertThat(peer.failure).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.NOT_ADMITTED));
        assertThat(peer.closed).isTrue();
        assertThat(peer.received()).isEmpty();
    }

    @Test
    void a09_answerForAnotherTorrentIsRefused() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice());

        peer.handshake(new Handshake(Features.DEFAULT, OTHER_TORRENT, PEER_ID));

        assertThat(reason(peer)).isEqualTo(Reason.WRONG_INFO_HASH);
        assertThat(peer.failure()).hasMessageContaining(OTHER_TORRENT.toHex()).hasMessageContaining(TORRENT.toHex());
        assertThat(peer.isClosed()).isTrue();
        peer.expectNothing();
    }

    // case 39
    @ParameterizedTest
    @EnumSource(Role.class)
    void a10_ourOwnPeerIdIsAConnectionToOurselves(Role role) {
        ScriptedPeer peer = role.peer(alice());

        peer.handshake(new Handshake(Features.DEFAULT, TORRENT, alice().peerId()));

        assertThat(reason(peer)).isEqualTo(Reason.SELF);
        assertThat(peer.isClosed()).isTrue();
        peer.expectNothing();
    }

    // case 39
    @Test
    void a10_wireLoopedToItselfDoesNotOpen() {
        assertThatThrownBy(() -> WirePair.open(alice(), alice())).hasCauseInstanceOf(HandshakeException.class);
    }

    @Test
    void a11_versionTwoAnswerWithoutTheUpgradeIsRefused() {
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

    // case 5
    @ParameterizedTest
    @EnumSource(Role.class)
    void a08_otherProtocolIsRefusedOnTheFirstByteThatDiffers(Role role) {
        for (int index = 0; index < 20; index++) {
            byte[] protocol = Handshake.protocol();
            protocol[index] ^= 1;
            ScriptedPeer peer = role.peer(alice());
            for (int i = 0; i < index; i++) {
                peer.send(Unpooled.wrappedBuffer(protocol, i, 1));
            }
            assertThat(peer.failure()).isNull();

            peer.send(Unpooled.wrappedBuffer(protocol, index, 1));

            assertThat(reason(peer)).isEqualTo(Reason.NOT_BITTORRENT);
            assertThat(peer.failure()).hasMessageContaining("byte " + index);
        }
    }

    @Test
    void a09_anotherPeerThanTheExpectedOpensNoWire() {
        RawPeer peer = RawPeer.dialledBy(WireClient.create().expecting(bob().peerId()), alice());

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "0000000101");

        assertThat(reason(peer.failure)).isEqualTo(Reason.WRONG_PEER_ID);
        assertThat(peer.failure)
                .hasMessageContaining(bob().peerId().toString())
                .hasMessageContaining(PEER_ID.toString());
        assertThat(peer.wire).isNull();
        assertThat(peer.closed).isTrue();
        assertThat(peer.received()).as("our handshake and no more").hasSize(2 * Handshake.LENGTH);
    }

    @Test
    void a09_expectedPeerOpensAWire() {
        RawPeer peer = RawPeer.dialledBy(WireClient.create().expecting(PEER_ID), alice());

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), "");

        assertThat(peer.failure).isNull();
        assertThat(peer.wire).isNotNull();
        peer.close();
    }

    // both sides decide by the rule in PeerId
    @Test
    void a10_twoWiresThatCrossedAreOneAndTheSameOnBothSides() {
        WirePair ours = WirePair.open(alice(), bob());
        WirePair theirs = WirePair.open(bob(), alice());

        for (WirePair pair : List.of(ours, theirs)) {
            assertThat(keeps(pair.initiator())).isEqualTo(keeps(pair.responder()));
        }
        assertThat(keeps(ours.initiator())).isNotEqualTo(keeps(theirs.initiator()));
        assertThat(keeps(theirs.initiator())).as("Bob has the greater id").isTrue();
        assertThat(PeerId.parse("ff".repeat(20))).isGreaterThan(PeerId.parse("7f".repeat(20)));
        ours.dispose();
        theirs.dispose();
    }

    private static boolean keeps(Wire wire) {
        return wire.initiator()
                == (wire.local().peerId().compareTo(wire.remote().peerId()) > 0);
    }

    // libtorrent #8692: the bit of the peer means nothing for a torrent of version 1
    @ParameterizedTest
    @CsvSource({
        "false, false, false",
        "false, false, true",
        "false, true, false",
        "false, true, true",
        "true, false, false",
        "true, false, true",
        "true, true, false",
        "true, true, true"
    })
    void a11_hashMessagesNeedBothBits(boolean ours, boolean claimed, boolean shapeKnown) {
        for (String hex : List.of("15", "16", "17")) {
            LocalPeer self = ours ? hybrid() : alice();
            ScriptedPeer peer = ScriptedPeer.dialledBy(
                            shapeKnown ? self.withShape(TorrentShape.of(40 * 16_384, 16_384)) : self)
                    .handshake(claimed ? V2 : Features.DEFAULT);
            peer.received();

            peer.sendHex("00000031" + hex + "00".repeat(32) + "00000000 00000000 00000002 00000000");

            if (ours && claimed && hex.equals("15")) { // the other two messages have no answer
                assertThat(peer.isClosed()).isFalse();
                peer.dispose();
            } else {
                ProtocolException error = endOf(peer.wire(), ProtocolException.class);
                assertThat(error.reason()).isEqualTo(ProtocolException.Reason.UNEXPECTED);
                assertThat(error.messageId()).isEqualTo(Integer.parseInt(hex, 16));
            }
        }
    }
}
