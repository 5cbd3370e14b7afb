/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;
import static org.peerwire.test.Peers.endOf;
import static org.peerwire.test.Peers.handshake;
import static org.peerwire.test.Peers.hex;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.PieceSet;
import org.peerwire.test.RawPeer;
import org.peerwire.test.Role;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Sinks;

/** Tests messages in one read with the handshake. */
class GluedAttackTest {
    private static final List<Message> FIRST = List.of(
            handshake("d1:md6:ut_pexi5eee"),
            new Message.Bitfield(PieceSet.of(10, 0, 2, 9)),
            new Message.KeepAlive(),
            new Message.Unchoke(),
            new Message.Interested());

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

    @ParameterizedTest
    @EnumSource(Role.class)
    void a05_messagesGluedToTheHandshakeAreNotLost(Role role) {
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

    @Test
    void a05_messagesGluedToTheHandshakeWaitForTheAdmission() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        RawPeer peer = new RawPeer((theirs, from) -> decision.asMono());

        peer.send(new Handshake(Features.DEFAULT, TORRENT, PEER_ID), hexOf(FIRST));
        decision.tryEmitValue(bob());

        Wire wire = peer.wire;
        assertThat(wire).isNotNull();
        assertApplied(wire);
        wire.dispose();
    }

    @Test
    void a05_badMessageGluedToTheHandshakeEndsTheWireAfterTheGoodOnes() {
        List<Message> seen = new ArrayList<>();
        ScriptedPeer peer =
                ScriptedPeer.dialling(alice(), o -> o, wire -> wire.inbound().subscribe(seen::add, error -> {}));

        peer.send(glued().writeBytes(hex("ffffffff")));

        assertThat(seen).isEqualTo(FIRST);
        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.LENGTH);
        assertThat(peer.isClosed()).isTrue();
    }
}
