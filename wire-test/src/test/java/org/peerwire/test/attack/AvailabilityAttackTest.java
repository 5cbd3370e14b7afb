/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECE;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.handshakeOf;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.violation;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.Tolerance;
import org.peerwire.TorrentShape;
import org.peerwire.WireLimits;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;

/** Tests false announcements of pieces. */
class AvailabilityAttackTest {
    private static final int MAX_PIECES = 2_097_152;

    private static Message.Bitfield bitfield(int... pieces) {
        return new Message.Bitfield(PieceSet.of(PIECES, pieces));
    }

    private static String hexBitfield(int bytes) {
        return "%08x05%s".formatted(bytes + 1, "00".repeat(bytes));
    }

    private static ScriptedPeer tolerating(LocalPeer self, Features features, Ignored kind, Tolerance tolerance) {
        return peer(self, features, options -> options.limits(limits -> limits.tolerance(kind, tolerance)));
    }

    // case 53
    @ParameterizedTest
    @CsvSource({"10,1,BITFIELD", "10,3,LENGTH", "8,2,LENGTH", "8,0,BITFIELD", "9,1,BITFIELD", "0,1,LENGTH"})
    void a12_bitfieldOfTheWrongLengthClosesTheWire(int pieces, int bytes, Reason reason) {
        ScriptedPeer peer = peer(SELF.withShape(TorrentShape.of((long) pieces * PIECE, PIECE)), PLAIN);

        peer.sendHex(hexBitfield(bytes));

        assertThat(violation(peer)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"10,2", "8,1", "9,2", "0,0"})
    void a12_bitfieldOfTheRightLengthIsFine(int pieces, int bytes) {
        ScriptedPeer peer = peer(SELF.withShape(TorrentShape.of((long) pieces * PIECE, PIECE)), PLAIN);

        peer.sendHex(hexBitfield(bytes));

        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().peerPieces().capacity()).isEqualTo(pieces);
        peer.dispose();
    }

    @Test
    void a13_bitfieldWithASpareBitClosesTheWire() {
        assertThat(violation(peer(PLAIN).sendHex("00000003 05 a060"))).isEqualTo(Reason.BITFIELD);

        ScriptedPeer later = peer(UNSHAPED, PLAIN).sendHex("00000003 05 a060");
        later.wire().shape(SHAPE).subscribe(done -> {}, error -> {});
        assertThat(later.isClosed()).isTrue();
    }

    @Test
    void a14_bitfieldBeforeTheShapeIsKeptUpToTheLimit() {
        ScriptedPeer most = peer(UNSHAPED, PLAIN).sendHex(hexBitfield(MAX_PIECES / 8));
        assertThat(most.isClosed()).isFalse();
        assertThat(most.wire().peerPieces().capacity()).isEqualTo(MAX_PIECES);
        most.dispose();

        ScriptedPeer more = peer(UNSHAPED, PLAIN).sendHex(hexBitfield(MAX_PIECES / 8 + 1));
        assertThat(violation(more)).isEqualTo(Reason.LENGTH);
    }

    @Test
    void a14_bitfieldBeforeTheShapeIsCheckedWhenTheShapeIsKnown() {
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

    // case 34
    @Test
    void a15_laterOfHaveAllAndBitfieldHolds() {
        ScriptedPeer peer = peer(FAST).send(new Message.HaveAll(), bitfield(0, 9));

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 9));
        assertThat(peer.wire().stats().ignored(Ignored.LATE_BITFIELD)).isEqualTo(1);
        peer.send(new Message.Have(5));
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 5, 9));
        peer.dispose();
    }

    // case 52
    @Test
    void a15_everyPairOfAvailabilityMessagesEndsInWhatTheSecondSays() {
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
    void a15_repeatedAvailabilityIsToleratedButNotForEver() {
        ScriptedPeer peer = peer(FAST).send(new Message.HaveAll());

        for (int i = 0; i < 64; i++) {
            peer.send(i % 2 == 0 ? new Message.HaveNone() : new Message.HaveAll());
        }
        assertThat(peer.wire().peerPieces().isComplete()).isTrue();
        assertThat(peer.isClosed()).isFalse();

        peer.send(new Message.HaveAll());
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    // case 32
    @ParameterizedTest
    @ValueSource(ints = {PIECES, PIECES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void a16_haveAfterTheLastPieceClosesTheWire(int piece) {
        ScriptedPeer peer = peer(PLAIN).send(new Message.Have(piece));

        assertThat(violation(peer)).isEqualTo(Reason.PIECE_INDEX);
    }

    @Test
    void a16_haveForTheLastPieceIsFine() {
        ScriptedPeer peer = peer(PLAIN).send(new Message.Have(PIECES - 1));

        assertThat(peer.wire().peerPieces().stream()).containsExactly(PIECES - 1);
        peer.dispose();
    }

    @Test
    void a16_withoutAShapeAHaveUpToTheLimitIsAcceptedAndCheckedLater() {
        ScriptedPeer peer = peer(UNSHAPED, PLAIN).send(new Message.Have(MAX_PIECES - 1));
        assertThat(peer.wire().peerPieces().contains(MAX_PIECES - 1)).isTrue();

        Recorder<Void> shape = Recorder.of(peer.wire().shape(SHAPE));

        assertThat(violation(peer)).isEqualTo(Reason.PIECE_INDEX);
        assertThat(shape.error()).isNotNull();
        assertThat(violation(peer(UNSHAPED, PLAIN).send(new Message.Have(MAX_PIECES))))
                .isEqualTo(Reason.PIECE_INDEX);
        assertThat(violation(peer(UNSHAPED, PLAIN).send(new Message.Have(-1)))).isEqualTo(Reason.PIECE_INDEX);
    }

    @Test
    void a17_floodOfHavesChangesNothing() {
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

    @Test
    void a13_spareBitsAreMaskedIfTheyAreTolerated() {
        ScriptedPeer peer = tolerating(SELF, PLAIN, Ignored.SPARE_BITS, Tolerance.of(1));
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.sendHex("00000003 05 a060");
        assertThat(inbound.values()).containsExactly(bitfield(0, 2, 9));
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 2, 9));
        assertThat(peer.wire().stats().ignored(Ignored.SPARE_BITS)).isEqualTo(1);

        peer.sendHex("00000003 05 a060");
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    @Test
    void a13_spareBitsFromBeforeTheShapeAreMaskedIfTheyAreTolerated() {
        ScriptedPeer peer = tolerating(UNSHAPED, PLAIN, Ignored.SPARE_BITS, Tolerance.UNLIMITED);

        peer.sendHex("00000003 05 a060").wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 0, 2, 9));
        assertThat(peer.wire().stats().ignored(Ignored.SPARE_BITS)).isEqualTo(1);
        peer.dispose();
    }

    // a named index is not a spare bit, whatever is tolerated
    @Test
    void a14_haveAfterTheLastPieceFromBeforeTheShapeIsNotASpareBit() {
        ScriptedPeer peer = tolerating(UNSHAPED, PLAIN, Ignored.SPARE_BITS, Tolerance.UNLIMITED);

        peer.sendHex("00000003 05 a040")
                .send(new Message.Have(10))
                .wire()
                .shape(SHAPE)
                .subscribe(v -> {}, e -> {});

        assertThat(violation(peer)).isEqualTo(Reason.PIECE_INDEX);
    }

    @Test
    void a15_withoutToleranceOnlyTheFirstMessageMayTellThePieces() {
        List<Message> kinds = List.of(bitfield(1), new Message.HaveAll(), new Message.HaveNone());
        for (Message second : kinds) {
            for (Message first :
                    List.of(bitfield(1), new Message.HaveAll(), new Message.HaveNone(), new Message.Unchoke())) {
                ScriptedPeer peer = tolerating(SELF, FAST, Ignored.LATE_BITFIELD, Tolerance.NONE);
                assertThat(violation(peer.send(first, second))).isEqualTo(Reason.UNEXPECTED);
            }
            ScriptedPeer peer = tolerating(SELF, Features.DEFAULT, Ignored.LATE_BITFIELD, Tolerance.NONE);
            peer.sendHex("00000000 0000000414006465 000000030900ff").send(second);
            assertThat(peer.isClosed()).isFalse();
            peer.dispose();
        }
    }

    // peerPieces() already includes the message that is shown, so a user can compute the difference
    @Test
    void a15_whoCountsTheDifferencesNeverDrifts() {
        ScriptedPeer peer = peer(FAST);
        int[] count = new int[PIECES];
        AtomicReference<PieceSet> last = new AtomicReference<>(PieceSet.none(PIECES));
        peer.wire().inbound().subscribe(message -> {
            PieceSet now = peer.wire().peerPieces();
            last.get().stream().forEach(piece -> count[piece]--);
            now.stream().forEach(piece -> count[piece]++);
            last.set(now);
        });

        for (int i = 0; i < 20; i++) {
            peer.send(new Message.HaveAll(), bitfield(i % PIECES), new Message.Have(3), new Message.HaveNone());
        }
        peer.send(bitfield(0, 9));

        assertThat(count).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        peer.dispose();
    }

    // R2: one index reserves one page, and not a page for every lower index
    @Test
    void a16_farIndexReservesLittle() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            ScriptedPeer peer = peer(UNSHAPED, PLAIN);
            long before = thread.getCurrentThreadAllocatedBytes();
            peer.send(new Message.Have(MAX_PIECES - 1));
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
            assertThat(peer.wire().peerHas(MAX_PIECES - 1)).isTrue();
            peer.dispose();
        }

        assertThat(least).isLessThan(64 * 1024);
    }

    @Test
    void a17_alternatingHaveAndDontHaveIsCheapAndHasAnEnd() {
        ScriptedPeer peer = tolerating(SELF, EXTENDED, Ignored.DONT_HAVE, Tolerance.of(5_000, Duration.ofMinutes(1)));
        int id = handshakeOf(peer).extensions().get("lt_donthave");
        Message.Extended gone = new Message.Extended(id, Unpooled.buffer(4).writeInt(4));
        for (int i = 0; i < 5_000; i++) {
            peer.send(new Message.Have(4), gone);
        }

        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.none(PIECES));
        assertThat(peer.wire().stats().ignored(Ignored.DONT_HAVE)).isEqualTo(5_000);
        peer.send(gone);
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
        assertThat(WireLimits.defaults().tolerance(Ignored.DONT_HAVE))
                .isEqualTo(Tolerance.of(MAX_PIECES, Duration.ofMinutes(1)));
    }
}
