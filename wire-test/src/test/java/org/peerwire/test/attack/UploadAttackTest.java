/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECE;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.SHAPE;
import static org.peerwire.test.Fixture.UNSHAPED;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.violation;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.Fixture;
import org.peerwire.test.ScriptedPeer;
import org.peerwire.test.Serving;

/** Tests requests that no honest peer sends, or not in that number. */
class UploadAttackTest {
    private static final BlockRequest A = block(0, 0);
    private static final LocalPeer LARGE = SELF.withShape(TorrentShape.of(200_000L * BLOCK, 4 * BLOCK));

    private static ScriptedPeer served(Features features) {
        return peer(SELF, features, options -> options.allowedFastPieces(0));
    }

    private static ScriptedPeer choke(ScriptedPeer peer) {
        peer.wire().outbound().tryEmit(new Message.Choke());
        peer.received();
        return peer;
    }

    private static BlockRequest nth(int i) {
        return new BlockRequest(i / 4, i % 4 * BLOCK, BLOCK);
    }

    // cases 35 and 56
    @ParameterizedTest
    @CsvSource({
        "0,0,0",
        "0,0,16385",
        "0,0,131072",
        "0,0,131073",
        "0,65535,2",
        "0,-1,16384",
        "0,-1,1",
        "0,0,-1",
        "10,0,16384",
        "-1,0,16384",
        "9,32768,5001",
        "9,49152,1",
        "0,2147483647,16384"
    })
    void a20_invalidRequestIsRejectedAndNeverRead(int piece, int offset, int length) {
        BlockRequest wrong = new BlockRequest(piece, offset, length);
        ScriptedPeer fast = served(FAST);
        Serving serving = Serving.on(fast);
        fast.send(request(wrong)).expect(reject(wrong)).expectNothing();
        assertThat(serving.asked()).isEmpty();
        assertThat(fast.wire().stats().ignored(Ignored.INVALID_REQUEST)).isEqualTo(1);
        fast.dispose();

        ScriptedPeer plain = served(PLAIN);
        assertThat(Serving.on(plain).asked()).isEmpty();
        plain.send(request(wrong)).expectNothing();
        assertThat(plain.wire().stats().ignored(Ignored.INVALID_REQUEST)).isEqualTo(1);
        plain.dispose();
    }

    @ParameterizedTest
    @CsvSource({"0,0,1", "0,0,16384", "0,65535,1", "0,3,16384", "9,32768,5000"})
    void a20_unalignedRequestInsideTheTorrentIsServed(int piece, int offset, int length) {
        BlockRequest unaligned = new BlockRequest(piece, offset, length);
        ScriptedPeer peer = Serving.atOnce(served(FAST));

        peer.send(request(unaligned)).expect(answer(unaligned)).dispose();
    }

    // case 35
    @Test
    void a20_longerBlocksAreServedWhenTheOptionSaysSo() {
        BlockRequest large = new BlockRequest(0, 0, 4 * BLOCK);
        ScriptedPeer peer =
                Serving.atOnce(peer(SELF, FAST, options -> options.limits(limits -> limits.maxBlockLength(131_072))));

        peer.send(request(large)).expect(answer(large)).dispose();
    }

