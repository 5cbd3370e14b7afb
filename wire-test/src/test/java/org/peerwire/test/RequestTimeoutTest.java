/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.request;
import static org.peerwire.test.Fixture.unchoking;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.RequestException.Reason;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import reactor.core.publisher.Flux;

/** Tests requests without an answer in time. */
class RequestTimeoutTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);
    private static final BlockRequest C = block(1, 0);

    private static Recorder<Block> ask(ScriptedPeer peer, BlockRequest block) {
        return Recorder.of(peer.wire().blocks().request(block));
    }

    private static ScriptedPeer seconds(ScriptedPeer peer, int seconds) {
        return peer.advance(Duration.ofSeconds(seconds));
    }

    // case 29
    @Test
    void requestsTimeOutOneByOne() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> a = ask(peer, A);
        Recorder<Block> b = ask(seconds(peer, 10), B);
        Recorder<Block> c = ask(seconds(peer, 10), C);
        peer.received();

        seconds(peer, 39);
        assertThat(a.hasEnded()).isFalse();
        seconds(peer, 2);
        assertThat(reason(a)).isEqualTo(Reason.TIMED_OUT);
        assertThat(b.hasEnded()).isFalse();
        seconds(peer, 10);
        assertThat(reason(b)).isEqualTo(Reason.TIMED_OUT);
        assertThat(c.hasEnded()).isFalse();
        seconds(peer, 10);
        assertThat(reason(c)).isEqualTo(Reason.TIMED_OUT);

        assertThat(peer.received()).containsExactly(cancel(A), cancel(B), cancel(C));
        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().stats().requestsOutstanding()).isZero();
        peer.dispose();
    }

    // case 30
    @Test
    void anAnswerInTimeCausesNoTimeout() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder<Block> a = ask(peer, A);
        seconds(peer, 59).send(answer(A));
        peer.received();

        seconds(peer, 45);

        assertThat(a.hasCompleted()).isTrue();
        peer.expectNothing().dispose();
    }

    // case 31
    @Test
    void closingOnATimeoutFailsEveryOtherRequest() {
        ScriptedPeer peer = unchoking(FAST);
        Wire wire = peer.wire();
        Recorder<Block> a = Recorder.of(wire.blocks().request(A).doOnError(error -> wire.dispose()));
        Recorder<Block> b = ask(peer, B);
        Recorder<Block> c = ask(seconds(peer, 30), C);

        seconds(peer, 31);

        assertThat(reason(a)).isEqualTo(Reason.TIMED_OUT);
        assertThat(b.hasEnded()).isTrue();
        assertThat(reason(c)).isEqualTo(Reason.CLOSED);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void aRetryOnTimeoutIsSentAfterTheCancel() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder.of(peer.wire().blocks().request(A).retry(1));
        peer.expect(request(A));

        seconds(peer, 61);

        assertThat(peer.received()).containsExactly(cancel(A), request(A));
        peer.dispose();
    }

    @Test
    void requestsThatTimeOutTogetherCanBeRetriedTogether() {
        ScriptedPeer peer = unchoking(PLAIN);
        Flux<Block> both =
                Flux.merge(peer.wire().blocks().request(A), peer.wire().blocks().request(B));
        Recorder<Block> retried = Recorder.of(both.retry(1));
        seconds(peer, 61);

        peer.send(answer(A), answer(B));

        assertThat(retried.values()).hasSize(2);
        assertThat(retried.hasCompleted()).isTrue();
        peer.dispose();
    }

    @Test
    void requestsThatTimeOutTogetherAreCancelledOnceEach() {
        ScriptedPeer peer = unchoking(PLAIN);
        Recorder.of(
                Flux.merge(peer.wire().blocks().request(A), peer.wire().blocks().request(B)));
        peer.received();

        seconds(peer, 61);

        assertThat(peer.received()).containsExactlyInAnyOrder(cancel(A), cancel(B));
        peer.dispose();
    }
}
