/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;
import static org.peerwire.test.Peers.endOf;
import static org.peerwire.test.Peers.failureOf;
import static org.peerwire.test.Peers.handshake;
import static org.peerwire.test.Peers.hex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Features.Feature;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireStats.Ignored;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What stands right behind the handshake, and what may stand there at all. */
class FirstMessagesTest {
    private static final List<Message> FIRST = List.of(
            handshake("d1:md6:ut_pexi5eee"),
            new Message.Bitfield(PieceSet.of(10, 0, 2, 9)),
            new Message.KeepAlive(),
            new Message.Unchoke(),
            new Message.Interested());

    //
    @ParameterizedTest
    @EnumSource(Role.class)
    void messagesGluedToTheHandshakeAreNotLost(Role role) {
        List<Message> seen = new ArrayList<>();
        Consumer<Wire> user = wire -> wire.inbound().subscribe(seen::add);
        LocalPeer self = alice().withShape(TorrentShape.of(10 * 16_384, 16_384));
        ScriptedPeer peer = role == Role.INITIATOR
                ? ScriptedPeer.dialledBy(self, o -> o, user)
                : ScriptedPeer.dialling(self, o -> o, user);

        peer.send(glued());

        assertThat(seen).isEqualTo(FIRST);
        assertApplied(peer.wire());
        assertThat(peer.wire().stats().bytesIn()).isEqualTo(glued().readableBytes());
        peer.dispose();
    }

