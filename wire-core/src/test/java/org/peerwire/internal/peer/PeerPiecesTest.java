/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;

/** Each message before and after the shape of the torrent is known. */
class PeerPiecesTest {
    private static final int MAX = 1_000;

    private final KnownTorrent torrent = new KnownTorrent(MAX);
    private PeerPieces pieces = new PeerPieces(torrent);

    private void know(int count) {
        torrent.learn(TorrentShape.of(count * 16_384L, 16_384));
    }

    private boolean learn(int count) {
        know(count);
        return pieces.onShape();
    }

    /** A set for a torrent whose shape was known from the beginning. */
    private PeerPieces of(int count) {
        know(count);
        pieces = new PeerPieces(torrent);
        pieces.onShape();
        return pieces;
    }

    private void have(int... indexes) {
        Arrays.stream(indexes).forEach(piece -> pieces.add(piece, MessageType.HAVE));
    }

    private static Reason violation(ThrowingCallable call) {
        ProtocolException violation = catchThrowableOfType(ProtocolException.class, call);
        assertThat(violation).isNotNull();
        return violation.reason();
    }

    // ---- before the shape ----

    @Test
    void piecesBeforeTheShapeAreKept() {
        have(0, 9);

        assertThat(pieces.has(9)).isTrue();
        assertThat(pieces.has(8)).isFalse();
        assertThat(pieces.snapshot().stream()).containsExactly(0, 9);
        assertThat(pieces.snapshot().capacity()).as("whole bytes").isEqualTo(16);
        assertThat(learn(12)).isFalse();
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.of(12, 0, 9));
    }

    @Test
    void haveAllBeforeTheShapeIsAllPiecesAfterIt() {
        pieces.all();
        assertThat(pieces.has(3)).as("the number of pieces is not known").isFalse();

        learn(12);

        assertThat(pieces.snapshot()).isEqualTo(PieceSet.all(12));
    }

    @Test
    void piecesLostAfterAHaveAllStayLostWithTheShape() {
        pieces.all();
        assertThat(pieces.remove(3, MessageType.EXTENDED)).isTrue();
        assertThat(pieces.remove(3, MessageType.EXTENDED)).isFalse();
        assertThat(pieces.remove(5, MessageType.EXTENDED)).isTrue();
        assertThat(pieces.add(5, MessageType.HAVE)).as("it is back").isTrue();

        learn(8);

        assertThat(pieces.snapshot()).isEqualTo(PieceSet.of(8, 0, 1, 2, 4, 5, 6, 7));
    }

    @Test
    void pieceOfAHaveAllIsNoNewPiece() {
        pieces.all();

        assertThat(pieces.add(3, MessageType.HAVE)).isFalse();
    }

    @Test
    void secondHaveAllForgetsTheLostPieces() {
        pieces.all();
        pieces.remove(3, MessageType.EXTENDED);
        pieces.all();

        learn(8);

        assertThat(pieces.snapshot()).isEqualTo(PieceSet.all(8));
    }

    @Test
    void bitfieldReplacesAHaveAll() {
        pieces.all();
        pieces.bitfield(PieceSet.of(16, 1, 2));

        learn(12);

        assertThat(pieces.snapshot()).isEqualTo(PieceSet.of(12, 1, 2));
    }

    @Test
    void haveNoneReplacesEverything() {
        have(1, 2);
        pieces.none();

        assertThat(pieces.has(1)).isFalse();
        learn(12);
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.none(12));
    }

    @Test
    void spareBitsOfAnEarlierBitfieldAreReportedAndClearedWithTheShape() {
        assertThat(pieces.bitfield(PieceSet.of(16, 1, 13)))
                .as("no bit is spare before the shape")
                .isFalse();

        assertThat(learn(12)).isTrue();
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.of(12, 1));
        assertThat(pieces.has(13)).isFalse();
    }

    @Test
    void earlierBitfieldOfAnotherLengthViolatesTheShape() {
        pieces.bitfield(PieceSet.of(16, 1));

        assertThat(violation(() -> learn(17))).isEqualTo(Reason.BITFIELD);
    }

    @Test
    void bitfieldThatWasReplacedDoesNotViolateTheShape() {
        pieces.bitfield(PieceSet.of(16, 1));
        pieces.all();

        assertThat(learn(17)).isFalse();
        assertThat(pieces.snapshot().isComplete()).isTrue();
    }

    @Test
    void earlierPieceAfterTheLastViolatesTheShape() {
        have(12);

        assertThat(violation(() -> learn(12))).isEqualTo(Reason.PIECE_INDEX);
    }

    @Test
    void pieceLostEarlierMustAlsoBeInTheTorrent() {
        pieces.all();
        pieces.remove(12, MessageType.EXTENDED);

        assertThat(violation(() -> learn(12))).isEqualTo(Reason.PIECE_INDEX);
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void pieceOverTheMaximumIsAViolation(int piece) {
        assertThat(pieces.isPlausible(piece)).isFalse();
        assertThat(violation(() -> pieces.add(piece, MessageType.HAVE))).isEqualTo(Reason.PIECE_INDEX);
        assertThat(violation(() -> pieces.remove(piece, MessageType.EXTENDED))).isEqualTo(Reason.PIECE_INDEX);
        assertThat(pieces.has(piece)).isFalse();
    }

    // ---- after the shape ----

    @Test
    void pieceIsAddedAndRemovedOnce() {
        of(12);

        assertThat(pieces.add(11, MessageType.HAVE)).isTrue();
        assertThat(pieces.add(11, MessageType.HAVE)).isFalse();
        assertThat(pieces.has(11)).isTrue();
        assertThat(pieces.remove(11, MessageType.EXTENDED)).isTrue();
        assertThat(pieces.remove(11, MessageType.EXTENDED)).isFalse();
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.none(12));
    }

    @Test
    void pieceAfterTheLastIsAViolation() {
        of(12);

        assertThat(violation(() -> have(12))).isEqualTo(Reason.PIECE_INDEX);
        assertThat(pieces.isPlausible(11)).isTrue();
        assertThat(pieces.isPlausible(12)).isFalse();
    }

    @Test
    void bitfieldOfAnotherLengthIsAViolation() {
        of(12);

        assertThat(violation(() -> pieces.bitfield(PieceSet.none(8)))).isEqualTo(Reason.BITFIELD);
        assertThat(violation(() -> pieces.bitfield(PieceSet.none(24)))).isEqualTo(Reason.BITFIELD);
    }

    @Test
    void spareBitsAreReportedAndLeftOut() {
        of(12);

        assertThat(pieces.bitfield(PieceSet.of(16, 3, 15))).isTrue();
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.of(12, 3));
        assertThat(pieces.bitfield(PieceSet.of(16, 3))).isFalse();
    }

    @Test
    void haveAllAndHaveNoneTakeEffectAtOnce() {
        of(12);

        pieces.all();
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.all(12));
        assertThat(pieces.add(0, MessageType.HAVE)).isFalse();

        pieces.none();
        assertThat(pieces.snapshot()).isEqualTo(PieceSet.none(12));
    }

    @Test
    void snapshotDoesNotFollowLaterChanges() {
        of(12);
        have(1);
        PieceSet before = pieces.snapshot();

        have(2);

        assertThat(before).isEqualTo(PieceSet.of(12, 1));
    }

    @Test
    void torrentWithoutPiecesHasAnEmptySet() {
        of(0);

        pieces.all();

        assertThat(pieces.snapshot()).isEqualTo(PieceSet.none(0));
        assertThat(pieces.isPlausible(0)).isFalse();
    }
}
