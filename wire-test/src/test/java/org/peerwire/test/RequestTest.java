/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECE;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.clog;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;
import static org.peerwire.test.Fixture.unclog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.Block;
import org.peerwire.Ignored;
import org.peerwire.PayloadMode;
import org.peerwire.RequestException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.publisher.Mono;

class RequestTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);
    private static final BlockRequest C = block(1, 0);

    private static Recorder<Block> ask(ScriptedPeer peer, BlockRequest block) {
        return Recorder.of(peer.wire().blocks().request(block));
    }

    @Test
    void nothingIsSentBeforeTheSubscriptionAndOneRequestForEach() {
        ScriptedPeer peer = unchoking(PLAIN);
        Mono<Block> request = peer.wire().blocks().request(A);
        peer.expectNothing();

        Recorder<Block> first = Recorder.of(request, 0);
        peer.expectNothing();
        first.request(1);
        peer.expect(request(A)).expectNothing();
        first.request(1);
        peer.expectNothing().send(answer(A));
        Recorder<Block> second = Recorder.of(request);
        peer.expect(request(A)).expectNothing().send(answer(A));

        assertThat(first.hasCompleted()).isTrue();
        assertThat(second.hasCompleted()).isTrue();
        peer.dispose();
    }

    // case 26
    @Test
    void anAnswerReachesExactlyTheOneWhoAsked() {
        ScriptedPeer peer = unchoking(PLAIN);
        List<BlockRequest> all = List.of(A, B, C);
        List<Recorder<Block>> asked = new ArrayList<>();
        all.forEach(block -> asked.add(ask(peer, block)));
        assertThat(peer.wire().stats().requestsOutstanding()).isEqualTo(3);

        peer.send(answer(C));
        assertThat(asked).extracting(Recorder::hasCompleted).containsExactly(false, false, true);
        peer.send(answer(A), answer(B));

        for (int i = 0; i < 3; i++) {
            Block block = asked.get(i).values().get(0);
            assertThat(block.request()).isEqualTo(all.get(i));
            assertThat(block.data()).isEqualTo(bytes(all.get(i)));
            assertThat(asked.get(i).hasCompleted()).isTrue();
        }
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        assertThat(peer.wire().stats().payloadIn()).isEqualTo(3L * BLOCK);
        assertThat(peer.wire().stats().wastedIn()).isZero();
        peer.dispose();
    }

    // case 36
    @ParameterizedTest
    @CsvSource({"2,3,1,true", "2,-1,1,true", "2,-1,4294967295,true", "2,-3,4294967295,false", "-1,2,4294967295,true"})
    void theEndOfABlockNeverWraps(int offset, int length, long limit, boolean over) {
        assertThat(new BlockRequest(0, offset, length).end() > limit).isEqualTo(over);
        if (over && limit < Integer.MAX_VALUE) {
            TorrentShape small = TorrentShape.of(limit, (int) limit);
            assertThat(small.contains(new BlockRequest(0, offset, length))).isFalse();
        }
    }

    @Test
    void aBlockThatCannotBeIsRefusedAtOnce() {
        ScriptedPeer peer = unchoking(PLAIN);
        for (BlockRequest wrong : List.of(
                new BlockRequest(-1, 0, 1),
                new BlockRequest(0, -1, 1),
                new BlockRequest(0, 0, 0),
                new BlockRequest(0, 0, -1),
                new BlockRequest(0, 0, BLOCK + 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> peer.wire().blocks().request(wrong));
        }
        peer.expectNothing().dispose();
    }

    @Test
    void cancellingBeforeTheWriteRemovesTheRequest() {
        ScriptedPeer peer = clog(unchoking(PLAIN));
        Recorder<Block> a = ask(peer, A);
        Recorder<Block> b = ask(peer, B);

        a.cancel();

        assertThat(peer.wire().stats().requestsOutstanding()).isEqualTo(1);
        assertThat(unclog(peer)).containsExactly(request(B));
        assertThat(b.hasEnded()).isFalse();
        peer.dispose();
    }

    @Test
    void askingAgainBeforeTheWriteSendsOneRequest() {
        ScriptedPeer peer = clog(unchoking(PLAIN));
        ask(peer, A).cancel();
        Recorder<Block> again = ask(peer, A);

        assertThat(unclog(peer)).containsExactly(request(A));
        peer.send(answer(A));
        assertThat(again.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void askingForAnotherLengthBeforeTheWriteSendsTheNewRequest() {
        BlockRequest shorter = new BlockRequest(A.piece(), A.offset(), 100);
        ScriptedPeer peer = clog(unchoking(PLAIN));
        ask(peer, A).cancel();
        Recorder<Block> again = ask(peer, shorter);

        assertThat(unclog(peer)).containsExactly(request(shorter));
        peer.send(answer(shorter));
        assertThat(again.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void cancellingAfterTheWriteSendsCancelOnce() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> a = ask(peer, A);
        peer.expect(request(A));

        a.cancel();
        a.cancel();

        peer.expect(cancel(A)).expectNothing();
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        peer.advance(Duration.ofSeconds(61));
        peer.expectNothing().dispose();
    }

    @Test
    void aCancelSentManuallyFailsTheRequest() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> a = ask(peer, A);
        peer.expect(request(A));

        peer.wire().outbound().tryEmit(cancel(A));

        peer.expect(cancel(A)).expectNothing();
        assertThat(reason(a)).isEqualTo(Reason.CANCELLED);
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        peer.send(answer(A));
        assertThat(peer.wire().stats().ignored(Ignored.LATE_BLOCK)).isEqualTo(1);
        peer.dispose();
    }

    @Test
    void aRequestSentTwiceManuallyIsWrittenOnce() {
        ScriptedPeer peer = unchoking(FAST);

        peer.wire().outbound().tryEmit(request(A));
        peer.wire().outbound().tryEmit(request(A));

        peer.expect(request(A)).expectNothing();
        assertThat(peer.wire().stats().requestsOutstanding()).isEqualTo(1);
        peer.send(answer(A));
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        peer.dispose();
    }

    @Test
    void cancellingAfterTheAnswerSendsNothing() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> a = ask(peer, A);
        peer.expect(request(A)).send(answer(A));

        a.cancel();

        peer.expectNothing().dispose();
    }

    @Test
    void whileChokedARequestFailsAtOnce() {
        ScriptedPeer peer = peer(FAST);

        assertThat(reason(ask(peer, A))).isEqualTo(Reason.CHOKED);
        peer.expectNothing().dispose();
    }

    @Test
    void anAllowedFastPieceIsAskedForWhileChoked() {
        ScriptedPeer peer = peer(FAST).send(new Message.AllowedFast(0));
        Recorder<Block> allowed = ask(peer, A);
        peer.expect(request(A)).send(answer(A));

        assertThat(allowed.hasCompleted()).isTrue();
        assertThat(reason(ask(peer, C))).isEqualTo(Reason.CHOKED);
        peer.expectNothing().dispose();
    }

    @Test
    void withoutFastAChokeFailsWhatIsOutstanding() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> a = ask(peer, A);
        Recorder<Block> b = ask(peer, B);

        peer.send(new Message.Choke());

        assertThat(reason(a)).isEqualTo(Reason.CHOKED);
        assertThat(reason(b)).isEqualTo(Reason.CHOKED);
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        peer.dispose();
    }

    @Test
    void withFastAChokeLeavesItToTheAnswers() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> a = ask(peer, A);
        Recorder<Block> b = ask(peer, B);

        peer.send(new Message.Choke());
        assertThat(a.hasEnded()).isFalse();
        peer.send(answer(A), reject(B));

        assertThat(a.hasCompleted()).isTrue();
        assertThat(reason(b)).isEqualTo(Reason.REJECTED);
        peer.dispose();
    }

    @Test
    void aSecondRequestForTheSameBlockIsADuplicate() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> first = ask(peer, A);
        Recorder<Block> second = ask(peer, A);

        assertThat(reason(second)).isEqualTo(Reason.DUPLICATE);
        assertThat(second.error().getStackTrace()).isEmpty();
        peer.expect(request(A)).expectNothing().send(answer(A));
        assertThat(first.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void theEndOfTheWireClosesEveryRequest() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> a = ask(peer, A);
        peer.close();

        assertThat(reason(a)).isEqualTo(Reason.CLOSED);
        assertThat(reason(ask(peer, B))).isEqualTo(Reason.CLOSED);
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
    }

    // contract 9
    @Test
    void aPooledBlockBelongsToTheOneWhoAsked() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.payloadMode(PayloadMode.POOLED))
                .send(new Message.Unchoke());
        Recorder<Block> a = ask(peer, A);
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(PIECE);
        MessageCodec.encode(answer(A), read);

        peer.send(read);
        Block block = a.values().get(0);
        assertThat(read.refCnt()).isEqualTo(1);
        assertThat(block.data()).isEqualTo(bytes(A));
        peer.dispose();

        assertThat(read.refCnt()).isEqualTo(1);
        block.release();
        assertThat(read.refCnt()).isZero();
    }
}
