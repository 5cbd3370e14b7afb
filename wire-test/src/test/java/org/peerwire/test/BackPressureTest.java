/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.reason;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.PayloadMode;
import org.peerwire.RequestException;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;

/** Tests that a slow subscriber stops the reading, at most for the stall timeout. */
class BackPressureTest {
    private static final int QUEUE = 256;
    private static final Duration LONG = Duration.ofHours(2);

    /** Sends this number of messages of five bytes, each in its own read. */
    private static ScriptedPeer talk(ScriptedPeer peer, int messages) {
        for (int i = 0; i < messages; i++) {
            peer.send(i % 2 == 0 ? new Message.Interested() : new Message.NotInterested());
        }
        return peer;
    }

    private static long read(ScriptedPeer peer) {
        return peer.wire().stats().messagesIn();
    }

    private static ConnectionException.Reason failure(Recorder<?> recorder) {
        return ((ConnectionException) recorder.error()).reason();
    }

    // case 128, contract 4
    @Test
    void aFullQueueStopsReadingAndDemandResumesIt() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);

        talk(peer, 1_000);
        assertThat(read(peer)).isEqualTo(QUEUE);

        slow.request(QUEUE / 2);
        assertThat(slow.values()).hasSize(QUEUE / 2);
        assertThat(read(peer)).isEqualTo(QUEUE + QUEUE / 2);
        slow.request(Long.MAX_VALUE);
        assertThat(slow.values()).hasSize(1_000);
        peer.dispose();
    }

    // case 128, contract 4: the wire reads ahead during a pause to see the end of the connection
    @Test
    void aPauseReads64KiBAheadAndNoMore() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        talk(peer, QUEUE);
        long before = peer.wire().stats().bytesIn();

        talk(peer, 20_000);

        assertThat(read(peer)).isEqualTo(QUEUE);
        assertThat(peer.wire().stats().bytesIn() - before).isBetween(64L * 1024, 64L * 1024 + 5);
        slow.request(Long.MAX_VALUE);
        assertThat(slow.values()).hasSize(QUEUE + 20_000);
        peer.dispose();
    }

    // case 128
    @Test
    void aFullQueueStopsInTheMiddleOfARead() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        ByteBuf all = Unpooled.buffer();
        for (int i = 0; i < 1_000; i++) {
            MessageCodec.encode(new Message.Interested(), all);
        }

        peer.send(all);
        assertThat(read(peer)).isEqualTo(QUEUE);
        slow.request(900);
        assertThat(slow.values()).hasSize(900);
        slow.request(100);

        assertThat(slow.values()).hasSize(1_000);
        peer.dispose();
    }

    // case 128
    @Test
    void bytesFillAQueueToo() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.subscriberBuffer(4 * BLOCK));
        blocks(20).forEach(block -> peer.wire().outbound().tryEmit(request(block)));
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);

        blocks(20).forEach(block -> peer.send(answer(block)));
        assertThat(read(peer)).isEqualTo(4);
        slow.request(1);
        assertThat(read(peer)).isEqualTo(4);
        slow.request(1);
        assertThat(read(peer)).isEqualTo(6);
        slow.request(100);

        assertThat(slow.values()).hasSize(20);
        peer.dispose();
    }

    // contract 4
    @Test
    void aSlowSubscriberHoldsUpTheOthersWithoutLoss() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> fast = Recorder.of(peer.wire().inbound());
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);

        talk(peer, 400);
        assertThat(fast.values()).hasSize(QUEUE);
        slow.request(400);

        assertThat(fast.values()).hasSize(400);
        assertThat(slow.values()).isEqualTo(fast.values());
        peer.dispose();
    }

    // contract 4
    @Test
    void afterTheStallTimeoutOnlyTheSlowOneFails() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> fast = Recorder.of(peer.wire().inbound());
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        talk(peer, 400);

        peer.advance(Duration.ofSeconds(9));
        assertThat(slow.hasEnded()).isFalse();
        assertThat(fast.values()).hasSize(QUEUE);
        peer.advance(Duration.ofSeconds(3));

        assertThat(failure(slow)).isEqualTo(ConnectionException.Reason.SLOW_SUBSCRIBER);
        assertThat(slow.values()).isEmpty();
        assertThat(fast.values()).hasSize(400);
        assertThat(fast.hasEnded()).isFalse();
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    // contract 4
    @ParameterizedTest
    @ValueSource(ints = {1, 2, QUEUE / 2 - 1})
    void aSubscriberThatTakesAFewAndNoMoreFailsToo(int few) {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> fast = Recorder.of(peer.wire().inbound());
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        talk(peer, 400);
        slow.request(few);

        peer.advance(Duration.ofHours(1));

        assertThat(slow.hasEnded()).isTrue();
        assertThat(failure(slow)).isEqualTo(ConnectionException.Reason.SLOW_SUBSCRIBER);
        assertThat(fast.values()).hasSize(400);
        peer.dispose();
    }

    // contract 4
    @Test
    void aSubscriberThatWakesUpInTimeDoesNotFail() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        for (int round = 0; round < 5; round++) {
            talk(peer, QUEUE);
            peer.advance(Duration.ofSeconds(8));
            slow.request(QUEUE);
        }

        assertThat(slow.hasEnded()).isFalse();
        assertThat(slow.values()).hasSize(5 * QUEUE);
        peer.dispose();
    }

    // contract 4
    @Test
    void cancellingWhileTheQueueIsFullResumesReading() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        talk(peer, 400);

        slow.cancel();

        assertThat(read(peer)).isEqualTo(400);
        peer.dispose();
    }

    // contract 4
    @Test
    void ofTwoFullQueuesBothHaveToBeEmptied() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> first = Recorder.of(peer.wire().inbound(), 0);
        Recorder<Message> second = Recorder.of(peer.wire().inbound(), 0);
        talk(peer, 400);

        first.request(400);
        assertThat(read(peer)).isEqualTo(QUEUE);
        second.cancel();

        assertThat(first.values()).hasSize(400);
        peer.dispose();
    }

    // contract 4
    @Test
    void theIdleClockStandsStillWhileReadingIsPaused() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.stallTimeout(LONG));
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        peer.advance(Duration.ofSeconds(100));
        talk(peer, QUEUE);

        peer.advance(Duration.ofHours(1));
        assertThat(peer.isClosed()).isFalse();
        slow.request(QUEUE);
        peer.advance(Duration.ofSeconds(148));
        assertThat(peer.isClosed()).isFalse();
        peer.advance(Duration.ofSeconds(3));

        assertThat(peer.isClosed()).isTrue();
        slow.request(1);
        assertThat(failure(slow)).isEqualTo(ConnectionException.Reason.IDLE);
    }

    // contract 4
    @Test
    void theClockOfARequestStandsStillWhileReadingIsPaused() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.stallTimeout(LONG));
        peer.send(new Message.Unchoke());
        Recorder<Block> asked = Recorder.of(peer.wire().blocks().request(block(0, 0)));
        peer.advance(Duration.ofSeconds(30));
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        talk(peer, QUEUE);

        peer.advance(Duration.ofHours(1));
        assertThat(asked.hasEnded()).isFalse();
        slow.request(Long.MAX_VALUE);
        peer.advance(Duration.ofSeconds(28));
        assertThat(asked.hasEnded()).isFalse();
        peer.advance(Duration.ofSeconds(3));

        assertThat(reason(asked)).isEqualTo(RequestException.Reason.TIMED_OUT);
        peer.dispose();
    }

    // contract 4
    @Test
    void keepAlivesAreSentWhileReadingIsPaused() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.stallTimeout(LONG));
        Recorder.of(peer.wire().inbound(), 0);
        talk(peer, QUEUE);

        peer.advance(Duration.ofSeconds(240));

        assertThat(peer.received()).containsExactly(new Message.KeepAlive(), new Message.KeepAlive());
        peer.dispose();
    }

    @Test
    void onlyTheMessagesOfItsExtensionFillAChannel() {
        ScriptedPeer peer = peer(SELF.withExtension(Extension.named("ut_test")), Features.DEFAULT);
        int id = Fixture.handshakeOf(peer).extensions().get("ut_test");
        Recorder<ByteBuf> channel = Recorder.of(peer.wire().extension("ut_test").inbound(), 0);

        talk(peer, 400);
        assertThat(read(peer)).isEqualTo(400);
        for (int i = 0; i < QUEUE; i++) {
            peer.send(new Message.Extended(id, Unpooled.EMPTY_BUFFER));
        }
        talk(peer, 10);

        assertThat(read(peer)).isEqualTo(400 + QUEUE);
        channel.cancel();
        assertThat(read(peer)).isEqualTo(410 + QUEUE);
        peer.dispose();
    }

    // contract 9
    @Test
    void whatAFailedSubscriberHadWaitingIsReleased() {
        ScriptedPeer peer = peer(
                SELF, PLAIN, options -> options.payloadMode(PayloadMode.POOLED).subscriberQueue(2));
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        List<ByteBuf> reads = blocks(4).stream()
                .map(block -> {
                    peer.wire().outbound().tryEmit(request(block));
                    ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(20_000);
                    MessageCodec.encode(answer(block), read);
                    peer.send(read);
                    return read;
                })
                .toList();
        assertThat(reads).allMatch(read -> read.refCnt() == 1);

        peer.advance(Duration.ofSeconds(12));

        assertThat(slow.hasEnded()).isTrue();
        assertThat(reads).allMatch(read -> read.refCnt() == 0);
        peer.dispose();
    }

    // contract 9
    @Test
    void whatHasNotBeenReadIsReleasedWhenTheWireEnds() {
        ScriptedPeer peer = peer(SELF, PLAIN, options -> options.subscriberQueue(2));
        Recorder<Message> slow = Recorder.of(peer.wire().inbound(), 0);
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(1_000);
        for (int i = 0; i < 100; i++) {
            MessageCodec.encode(new Message.Interested(), read);
        }

        peer.send(read);
        assertThat(read.refCnt()).isEqualTo(1);
        peer.dispose();

        assertThat(read.refCnt()).isZero();
        slow.request(10);
        assertThat(slow.hasCompleted()).isTrue();
    }
}
