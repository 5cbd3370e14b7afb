/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PIECE;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;
import static org.peerwire.test.Fixture.violation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Ignored;
import org.peerwire.PayloadMode;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/** Tests blocks without a request, or with another length than requested. */
class IncomingBlockTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);

    private static Recorder<Block> ask(ScriptedPeer peer, BlockRequest block) {
        return Recorder.of(peer.wire().blocks().request(block));
    }

    @Test
    void theRejectOfACancelledRequestIsItsOneAnswer() {
        ScriptedPeer peer = unchoking(FAST);
        ask(peer, A).cancel();

        peer.send(reject(A));

        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.send(answer(A));
        assertThat(violation(peer)).isEqualTo(Reason.UNSOLICITED_BLOCK);
    }

    @Test
    void aBlockAskedForAgainAfterACancelIsDeliveredWhateverTheFirstAnswerWas() {
        for (Message first : List.of(reject(A), answer(A))) {
            ScriptedPeer peer = unchoking(FAST);
            ask(peer, A).cancel();
            Recorder<Block> again = ask(peer, A);

            peer.send(first, answer(A));

            assertThat(again.hasCompleted()).isTrue();
            assertThat(again.values()).hasSize(1);
            assertThat(peer.isClosed()).isFalse();
            peer.dispose();
        }
    }

    @Test
    void aRejectOfAnotherLengthIsNotTheAnswer() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Block> a = ask(peer, A);

        peer.send(reject(new BlockRequest(0, 0, 100)));

        assertThat(a.hasEnded()).isFalse();
        assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_REJECT)).isEqualTo(1);
        peer.dispose();
    }

    @Test
    void aRequestSentByHandIsTrackedAndItsAnswerIsShown() {
        ScriptedPeer peer = unchoking(FAST);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());
        peer.wire().outbound().tryEmit(request(A));
        peer.wire().outbound().tryEmit(request(B));
        assertThat(peer.wire().stats().requestsOutstanding()).isEqualTo(2);

        peer.send(answer(A), reject(B));

        assertThat(inbound.values()).containsExactly(answer(A), reject(B));
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        assertThat(peer.wire().stats().payloadIn()).isEqualTo(BLOCK);
        assertThat(peer.wire().stats().ignored()).isEmpty();
        peer.dispose();
    }

    // contract 9
    @Test
    void anUnwantedPooledBlockIsReleased() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.payloadMode(PayloadMode.POOLED))
                .send(new Message.Unchoke());
        ask(peer, A).cancel();
        for (int i = 0; i < 2; i++) {
            ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(PIECE);
            MessageCodec.encode(answer(A), read);
            peer.send(read);
            assertThat(read.refCnt()).isZero();
        }
        assertThat(peer.wire().stats().wastedIn()).isEqualTo(2L * BLOCK);
        peer.dispose();
    }

    // contract 9
    @Test
    void aCopiedBlockNeedsNoReleaseAndOutlivesTheWire() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> a = ask(peer, A);
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(PIECE);
        MessageCodec.encode(answer(A), read);

        peer.send(read).dispose();

        assertThat(read.refCnt()).isZero();
        assertThat(a.values().get(0).data()).isEqualTo(Fixture.bytes(A));
    }
}
