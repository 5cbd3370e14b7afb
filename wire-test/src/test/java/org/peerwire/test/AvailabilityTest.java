/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.violation;

import org.junit.jupiter.api.Test;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;

class AvailabilityTest {
    private static Message.Bitfield bitfield(int... pieces) {
        return new Message.Bitfield(PieceSet.of(PIECES, pieces));
    }

    // case 33
    @Test
    void aBitfieldAndALaterHaveAreSeenInThisOrder() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(bitfield(1, 2), new Message.Have(3));
        peer.wire().outbound().tryEmit(bitfield(4));
        peer.wire().outbound().tryEmit(new Message.Have(5));

        assertThat(inbound.values()).containsExactly(bitfield(1, 2), new Message.Have(3));
        assertThat(peer.wire().peerPieces().stream()).containsExactly(1, 2, 3);
        assertThat(peer.expect(Message.Bitfield.class).pieces().stream()).containsExactly(4);
        peer.expect(new Message.Have(5));
        peer.dispose();
    }

    @Test
    void haveAllBeforeTheShapeMeansEveryPiece() {
        ScriptedPeer peer = peer(UNSHAPED, FAST).send(new Message.HaveAll());
        assertThat(peer.wire().peerPieces().capacity()).isZero();

        peer.wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.all(PIECES));
        assertThat(peer.wire().peerPieces().isComplete()).isTrue();
        peer.dispose();
    }

    @Test
    void haveNoneBeforeTheShapeMeansZeroPieces() {
        ScriptedPeer peer = peer(UNSHAPED, FAST).send(new Message.HaveNone(), new Message.Have(7));

        peer.wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 7));
        peer.dispose();
    }

    // case 55
    @Test
    void anInvalidMessageAfterHaveAllClosesTheWire() {
        ScriptedPeer peer = peer(FAST).send(new Message.HaveAll()).sendHex("00000002 00 21");

        assertThat(violation(peer)).isEqualTo(Reason.LENGTH);
    }

    @Test
    void anExtendedMessageMayComeBeforeTheBitfield() {
        ScriptedPeer peer = peer(EXTENDED).sendHex("00000004 14 00 6465").send(bitfield(6));

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 6));
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }
}