    @Test
    void a20_threeHundredInvalidRequestsAreTolerated() {
        ScriptedPeer peer = served(PLAIN);
        Serving.on(peer);
        for (int i = 0; i < 300; i++) {
            peer.send(request(new BlockRequest(0, 0, 0)));
        }
        assertThat(peer.isClosed()).isFalse();
        peer.send(request(new BlockRequest(0, 0, 0)));
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    @Test
    void a20_withoutAShapeOnlyTheLengthIsChecked() {
        ScriptedPeer peer = peer(UNSHAPED, FAST);
        Serving serving = Serving.on(peer);
        BlockRequest far = new BlockRequest(1_000_000, 1 << 30, BLOCK);

        peer.send(request(far), request(new BlockRequest(0, 0, BLOCK + 1)));

        assertThat(serving.asked()).containsExactly(far);
        peer.dispose();
    }

    @Test
    void a18_requestsOverTheQueueWeAnnouncedAreRejected() {
        ScriptedPeer peer = peer(LARGE, FAST, options -> options.allowedFastPieces(0));
        Serving.on(peer);
        for (int i = 0; i <= 500; i++) {
            peer.send(request(nth(i)));
        }

        peer.expect(reject(nth(500))).expectNothing();
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(500);
        assertThat(peer.wire().stats().ignored(Ignored.EXCESS_REQUEST)).isEqualTo(1);
        peer.dispose();
    }

    @Test
    void a18_floodOfDistinctRequestsClosesTheWire() {
        for (Features features : List.of(PLAIN, FAST)) {
            ScriptedPeer peer = peer(LARGE, features, options -> options.limits(limits -> limits.maxQueuedUploads(50)));
            Serving.on(peer);
            for (int i = 0; i < 100_000 && !peer.isClosed(); i++) {
                assertThat(peer.wire().stats().uploadsQueued()).isLessThanOrEqualTo(50);
                peer.send(request(nth(i)));
            }
            assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
            assertThat(peer.wire().stats().ignored(Ignored.EXCESS_REQUEST)).isEqualTo(201);
        }
    }

    @Test
    void a18_floodOfIdenticalRequestsClosesTheWire() {
        ScriptedPeer peer = peer(LARGE, PLAIN, options -> options.limits(limits -> limits.maxQueuedUploads(50)));
        Serving serving = Serving.on(peer);
        for (int i = 0; i < 100_000 && !peer.isClosed(); i++) {
            peer.send(request(A));
        }

        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
        assertThat(serving.asked()).containsExactly(A);
    }

    @Test
    void a19_requestsWhileChokedAreRejectedAndInTheEndCloseTheWire() {
        ScriptedPeer peer = served(FAST);
        Serving serving = new Serving();
        peer.wire().blocks().serve(serving).subscribe();
        for (int i = 0; i < 300; i++) {
            peer.send(request(A)).expect(reject(A)).expectNothing();
        }
        assertThat(peer.isClosed()).isFalse();

        peer.send(request(A));

        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
        assertThat(serving.asked()).isEmpty();
    }

    @Test
    void a19_requestThatCrossesOurChokeIsRejectedAndNotHeldAgainstThePeer() {
        ScriptedPeer peer = served(FAST);
        Serving.on(peer);
        choke(peer);
        peer.advance(Duration.ofMillis(1_900)).send(request(A)).expect(reject(A));
        assertThat(peer.wire().stats().ignored()).isEmpty();

        peer.advance(Duration.ofMillis(200)).send(request(A)).expect(reject(A));
        assertThat(peer.wire().stats().ignored(Ignored.CHOKED_REQUEST)).isEqualTo(1);
        peer.dispose();
    }

    @ParameterizedTest
    @CsvSource({"0,2147483647", "65535,2", "0,0", "0,16385", "-1,-1"})
    void a20_invalidRequestThatCrossesOurChokeIsRejectedToo(int offset, int length) {
        ScriptedPeer peer = served(FAST);
        Serving serving = Serving.on(peer);
        peer.wire().outbound().tryEmit(new Message.AllowedFast(0));
        choke(peer);

        BlockRequest wrong = new BlockRequest(0, offset, length);
        peer.send(request(wrong));

        assertThat(serving.asked()).isEmpty();
        peer.expect(reject(wrong)).expectNothing().dispose();
    }

    @Test
    void a22_allowedFastBlockIsServedThreeTimesWhileChoked() {
        ScriptedPeer peer = Serving.atOnce(served(FAST));
        peer.wire().outbound().tryEmit(new Message.AllowedFast(0));
        choke(peer).advance(Duration.ofSeconds(3));
        for (int i = 0; i < 12; i++) {
            peer.send(request(block(0, i % 4))).expect(answer(block(0, i % 4))).expectNothing();
        }

        peer.send(request(A)).expect(reject(A)).expectNothing();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.expect(new Message.Unchoke());
        peer.send(request(A)).expect(answer(A)).dispose();
    }

    // case 41
    @Test
    void a21_peerThatDoesNotReadHoldsNoMoreThanTheUploadBuffer() {
        ScriptedPeer peer = peer(LARGE, FAST, options -> options.allowedFastPieces(0));
        Serving.atOnce(peer).stopReading();
        for (int i = 0; i < 500; i++) {
            peer.send(request(nth(i)));
            assertThat(peer.wire().stats().uploadBytesHeld()).isLessThanOrEqualTo(256 * 1024);
        }
        assertThat(peer.wire().stats().payloadOut()).isLessThanOrEqualTo(512 * 1024);
        assertThat(peer.wire().stats().uploadsQueued()).isGreaterThan(400);

        peer.startReading();
        assertThat(peer.received()).hasSize(500).allMatch(message -> message instanceof Message.Piece);
        assertThat(peer.wire().stats().uploadsQueued()).isZero();
        peer.dispose();
    }

    // case 41
    @Test
    void a21_sourceIsAskedOnlyForWhatTheBufferHolds() {
        ScriptedPeer peer = peer(LARGE, FAST, options -> options.uploadBuffer(8 * BLOCK));
        Serving serving = Serving.on(peer);
        for (int i = 0; i < 500; i++) {
            peer.send(request(nth(i)));
        }

        assertThat(serving.asked().size()).isBetween(1, 8);
        serving.answer(nth(0));
        assertThat(serving.asked().size()).isBetween(2, 9);
        peer.dispose();
    }

    @Test
    void a23_cancelOfWhatWasNotAskedForIsIgnored() {
        for (Features features : List.of(PLAIN, FAST)) {
            ScriptedPeer peer = served(features);
            Serving.on(peer);
            for (int i = 0; i < 1_000; i++) {
                peer.send(cancel(A));
            }
            peer.expectNothing();
            assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_CANCEL)).isEqualTo(1_000);
            peer.dispose();
        }
    }

    @Test
    void a23_stormOfCancelsFromAPeerThatDoesNotReadIsBounded() {
        ScriptedPeer peer = served(FAST);
        Serving.on(peer);
        Fixture.clog(peer);
        for (int i = 0; i < 50_000 && !peer.isClosed(); i++) {
            peer.send(request(A), cancel(A));
        }

        // a request that cannot be answered is not read, so TCP stops the peer
        assertThat(peer.wire().stats().messagesIn()).isLessThan(20_000);
        Fixture.unclog(peer);
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.dispose();
    }

    @Test
    void a21_floodAfterOurChokeFromAPeerThatDoesNotReadIsBounded() {
        ScriptedPeer peer = served(FAST);
        Serving.on(peer);
        choke(peer);
        peer.stopReading();
        for (int i = 0; i < 50_000 && !peer.isClosed(); i++) {
            peer.send(request(A));
        }

        // a request that cannot be answered is not read, so TCP stops the peer
        assertThat(peer.wire().stats().messagesIn()).isLessThan(20_000);
        Fixture.unclog(peer);
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.dispose();
    }

    @Test
    void a20_lastPieceMayBeShort() {
        assertThat(SHAPE.pieceLength(9)).isLessThan(PIECE);
        ScriptedPeer peer = Serving.atOnce(served(FAST));

        blocks(39).forEach(block -> peer.send(request(block)));

        assertThat(peer.received()).hasSize(39).allMatch(message -> message instanceof Message.Piece);
        peer.dispose();
    }
}
