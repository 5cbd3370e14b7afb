/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.internal.outbound.OutboundProbe.have;
import static org.peerwire.internal.outbound.OutboundProbe.haves;

import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.WireStats;
import org.peerwire.message.Message;

/** Order, lanes, flushes and the number of answers while the wire lives. */
class OutboundQueueTest {
    private final OutboundProbe probe = new OutboundProbe();
    private final OutboundQueue queue = probe.queue;
    private final List<String> events = new ArrayList<>();
    private final Queue<Message.Piece> uploads = new ArrayDeque<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    /** Leaves out interested messages, and records the events of each message. */
    private final class Rules implements OutboundPolicy, WriteListener {
        @Override
        public boolean beforeWrite(Message message, boolean byUser) {
            return !(message instanceof Message.Interested);
        }

        @Override
        public void onWritten(Message message, boolean byUser, int contentLength) {
            events.add(message.type() + " " + byUser + " " + contentLength);
        }

        @Override
        public void onDrained() {
            events.add("drained " + queue.answers());
        }
    }

    private void start() {
        queue.start(new Rules(), uploads::poll);
    }

    // ---- order and flushes ----

    @Test
    void messagesLeaveInTheirOrder() {
        queue.add(have(1));
        queue.answer(have(2));
        queue.add(have(3));

        assertThat(probe.written()).isEqualTo(haves(1, 2, 3));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void messagesOfABatchLeaveWithOneFlush() {
        queue.batch(() -> {
            queue.add(have(1));
            queue.batch(() -> queue.add(have(2)));
            assertThat(queue.isEmpty()).isFalse();
            queue.add(have(3));
        });

        assertThat(probe.flushes()).isEqualTo(1);
        assertThat(probe.written()).isEqualTo(haves(1, 2, 3));
    }

    @Test
    void batchThatFailsIsWrittenAllTheSame() {
        assertThatThrownBy(() -> queue.batch(() -> {
                    queue.add(have(1));
                    throw new IllegalStateException("a bug of a listener");
                }))
                .isInstanceOf(IllegalStateException.class);
        queue.add(have(2));

        assertThat(probe.written()).isEqualTo(haves(1, 2));
    }

    @Test
    void drainWithoutMessagesDoesNotFlush() {
        queue.drain();
        queue.batch(() -> {});

        assertThat(probe.flushes()).isZero();
    }

    @Test
    void messagesThatAWriteCausesFollowWithinTheSameDrain() {
        probe.onWrite(() -> queue.add(have(2)));

        queue.add(have(1));

        assertThat(probe.written()).isEqualTo(haves(1, 2));
    }

    @Test
    void buffersFollowTheirHeadsAmongOtherMessages() {
        queue.batch(() -> {
            queue.add(have(1));
            queue.add(probe.piece(2, 20_000));
            queue.add(have(3));
        });

        List<Message> written = probe.written();
        assertThat(written).hasSize(3).startsWith(have(1)).endsWith(have(3));
        assertThat(((Message.Piece) written.get(1)).data().readableBytes()).isEqualTo(20_000);
        assertThat(probe.flushes()).isEqualTo(1);
    }

    @Test
    void manyMessagesOfOneBatchAreAllWritten() {
        int[] pieces = new int[1_000];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = i;
        }

        queue.batch(() -> haves(pieces).forEach(queue::add));

        assertThat(probe.written()).isEqualTo(haves(pieces));
        assertThat(probe.flushes()).isEqualTo(1);
    }

    @Test
    void socketThatTakesNoDataHoldsMessagesBack() {
        probe.clog();

        queue.add(have(1));
        assertThat(probe.written()).isEmpty();
        assertThat(queue.isEmpty()).isFalse();

        probe.unclog();
        assertThat(probe.written()).isEqualTo(haves(1));
    }

    @Test
    void timeOfTheLastFlushIsNoted() {
        probe.clock.advanceTimeBy(Duration.ofSeconds(1));
        start();
        assertThat(queue.lastFlush()).as("start counts as a flush").isEqualTo(1_000);

        probe.clock.advanceTimeBy(Duration.ofSeconds(1));
        queue.add(have(1));
        assertThat(queue.lastFlush()).isEqualTo(2_000);

        probe.clock.advanceTimeBy(Duration.ofSeconds(1));
        queue.drain();
        assertThat(queue.lastFlush()).isEqualTo(2_000);
    }

