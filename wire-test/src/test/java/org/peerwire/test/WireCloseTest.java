/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.cancel;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;

/** Tests the two closes in order: one answers the peer's requests that wait, the other refuses them. */
class WireCloseTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);
    private static final BlockRequest C = block(1, 0);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Returns a peer without allowed-fast pieces. */
    private static ScriptedPeer served(Features features) {
        return peer(SELF, features, options -> options.allowedFastPieces(0));
    }

    private static void assertClosedInOrder(ScriptedPeer peer, Recorder<Void> closing) {
        assertThat(peer.isClosed()).isTrue();
        assertThat(closing.hasCompleted()).isTrue();
        assertThat(Fixture.end(peer.wire())).isNull();
        assertThat(peer.wire().stats().uploadsQueued()).isZero();
        assertThat(peer.wire().stats().uploadBytesHeld()).isZero();
    }

    @Test
    void aCloseRefusesTheRequestsThatWait() {
        ScriptedPeer peer = served(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B));

        Recorder<Void> closing = Recorder.of(peer.wire().close());

        assertThat(peer.received()).containsExactly(reject(A), reject(B));
        assertThat(serving.cancelled()).containsExactly(A, B);
        assertClosedInOrder(peer, closing);
    }

    @Test
    void aCloseWithADeadlineAnswersTheRequestsThatHaveArrived() {
        ScriptedPeer peer = served(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B));

        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));
        assertThat(peer.isClosed()).isFalse();
        serving.answer(B);
        serving.answer(A);

        assertThat(peer.received()).containsExactly(answer(B), answer(A));
        assertClosedInOrder(peer, closing);
    }

    @Test
    void aCloseWithADeadlineOfAWireWithoutRequestsEndsAtOnce() {
        ScriptedPeer peer = served(FAST);
        Serving.on(peer);

        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        assertClosedInOrder(peer, closing);
    }

    @Test
    void aRequestDuringTheCloseIsRejectedAndNoAnomaly() {
        ScriptedPeer peer = served(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.send(request(C)).expect(reject(C)).expectNothing();
        serving.answer(A);

        peer.expect(answer(A)).expectNothing();
        assertThat(serving.asked()).containsExactly(A);
        assertThat(peer.wire().stats().ignored()).isEmpty();
        assertClosedInOrder(peer, closing);
    }

    @Test
    void withoutFastARequestDuringTheCloseIsIgnored() {
        ScriptedPeer peer = served(PLAIN);
        Serving serving = Serving.on(peer);
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.send(request(C)).expectNothing();
        serving.answer(A);

        peer.expect(answer(A)).expectNothing();
        assertClosedInOrder(peer, closing);
    }

    @Test
    void aPeerThatReadsLateGetsItsAnswersBeforeTheEnd() {
        ScriptedPeer peer = Fixture.clog(Serving.atOnce(served(FAST)));
        peer.send(request(A), request(B), request(C));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));
        assertThat(peer.isClosed()).isFalse();

        peer.startReading();

        assertThat(peer.received()).endsWith(answer(A), answer(B), answer(C));
        assertClosedInOrder(peer, closing);
    }

    @Test
    void theDeadlineCutsWhatIsLeft() {
        CountingClock clock = new CountingClock();
        WirePair pair = WirePair.builder(SELF, OTHER).clock(clock).open();
        Wire wire = pair.responder();
        wire.outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> served = Recorder.of(wire.blocks().serve(block -> Mono.<ByteBuf>never()));
        Recorder<?> asked = Recorder.of(pair.initiator().blocks().request(A));
        Recorder<Void> closing = Recorder.of(wire.close(DEADLINE));

        pair.advance(DEADLINE.minusMillis(1));
        assertThat(wire.isDisposed()).isFalse();
        pair.advance(Duration.ofMillis(1));

        assertThat(closing.hasCompleted()).isTrue();
        assertThat(served.hasCompleted()).isTrue();
        assertThat(asked.hasEnded()).isTrue();
        assertThat(clock.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 60})
    void aSecondCloseMayOnlyShortenTheFirst(long seconds) {
        ScriptedPeer peer = served(FAST);
        Serving.on(peer);
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.wire().close(Duration.ofSeconds(seconds)).subscribe();

        peer.advance(Duration.ofSeconds(Math.min(seconds, 30)).minusMillis(1));
        assertThat(peer.isClosed()).isFalse();
        peer.advance(Duration.ofMillis(1));
        assertClosedInOrder(peer, closing);
    }

    @Test
    void aCloseWithoutADeadlineEndsTheAnswering() {
        ScriptedPeer peer = served(FAST);
        Serving.on(peer);
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.wire().close().subscribe();

        peer.expect(reject(A)).expectNothing();
        assertClosedInOrder(peer, closing);
    }

    @Test
    void withoutASourceTheRequestsAreRefusedAtOnce() {
        ScriptedPeer peer = served(FAST);
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.send(request(A)).expect(new Message.Unchoke());

        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.expect(reject(A)).expectNothing();
        assertClosedInOrder(peer, closing);
    }

    @Test
    void aSourceThatFailsDuringTheCloseEndsIt() {
        ScriptedPeer peer = served(FAST);
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        serving.fail(A, new IllegalStateException("the disk is gone"));

        assertThat(peer.received()).containsExactlyInAnyOrder(reject(A), reject(B));
        assertClosedInOrder(peer, closing);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelOfTheLastRequestEndsTheClose(boolean fast) {
        ScriptedPeer peer = served(fast ? FAST : PLAIN);
        Serving.on(peer);
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.send(cancel(A));

        assertClosedInOrder(peer, closing);
    }

    @Test
    void ourChokeEndsTheClose() {
        ScriptedPeer peer = served(PLAIN);
        Serving.on(peer);
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        peer.wire().outbound().tryEmit(new Message.Choke());

        assertClosedInOrder(peer, closing);
    }

    @Test
    void aSourceThatIsCancelledByItsUserEndsTheClose() {
        ScriptedPeer peer = served(FAST);
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> serving = Recorder.of(peer.wire().blocks().serve(block -> Mono.<ByteBuf>never()));
        peer.send(request(A));
        Recorder<Void> closing = Recorder.of(peer.wire().close(DEADLINE));

        serving.cancel();

        assertClosedInOrder(peer, closing);
    }

    @Test
    void aDeadlineOutsideItsRangeIsRefused() {
        ScriptedPeer peer = Serving.atOnce(served(FAST));

        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(366)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> peer.wire().close(wrong))
                    .withMessage("deadline must be 1 ms to 365 days, was " + wrong);
        }
        assertThat(bytes(A).readableBytes()).isEqualTo(A.length());
        peer.send(request(A)).expect(answer(A)).dispose();
    }
}