    //
    @Test
    void messagesGluedToTheHandshakeWaitForTheAdmission() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        RawPeer peer = new RawPeer((theirs, from) -> decision.asMono());

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), hexOf(FIRST));
        decision.tryEmitValue(bob());

        Wire wire = peer.wire;
        assertThat(wire).isNotNull();
        assertApplied(wire);
        wire.dispose();
    }

    //
    @Test
    void badMessageGluedToTheHandshakeEndsTheWireAfterTheGoodOnes() {
        List<Message> seen = new ArrayList<>();
        ScriptedPeer peer =
                ScriptedPeer.dialling(alice(), o -> o, wire -> wire.inbound().subscribe(seen::add, error -> {}));

        peer.send(glued().writeBytes(hex("ffffffff")));

        assertThat(seen).isEqualTo(FIRST);
        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.LENGTH);
        assertThat(peer.isClosed()).isTrue();
    }

    private static void assertApplied(Wire wire) {
        assertThat(wire.state().peerChoking()).isFalse();
        assertThat(wire.state().peerInterested()).isTrue();
        assertThat(wire.peerPieces().stream()).containsExactly(0, 2, 9);
        assertThat(wire.extendedHandshake().block(Duration.ZERO).extensions()).containsEntry("ut_pex", 5);
        assertThat(wire.stats().messagesIn()).isEqualTo(FIRST.size());
    }

    private static ByteBuf glued() {
        ByteBuf bytes = Unpooled.buffer();
        new Handshake(Features.DEFAULT, TORRENT, PEER_ID).writeTo(bytes);
        return bytes.writeBytes(hex(hexOf(FIRST)));
    }

    private static String hexOf(List<Message> messages) {
        ByteBuf bytes = Unpooled.buffer();
        messages.forEach(message -> MessageCodec.encode(message, bytes));
        return io.netty.buffer.ByteBufUtil.hexDump(bytes);
    }

    // case 9
    @Test
    void keepAlivesBetweenMessagesChangeNothing() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(Features.DEFAULT);

        peer.sendHex("00000000" + "0000000101" + "00000000" + "00000000" + "0000000102" + "00000000");

        assertThat(peer.wire().state().peerChoking()).isFalse();
        assertThat(peer.wire().state().peerInterested()).isTrue();
        assertThat(peer.wire().stats().ignored()).isEqualTo(Map.of(Ignored.KEEP_ALIVE, 4L));
        peer.dispose();
    }

    // case 22, A-06
    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12, 18, 19, 24, 255})
    void unknownMessageIsShownAndCounted(int id) {
        List<Message> seen = new ArrayList<>();
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                        alice(), o -> o, wire -> wire.inbound().subscribe(seen::add))
                .handshake(Features.DEFAULT);
        Message unknown = new Message.Unknown(id, hex("0102"));

        peer.send(unknown, new Message.Unchoke());

        assertThat(seen).containsExactly(unknown, new Message.Unchoke());
        assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_MESSAGE)).isEqualTo(1);
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.dispose();
    }

    // 20 in a minute
    @Test
    void moreUnknownMessagesThanAnHonestPeerSendsEndTheWire() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(Features.DEFAULT);
        for (int i = 0; i < 20; i++) {
            peer.sendHex("000000010a");
        }
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            peer.sendHex("000000010a");
        }
        assertThat(peer.wire().isDisposed()).isFalse();

        peer.sendHex("000000010a");

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.FLOOD);
    }

    // cases 19, 21, A-01
    @ParameterizedTest
    @CsvSource({"ffffffff, -1", "80000000, -1", "7fffffff, -1", "00100001, -1", "0000000c0600, 6", "0000000200, 0"})
    void badLengthEndsTheWireWithATypedError(String bytes, int id) {
        ScriptedPeer peer = ScriptedPeer.dialling(alice()).handshake(Features.DEFAULT);

        peer.sendHex(bytes + (id == 6 ? "0000000000000000000000" : ""));

        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.LENGTH);
        assertThat(error.messageId()).isEqualTo(id);
        assertThat(error.offset()).isEqualTo(Handshake.LENGTH);
        assertThat(failureOf(peer.wire().inbound())).isEqualTo(error);
        assertThat(peer.isClosed()).isTrue();
    }

    // what counts is the peer's bit and ours, not ours alone
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void extendedHandshakeIsSentOnlyIfBothHaveTheBit(boolean ours, boolean theirs) {
        for (Role role : Role.values()) {
            ScriptedPeer peer = role.peer(alice().withFeatures(features(ours))).handshake(features(theirs));

            if (ours && theirs) {
                assertThat(peer.expect(Message.Extended.class).id()).isZero();
            }
            peer.advance(Duration.ofSeconds(100)).expectNothing();
            assertThat(peer.wire().features().has(Feature.EXTENSION_PROTOCOL)).isEqualTo(ours && theirs);
            peer.dispose();
        }
    }

    //
    @Test
    void peerWithoutTheBitGetsNoExtendedMessageWhateverIsAsked() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice().withExtension(Extension.named("ut_pex")))
                .handshake(Features.of(Feature.FAST));
        Wire wire = peer.wire();

        assertThat(failureOf(wire.readvertise(b -> b.disable("ut_pex")))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(wire.extension("ut_pex").send(hex("00")))).isInstanceOf(IllegalStateException.class);
        assertThat(failureOf(wire.outbound().send(handshake("de")))).isInstanceOf(IllegalStateException.class);
        wire.shape(new TorrentShape(16_384, 16_384, true)).block(Duration.ZERO);
        wire.dontHave(0).block(Duration.ZERO);

        peer.expectNothing();
        assertThat(wire.extension("ut_pex").supported()).isFalse();
        assertThat(wire.extendedHandshake().blockOptional(Duration.ofSeconds(1)))
                .isEmpty();
        assertThat(wire.isDisposed()).isFalse();
        peer.dispose();
    }

    //
    @ParameterizedTest
    @CsvSource({"false, true", "true, false", "false, false"})
    void extendedMessageWithoutTheBitEndsTheWire(boolean ours, boolean theirs) {
        ScriptedPeer peer = ScriptedPeer.dialling(alice().withFeatures(features(ours)))
                .handshake(features(theirs))
                .send(handshake("d1:mdee"));

        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.UNEXPECTED);
        assertThat(error.messageId()).isEqualTo(20);
    }

    //
    @ParameterizedTest
    @ValueSource(strings = {"15", "16", "17"})
    void hashMessageOnAVersionOneTorrentEndsTheWire(String id) {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice())
                .handshake(Features.DEFAULT.with(Feature.V2_UPGRADE))
                .sendHex("00000031" + id + "00".repeat(48));

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.UNEXPECTED);
    }

    @Test
    void subscriberInsideTheAdmittedPairMissesNothing() {
        List<Message> seen = new ArrayList<>();
        WirePair pair = WirePair.builder(alice(), bob())
                .onInitiator(
                        wire -> wire.outbound().send(new Message.Interested()).subscribe())
                .onResponder(wire -> wire.inbound().subscribe(seen::add))
                .open();

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isInstanceOf(Message.Extended.class);
        assertThat(seen.get(1)).isEqualTo(new Message.Interested());
        assertThat(Mono.from(pair.responder().states())
                        .block(Duration.ofSeconds(1))
                        .peerInterested())
                .isTrue();
        pair.dispose();
    }

    private static Features features(boolean extensionProtocol) {
        return extensionProtocol ? Features.DEFAULT : Features.of(Feature.FAST, Feature.DHT);
    }
}
