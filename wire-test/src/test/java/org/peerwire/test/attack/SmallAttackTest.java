/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.handshakeOf;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.violation;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.TorrentShape;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.test.Fixture;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;

/** Tests attacks with lt_donthave (BEP 54) and port (BEP 5). */
class SmallAttackTest {
    private static final Features DHT = Features.of(Feature.DHT);
    private static final LocalPeer WITH_DHT = SELF.withFeatures(Features.DEFAULT.with(Feature.DHT));

    /** Returns the message of the peer, with the number that the wire gave to the extension. */
    private static Message.Extended dontHave(ScriptedPeer peer, int piece) {
        return new Message.Extended(
                handshakeOf(peer).extensions().get("lt_donthave"),
                Unpooled.buffer(4).writeInt(piece));
    }

    // case 59
    @Test
    void a73_withoutFastTheRequestsForThePieceFail() {
        ScriptedPeer peer = peer(EXTENDED);
        Message.Extended gone = dontHave(peer, 4);
        peer.send(new Message.Unchoke(), new Message.Have(4), new Message.Have(5));
        Recorder<Block> lost = Recorder.of(peer.wire().blocks().request(block(4, 0)));
        Recorder<Block> other = Recorder.of(peer.wire().blocks().request(block(5, 0)));

        peer.send(gone);

        assertThat(reason(lost)).isEqualTo(RequestException.Reason.REJECTED);
        assertThat(other.hasEnded()).isFalse();
        peer.send(answer(block(5, 0)));
        assertThat(other.hasCompleted()).isTrue();
        peer.dispose();
    }

    // case 59
    @Test
    void a73_withFastTheRequestsWaitForTheirRejects() {
        ScriptedPeer peer = peer(Features.DEFAULT);
        Message.Extended gone = dontHave(peer, 4);
        peer.send(new Message.HaveAll(), new Message.Unchoke());
        Recorder<Block> lost = Recorder.of(peer.wire().blocks().request(block(4, 0)));

        peer.send(gone);
        assertThat(lost.hasEnded()).isFalse();
        assertThat(peer.wire().peerPieces().contains(4)).isFalse();
        peer.send(reject(block(4, 0)));

        assertThat(reason(lost)).isEqualTo(RequestException.Reason.REJECTED);
        peer.dispose();
    }

    @Test
    void a73_pieceOutOfRangeClosesTheWire() {
        for (int piece : new int[] {PIECES, Integer.MAX_VALUE, -1}) {
            ScriptedPeer peer = peer(EXTENDED);
            peer.send(dontHave(peer, piece));
            assertThat(violation(peer)).isEqualTo(ProtocolException.Reason.PIECE_INDEX);
        }
    }

    @Test
    void a73_pieceThePeerNeverHadIsIgnored() {
        ScriptedPeer peer = peer(EXTENDED);
        peer.send(dontHave(peer, 4));

        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.none(PIECES));
        assertThat(peer.wire().stats().ignored(Ignored.DONT_HAVE)).isEqualTo(1);
        peer.dispose();
    }

    @Test
    void a73_itIsKeptAfterAHaveAllUntilTheShapeIsKnown() {
        ScriptedPeer peer = peer(UNSHAPED, Features.DEFAULT);
        Message.Extended gone = dontHave(peer, 4);
        peer.send(new Message.HaveAll(), gone);

        peer.wire().shape(SHAPE).subscribe();

        assertThat(peer.wire().peerPieces().contains(4)).isFalse();
        assertThat(peer.wire().peerPieces().cardinality()).isEqualTo(PIECES - 1);
        peer.dispose();
    }

    // case 60
    @Test
    void a74_portWithoutDhtOnBothSidesIsIgnored() {
        for (Features theirs : List.of(PLAIN, DHT)) {
            for (LocalPeer self : List.of(SELF, WITH_DHT)) {
                ScriptedPeer peer = peer(self, theirs);
                Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

                peer.send(new Message.Port(6881), new Message.Interested());

                boolean both = theirs == DHT && self == WITH_DHT;
                assertThat(inbound.values()).hasSize(both ? 2 : 1).contains(new Message.Interested());
                assertThat(peer.wire().stats().ignored(Ignored.PORT)).isEqualTo(both ? 0 : 1);
                assertThat(peer.isClosed()).isFalse();
                peer.dispose();
            }
        }
    }

    @Test
    void a74_portIsShownAtMostOnceAMinuteAndNeverWhenItIsZero() {
        ScriptedPeer peer = peer(WITH_DHT, DHT);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(new Message.Port(0), new Message.Port(1), new Message.Port(2));
        peer.advance(Duration.ofSeconds(59)).send(new Message.Port(3));
        peer.advance(Duration.ofSeconds(1)).send(new Message.Port(65535));

        assertThat(inbound.values()).containsExactly(new Message.Port(1), new Message.Port(65535));
        assertThat(peer.wire().stats().ignored(Ignored.PORT)).isEqualTo(3);
        peer.dispose();
    }

    @Test
    void a74_portMayComeBeforeTheBitfield() {
        ScriptedPeer peer = peer(WITH_DHT, DHT);

        peer.send(new Message.KeepAlive(), new Message.Port(6881)).sendHex("00000003 05 a040");

        assertThat(peer.wire().peerPieces().stream()).containsExactly(0, 2, 9);
        assertThat(peer.wire().stats().ignored(Ignored.LATE_BITFIELD)).isZero();
        peer.dispose();
    }

    @Test
    void a74_portIsIgnoredInAPrivateTorrent() {
        LocalPeer self = WITH_DHT.withShape(new TorrentShape(SELF.shape().length(), Fixture.PIECE, true));
        ScriptedPeer peer = peer(self, DHT);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(new Message.Port(6881));

        assertThat(inbound.values()).isEmpty();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    // one byte more is refused already on the sixth byte
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5})
    void a73_messageOfAnotherLengthClosesTheWire(int length) {
        ScriptedPeer peer = peer(EXTENDED);
        int id = handshakeOf(peer).extensions().get("lt_donthave");

        peer.send(new Message.Extended(id, Unpooled.wrappedBuffer(new byte[length])));

        assertThat(violation(peer)).isEqualTo(ProtocolException.Reason.LENGTH);
    }

    @Test
    void a73_indexOutsideOfTheLaterShapeClosesTheWire() {
        ScriptedPeer peer = peer(UNSHAPED, Features.DEFAULT);
        Message.Extended gone = dontHave(peer, PIECES);
        peer.send(new Message.HaveAll(), gone);

        peer.wire().shape(SHAPE).subscribe(done -> {}, error -> {});

        assertThat(violation(peer)).isEqualTo(ProtocolException.Reason.PIECE_INDEX);
    }

    @Test
    void a74_thousandPortsAreOneEvent() {
        ScriptedPeer peer = peer(WITH_DHT, DHT);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());
        for (int i = 1; i <= 1_000; i++) {
            peer.send(new Message.Port(i));
        }

        assertThat(inbound.values()).containsExactly(new Message.Port(1));
        assertThat(peer.wire().stats().ignored(Ignored.PORT)).isEqualTo(999);
        peer.dispose();
    }
}
