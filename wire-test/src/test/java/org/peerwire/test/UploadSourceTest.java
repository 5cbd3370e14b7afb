/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reject;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tests upload sources that answer late, fail, or return another length. */
class UploadSourceTest {
    private static final BlockRequest A = block(0, 0);
    private static final BlockRequest B = block(0, 1);
    private static final BlockRequest C = block(1, 0);

    /** Options without allowed-fast pieces. */
    private static ScriptedPeer served() {
        return peer(SELF, FAST, options -> options.allowedFastPieces(0));
    }

    private static ByteBuf pooled(BlockRequest block) {
        ByteBuf bytes = bytes(block);
        return PooledByteBufAllocator.DEFAULT.buffer(block.length()).writeBytes(bytes);
    }

    @Test
    void aSourceMayAnswerLaterAndInAnotherOrder() {
        ScriptedPeer peer = served();
        Serving serving = Serving.on(peer);
        peer.send(request(A), request(B)).expectNothing();
        assertThat(serving.asked()).containsExactly(A, B);
        assertThat(peer.wire().stats().uploadsQueued()).isEqualTo(2);
        assertThat(peer.wire().stats().uploadBytesHeld()).isEqualTo(2L * BLOCK);

        serving.answer(B);
        peer.expect(answer(B)).expectNothing();
        serving.answer(A);

        peer.expect(answer(A)).expectNothing();
        assertThat(peer.wire().stats().uploadBytesHeld()).isZero();
        peer.dispose();
    }

    @Test
    void aSourceMayAnswerOnASchedulerOfItsOwn() {
        ScriptedPeer peer = served();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        peer.wire()
                .blocks()
                .serve(block -> Mono.fromSupplier(() -> bytes(block))
                        .delaySubscription(Duration.ofMillis(30), peer.clock())
                        .publishOn(Schedulers.immediate()))
                .subscribe();
        peer.received();

        peer.send(request(A)).expectNothing();

        peer.advance(Duration.ofMillis(30)).expect(answer(A)).dispose();
    }

    @Test
    void anErrorOfTheSourceEndsServingAndRejectsWhatIsQueued() {
        ScriptedPeer peer = served();
        Serving serving = new Serving();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> served = Recorder.of(peer.wire().blocks().serve(serving));
        peer.send(request(A), request(B)).expect(new Message.Unchoke());

        IllegalStateException mine = new IllegalStateException();
        serving.fail(B, mine);

        assertThat(served.error()).isSameAs(mine);
        assertThat(peer.received()).containsExactlyInAnyOrder(reject(A), reject(B));
        assertThat(serving.cancelled()).containsExactly(A);
        assertThat(peer.isClosed()).isFalse();
        Serving.atOnce(peer).send(request(A)).expect(answer(A)).expectNothing().dispose();
    }

    @Test
    void aSourceThatThrowsEndsServing() {
        ScriptedPeer peer = served();
        IllegalStateException mine = new IllegalStateException();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> served = Recorder.of(peer.wire().blocks().serve(block -> {
            throw mine;
        }));

        peer.send(request(A)).expect(new Message.Unchoke());

        assertThat(served.error()).isSameAs(mine);
        peer.expect(reject(A)).expectNothing().dispose();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK + 1})
    void aBlockOfTheWrongLengthEndsServingAndIsReleased(int length) {
        ScriptedPeer peer = served();
        Serving serving = new Serving();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> served = Recorder.of(peer.wire().blocks().serve(serving));
        peer.send(request(A)).expect(new Message.Unchoke());
        ByteBuf wrong = Unpooled.buffer(BLOCK + 1).writeZero(length);

        serving.answer(A, wrong);

        assertThat(served.error()).isInstanceOf(IllegalStateException.class);
        assertThat(wrong.refCnt()).isZero();
        peer.expect(reject(A)).expectNothing().dispose();
    }

    // case 37
    @Test
    void aSourceThatFailsOrAnswersAfterTheEndLeavesNothing() {
        ScriptedPeer peer = served();
        Serving serving = new Serving();
        peer.wire().outbound().tryEmit(new Message.Unchoke());
        Recorder<Void> served = Recorder.of(peer.wire().blocks().serve(serving));
        peer.send(request(A), request(B));

        peer.close();
        assertThat(served.hasCompleted()).isTrue();
        assertThat(serving.cancelled()).containsExactly(A, B);
        serving.fail(A, new IllegalStateException());

        assertThat(peer.wire().stats().uploadsQueued()).isZero();
        assertThat(peer.wire().stats().uploadBytesHeld()).isZero();
    }

    @Test
    void buffersOfTheSourceAreReleasedWhateverBecomesOfThem() {
        ScriptedPeer peer = served();
        Serving serving = Serving.on(peer);
        ByteBuf sent = pooled(A);
        peer.send(request(A));
        serving.answer(A, sent);
        peer.expect(answer(A));
        assertThat(sent.refCnt()).isZero();

        peer.stopReading();
        ByteBuf dropped = pooled(B);
        peer.send(request(B));
        for (int i = 0; i < 20; i++) {
            peer.wire().outbound().tryEmit(answer(C));
        }
        serving.answer(B, dropped);
        assertThat(dropped.refCnt()).isEqualTo(1);
        peer.dispose();
        assertThat(dropped.refCnt()).isZero();
    }
}
