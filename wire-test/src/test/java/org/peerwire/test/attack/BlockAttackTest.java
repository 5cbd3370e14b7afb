/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;
import static org.peerwire.test.Fixture.violation;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.RequestException;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.Fixture;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Flux;

/** Tests blocks without a request, or with another length than requested. */
class BlockAttackTest {
    private static final BlockRequest A = block(0, 0);

    private static Recorder<Block> ask(ScriptedPeer peer, BlockRequest block) {
        return Recorder.of(peer.wire().blocks().request(block));
    }

    @Test
    void a24_underFastAnUnrequestedBlockClosesTheWire() {
        assertThat(violation(unchoking(FAST).send(answer(A)))).isEqualTo(Reason.UNSOLICITED_BLOCK);
    }

    @Test
    void a24_withoutFastSixteenAreTolerated() {
        ScriptedPeer peer = unchoking(PLAIN);
        for (int i = 0; i < 16; i++) {
            peer.send(answer(A));
        }
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().stats().wastedIn()).isEqualTo(16L * BLOCK);
        assertThat(peer.wire().stats().payloadIn()).isZero();
        assertThat(peer.wire().stats().ignored(Ignored.UNSOLICITED_BLOCK)).isEqualTo(16);

        peer.send(answer(A));
        assertThat(violation(peer)).isEqualTo(Reason.FLOOD);
    }

    @Test
    void a24_withoutFastSixteenAMinuteAreToleratedForHours() {
        ScriptedPeer peer = unchoking(PLAIN);
        for (int i = 0; i < 200; i++) {
            peer.send(answer(A)).advance(Duration.ofSeconds(10)).send(new Message.KeepAlive());
        }

        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    /** The endgame of other clients (WebTorrent, old libtorrent) sends a block again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a24_peerThatSendsEveryBlockTwiceSurvivesALongDownload(boolean fast) {
        ScriptedPeer peer = unchoking(fast ? FAST : PLAIN);
        int all = 5_000;
        Recorder<Block> got = Recorder.of(peer.wire()
                .blocks()
                .download(
                        Flux.range(0, all).map(i -> block(i % 9, i / 9 % 4)),
                        RequestWindow.fixed(20),
                        (block, failure) -> {
                            throw new AssertionError(failure);
                        }));
        for (int i = 0; i < all; i++) {
            BlockRequest asked = peer.expect(Message.Request.class).block();
            peer.send(answer(asked), answer(asked));
        }

        assertThat(got.hasCompleted()).isTrue();
        assertThat(got.values()).hasSize(all);
        assertThat(peer.wire().stats().ignored(Ignored.DUPLICATE_BLOCK)).isEqualTo(all);
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @Test
    void a24_withoutFastWhatAChokeCrossedIsToleratedHoweverMuch() {
        ScriptedPeer peer = unchoking(PLAIN);
        List<Recorder<Block>> asked = new ArrayList<>();
        Fixture.blocks(30).forEach(block -> asked.add(ask(peer, block)));

        peer.send(new Message.Choke());
        Fixture.blocks(30).forEach(block -> peer.send(answer(block)));

        assertThat(peer.isClosed()).isFalse();
        assertThat(asked).allMatch(recorder -> recorder.values().isEmpty());
        assertThat(peer.wire().stats().ignored(Ignored.LATE_BLOCK)).isEqualTo(30);
        assertThat(peer.wire().stats().wastedIn()).isEqualTo(30L * BLOCK);
        peer.dispose();
    }

    @ParameterizedTest
    @CsvSource({"59,false", "62,true"})
    void a24_underFastTheLateAnswerToACancelledRequestIsToleratedForAMinute(int seconds, boolean closes) {
        ScriptedPeer peer = unchoking(FAST);
        ask(peer, A).cancel();

        peer.advance(Duration.ofSeconds(seconds)).send(answer(A));

        assertThat(peer.isClosed()).isEqualTo(closes);
        if (!closes) {
            assertThat(peer.wire().stats().ignored(Ignored.LATE_BLOCK)).isEqualTo(1);
            peer.send(answer(A));
            assertThat(peer.isClosed()).as("a second answer is a duplicate").isFalse();
            peer.send(answer(A)); // a third one is an unrequested block
            assertThat(violation(peer)).isEqualTo(Reason.UNSOLICITED_BLOCK);
        }
    }

    @Test
    void a24_underFastTheLateAnswerToATimedOutRequestIsTolerated() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> a = ask(peer, A);

        peer.advance(Duration.ofSeconds(70)).send(answer(A));

        assertThat(reason(a)).isEqualTo(RequestException.Reason.TIMED_OUT);
        assertThat(a.values()).isEmpty();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @ParameterizedTest
    @CsvSource({"0,16383", "0,1", "1,16384", "16384,16384"})
    void a25_blockOfAnotherLengthOrPlaceClosesTheWireUnderFast(int offset, int length) {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> a = ask(peer, A);

        peer.send(new Message.Piece(0, offset, Unpooled.wrappedBuffer(new byte[length])));

        assertThat(violation(peer)).isEqualTo(Reason.UNSOLICITED_BLOCK);
        assertThat(reason(a)).isEqualTo(RequestException.Reason.CLOSED);
    }

    @Test
    void a25_blockLongerThanAnyWeAskForClosesTheWireOnItsHead() {
        ScriptedPeer peer = unchoking(PLAIN);
        ask(peer, A);

        peer.sendHex("0000400a 07");

        assertThat(violation(peer)).isEqualTo(Reason.LENGTH);
    }

    @Test
    void a25_withoutFastABlockOfAnotherLengthClosesTheWireToo() {
        ScriptedPeer peer = unchoking(PLAIN);
        ask(peer, A);

        peer.send(new Message.Piece(0, 0, Unpooled.wrappedBuffer(new byte[100])));

        assertThat(violation(peer)).isEqualTo(Reason.UNSOLICITED_BLOCK);
    }

    @Test
    void a25_emptyBlockIsAReject() {
        for (Features features : List.of(PLAIN, FAST)) {
            ScriptedPeer peer = unchoking(features);
            Recorder<Block> a = ask(peer, A);

            peer.send(new Message.Piece(0, 0, Unpooled.EMPTY_BUFFER));
            peer.send(new Message.Piece(1, 0, Unpooled.EMPTY_BUFFER));

            assertThat(reason(a)).isEqualTo(RequestException.Reason.REJECTED);
            assertThat(peer.wire().stats().ignored(Ignored.EMPTY_BLOCK)).isEqualTo(2);
            assertThat(peer.isClosed()).isFalse();
            peer.dispose();
        }
    }

    // the wire cannot detect wrong bytes; the user that does can close the wire of the sender
    @Test
    void a26_blockTellsTheWireItCameOver() {
        ScriptedPeer honest = unchoking(FAST);
        ScriptedPeer liar = unchoking(FAST);
        List<Block> came = new ArrayList<>();
        Flux.merge(Flux.just(honest, liar).map(peer -> peer.wire().blocks().download(Flux.just(A))))
                .subscribe(came::add);

        honest.expect(request(A)).send(answer(A));
        liar.expect(request(A)).send(new Message.Piece(0, 0, Unpooled.wrappedBuffer(new byte[BLOCK])));

        came.stream()
                .filter(block -> !block.data().equals(Fixture.bytes(A)))
                .map(Block::from)
                .forEach(Wire::dispose);
        assertThat(liar.isClosed()).isTrue();
        assertThat(honest.isClosed()).isFalse();
        assertThat(came).extracting(Block::from).containsExactly(honest.wire(), liar.wire());
        assertThat(new Block(A, Fixture.bytes(A)).from()).isNull();
        honest.dispose();
    }
}