    @Test
    void markRunsAfterTheMessagesBeforeIt() {
        probe.clog();
        queue.add(have(1));
        queue.whenFlushed(() -> events.add("flushed"));
        queue.add(have(2));
        assertThat(events).isEmpty();

        probe.unclog();

        assertThat(events).containsExactly("flushed");
        assertThat(probe.written()).isEqualTo(haves(1, 2));
    }

    @Test
    void markInAnEmptyQueueRunsAtOnce() {
        queue.whenFlushed(() -> events.add("flushed"));

        assertThat(events).containsExactly("flushed");
    }

    // ---- rules ----

    @Test
    void policyLeavesAMessageOut() {
        start();

        queue.add(new Message.Interested());
        queue.add(have(1));

        assertThat(probe.written()).isEqualTo(haves(1));
        assertThat(events).containsExactly("drained 0", "HAVE false 0", "drained 0");
    }

    @Test
    void listenerHearsOfEachWriteWithTheLengthOfTheBuffer() {
        start();

        queue.add(probe.piece(1, 50));
        queue.enqueue(new Outgoing(have(2), null, null, null, Outgoing.Origin.USER));

        assertThat(events).containsExactly("PIECE false 50", "drained 0", "HAVE true 0", "drained 0");
    }

    @Test
    void writesAreCountedWithTheirHeads() {
        queue.add(have(1));
        queue.add(probe.piece(2, 50));

        WireStats stats = probe.context.counters().snapshot();
        assertThat(stats.messagesOut()).isEqualTo(2);
        assertThat(stats.bytesOut()).isEqualTo(9 + 13 + 50);
    }

    @Test
    void answersAreCountedUntilTheyAreWritten() {
        start();
        probe.clog();
        queue.answer(have(1));
        queue.add(have(2));
        queue.answer(have(3));
        assertThat(queue.answers()).isEqualTo(2);

        probe.unclog();

        assertThat(queue.answers()).isZero();
        assertThat(events).endsWith("drained 0");
    }

    @Test
    void answerThatThePolicyLeavesOutIsNotCountedAnyMore() {
        start();

        queue.answer(new Message.Interested());

        assertThat(queue.answers()).isZero();
    }

    // ---- the second lane ----

    @Test
    void uploadsFollowTheControlMessages() {
        start();
        uploads.add(probe.piece(1, 10));
        uploads.add(probe.piece(2, 10));

        queue.batch(() -> {
            queue.add(have(3));
            queue.add(have(4));
        });

        assertThat(probe.written())
                .extracting(Message::type)
                .map(Enum::name)
                .containsExactly("HAVE", "HAVE", "PIECE", "PIECE");
        assertThat(probe.flushes()).isEqualTo(1);
    }

    @Test
    void uploadsWaitWhileTheSocketTakesNoData() {
        start();
        uploads.add(probe.piece(1, 10));
        probe.clog();

        queue.drain();
        assertThat(uploads).hasSize(1);

        probe.unclog();
        assertThat(uploads).isEmpty();
        assertThat(probe.written()).hasSize(1);
    }

    @Test
    void uploadOverTheHighWaterMarkStopsTheLaneUntilTheFlush() {
        probe.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1_000));
        start();
        long before = queue.room();
        uploads.add(probe.piece(1, 2_000));
        uploads.add(probe.piece(2, 2_000));

        queue.drain();

        assertThat(uploads).as("the second waits for the socket").hasSize(1);
        queue.drain();
        assertThat(uploads).isEmpty();
        assertThat(probe.flushes()).isEqualTo(2);
        assertThat(before).isGreaterThanOrEqualTo(1_000 + OutboundProbe.SPARE);
    }

    @Test
    void noMoreThanTheSpareMayBeHeldWhileTheSocketTakesNoData() {
        probe.clog();

        assertThat(queue.room()).isEqualTo(OutboundProbe.SPARE);
        assertThat(queue.isWritable()).isFalse();
    }
}
