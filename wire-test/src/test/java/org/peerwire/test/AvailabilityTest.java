/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECE;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.violation;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.WireStats.Ignored;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;

class AvailabilityTest {
    private static final int MAX_PIECES = 2_097_152;

    private static Message.Bitfield bitfield(int... pieces) {
        return new Message.Bitfield(PieceSet.of(PIECES, pieces));
    }

    private static String hexBitfield(int bytes) {
        return "%08x05%s".formatted(bytes + 1, "00".repeat(bytes));
    }

    // case 32, A-16
    @ParameterizedTest
    @ValueSource(ints = {PIECES, PIECES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void aHaveBehindTheLastPieceClosesTheWire(int piece) {
        ScriptedPeer peer = peer(PLAIN).send(new Message.Have(piece));

        assertThat(violation(peer)).isEqualTo(Reason.PIECE_INDEX);
    }

    //
    @Test
    void aHaveForTheLastPieceIsFine() {
        ScriptedPeer peer = peer(PLAIN).send(new Message.Have(PIECES - 1));

        assertThat(peer.wire().peerPieces().stream()).containsExactly(PIECES - 1);
        peer.dispose();
    }

    //
    @Test
    void withoutAShapeAHaveUpToTheLimitIsAcceptedAndCheckedLater() {
        ScriptedPeer peer = peer(UNSHAPED, PLAIN).send(new Message.Have(MAX_PIECES - 1));
        assertThat(peer.wire().peerPieces().contains(MAX_PIECES - 1)).isTrue();

        Recorder<Void> shape = Recorder.of(peer.wire().shape(SHAPE));

        assertThat(violation(peer)).isEqualTo(Reason.PIECE_INDEX);
        assertThat(shape.error()).isNotNull();
        assertThat(violation(peer(UNSHAPED, PLAIN).send(new Message.Have(MAX_PIECES))))
                .isEqualTo(Reason.PIECE_INDEX);
        assertThat(violation(peer(UNSHAPED, PLAIN).send(new Message.Have(-1)))).isEqualTo(Reason.PIECE_INDEX);
    }

    // case 33
    @Test
    void aBitfieldAndAHaveBehindItAreSeenInThisOrder() {
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

    // case 34, A-15
    @Test
    void theLaterOfHaveAllAndBitfieldHolds() {
        ScriptedPeer peer = peer(FAST).send(new Message.HaveAll(), bitfield(0, 9));

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 9));
        assertThat(peer.wire().stats().ignored(Ignored.LATE_BITFIELD)).isEqualTo(1);
        peer.send(new Message.Have(5));
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 5, 9));
        peer.dispose();
    }

    // case 52, A-15
    @Test
    void everyPairOfAvailabilityMessagesEndsInWhatTheSecondSays() {
        List<Message> kinds = List.of(
                bitfield(1),
                bitfield(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
                bitfield(),
                new Message.HaveAll(),
                new Message.HaveNone());
        for (Message first : kinds) {
            for (Message second : kinds) {
                ScriptedPeer alone = peer(FAST).send(second);
                ScriptedPeer peer = peer(FAST).send(first, second);

                assertThat(peer.wire().peerPieces()).isEqualTo(alone.wire().peerPieces());
                assertThat(alone.wire().stats().ignored()).isEmpty();
                assertThat(peer.wire().stats().ignored(Ignored.LATE_BITFIELD)).isEqualTo(1);
                peer.dispose();
                alone.dispose();
            }
        }
    }

    // case 52
    @Test
    void repeatedAvailabilityIsToleratedButNotForEver() {
        ScriptedPeer peer = peer(FAST).send(new Message.HaveAll());

        for (int i = 0; i < 64; i++) {
            peer.send(i % 2 == 0 ? new Message.HaveNone() : new Message.HaveAll());
        }
        assertThat(peer.wire().peerPieces().isComplete()).isTrue();
        assertThat(peer.isClosed()).isFalse();

        peer.send(new Message.HaveAll());
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    // case 53, A-12
    @ParameterizedTest
    @CsvSource({"10,1,BITFIELD", "10,3,LENGTH", "8,2,LENGTH", "8,0,BITFIELD", "9,1,BITFIELD", "0,1,LENGTH"})
    void aBitfieldOfTheWrongLengthClosesTheWire(int pieces, int bytes, Reason reason) {
        ScriptedPeer peer = peer(SELF.withShape(TorrentShape.of((long) pieces * PIECE, PIECE)), PLAIN);

        peer.sendHex(hexBitfield(bytes));

        assertThat(violation(peer)).isEqualTo(reason);
    }

    //
    @ParameterizedTest
    @CsvSource({"10,2", "8,1", "9,2", "0,0"})
    void aBitfieldOfTheRightLengthIsFine(int pieces, int bytes) {
        ScriptedPeer peer = peer(SELF.withShape(TorrentShape.of((long) pieces * PIECE, PIECE)), PLAIN);

        peer.sendHex(hexBitfield(bytes));

        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().peerPieces().capacity()).isEqualTo(pieces);
        peer.dispose();
    }

    //
    @Test
    void aBitfieldWithASpareBitClosesTheWire() {
        assertThat(violation(peer(PLAIN).sendHex("00000003 05 a060"))).isEqualTo(Reason.BITFIELD);

        ScriptedPeer later = peer(UNSHAPED, PLAIN).sendHex("00000003 05 a060");
        later.wire().shape(SHAPE).subscribe(done -> {}, error -> {});
        assertThat(later.isClosed()).isTrue();
    }

    //
    @Test
    void aBitfieldBeforeTheShapeIsKeptUpToTheLimit() {
        ScriptedPeer most = peer(UNSHAPED, PLAIN).sendHex(hexBitfield(MAX_PIECES / 8));
        assertThat(most.isClosed()).isFalse();
        assertThat(most.wire().peerPieces().capacity()).isEqualTo(MAX_PIECES);
        most.dispose();

        ScriptedPeer more = peer(UNSHAPED, PLAIN).sendHex(hexBitfield(MAX_PIECES / 8 + 1));
        assertThat(violation(more)).isEqualTo(Reason.LENGTH);
    }

    //
    @Test
    void aBitfieldBeforeTheShapeIsCheckedWhenTheShapeIsKnown() {
        ScriptedPeer fits = peer(UNSHAPED, PLAIN).send(bitfield(0, 2, 9), new Message.Have(4));
        Recorder<Void> shaped = Recorder.of(fits.wire().shape(SHAPE));
        assertThat(shaped.hasCompleted()).isTrue();
        assertThat(fits.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 2, 4, 9));
        assertThat(fits.wire().peerPieces().capacity()).isEqualTo(PIECES);
        fits.dispose();

        for (int bytes : new int[] {0, 1, 3}) {
            ScriptedPeer other = peer(UNSHAPED, PLAIN).sendHex(hexBitfield(bytes));
            Recorder<Void> refused = Recorder.of(other.wire().shape(SHAPE));
            assertThat(violation(other)).isEqualTo(Reason.BITFIELD);
            assertThat(refused.error()).isNotNull();
        }
    }

    @Test
    void haveAllBeforeTheShapeIsEveryPieceOfIt() {
        ScriptedPeer peer = peer(UNSHAPED, FAST).send(new Message.HaveAll());
        assertThat(peer.wire().peerPieces().capacity()).isZero();

        peer.wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.all(PIECES));
        assertThat(peer.wire().peerPieces().isComplete()).isTrue();
        peer.dispose();
    }

    @Test
    void haveNoneBeforeTheShapeIsNoPieceOfIt() {
        ScriptedPeer peer = peer(UNSHAPED, FAST).send(new Message.HaveNone(), new Message.Have(7));

        peer.wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 7));
        peer.dispose();
    }

    // case 55
    @Test
    void anInvalidMessageBehindHaveAllClosesTheWire() {
        ScriptedPeer peer = peer(FAST).send(new Message.HaveAll()).sendHex("00000002 00 21");

        assertThat(violation(peer)).isEqualTo(Reason.LENGTH);
    }

    @Test
    void aBitfieldMayBeLeftOut() {
        ScriptedPeer peer = peer(FAST).send(new Message.Unchoke(), new Message.Have(1));

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 1));
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    @Test
    void anExtendedMessageMayComeBeforeTheBitfield() {
        ScriptedPeer peer = peer(EXTENDED).sendHex("00000004 14 00 6465").send(bitfield(6));

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 6));
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    //
    @Test
    void aFloodOfHavesChangesNothing() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        for (int i = 0; i < 10_000; i++) {
            peer.send(new Message.Have(i % PIECES));
        }

        assertThat(inbound.values()).hasSize(PIECES);
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.all(PIECES));
        assertThat(peer.wire().stats().ignored(Ignored.REPEATED_HAVE)).isEqualTo(10_000 - PIECES);
        peer.dispose();
    }
}
