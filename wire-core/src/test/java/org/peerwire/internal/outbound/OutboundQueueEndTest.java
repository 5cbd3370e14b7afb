/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.outbound.OutboundProbe.have;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** An end before, in the middle of and after a drain. Each message is released once, each sender hears once. */
class OutboundQueueEndTest {
    private final OutboundProbe probe = new OutboundProbe();
    private final OutboundQueue queue = probe.queue;
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
        assertThat(waiting).as("messages that count as waiting").hasValue(0);
        assertThat(queue.answers()).isZero();
    }

    private final class Rules implements OutboundPolicy, WriteListener {
        @Override
        public boolean beforeWrite(Message message, boolean byUser) {
            if (message instanceof Message.Interested) {
                probe.context.end(null);
            }
            return true;
        }

        @Override
        public void onWritten(Message message, boolean byUser, int contentLength) {
            events.add("written " + message.type());
            if (message instanceof Message.NotInterested) {
                probe.context.end(null);
            }
        }

        @Override
        public void onDrained() {
            events.add("drained");
        }
    }

    /** Sends as the user's sink does. */
    private TestSubscriber<Void> send(Message message) {
        TestSubscriber<Void> sender = TestSubscriber.create();
        Mono.<Void>create(sink -> {
                    waiting.incrementAndGet();
                    queue.enqueue(new Outgoing(message, sink, null, waiting, Outgoing.Origin.USER));
                })
                .subscribe(sender);
        return sender;
    }

    private static void assertRefused(TestSubscriber<?> sender) {
        assertThat(sender.isTerminatedError()).isTrue();
        assertThat(sender.expectTerminalError())
                .isInstanceOfSatisfying(ConnectionException.class, e -> assertThat(e.reason())
                        .isEqualTo(ConnectionException.Reason.CLOSED));
        assertThat(sender.getProtocolErrors()).isEmpty();
    }

    @Test
    void senderCompletesWhenItsMessageHasBeenFlushed() {
        probe.clog();
        TestSubscriber<Void> sender = send(have(1));
        assertThat(sender.isTerminated()).isFalse();
        assertThat(waiting).hasValue(1);

        probe.unclog();

        assertThat(sender.isTerminatedComplete()).isTrue();
        assertThat(waiting).hasValue(0);
    }

    @Test
    void endRefusesTheMessagesThatWait() {
        probe.clog();
        Message.Piece piece = probe.piece(1, 10);
        TestSubscriber<Void> sender = send(piece);
        queue.answer(have(2));
        queue.whenFlushed(() -> events.add("flushed"));

        probe.context.end(null);

        assertRefused(sender);
        assertThat(piece.refCnt()).isZero();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void messageAfterTheEndIsRefusedAndReleased() {
        probe.context.end(null);
        Message.Piece piece = probe.piece(1, 10);

        assertRefused(send(piece));
        queue.answer(have(2));
        queue.whenFlushed(() -> events.add("flushed"));

        assertThat(piece.refCnt()).isZero();
        assertThat(probe.written()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void senderThatSendsAgainWhenItIsRefusedIsRefusedAgain() {
        probe.clog();
        List<TestSubscriber<Void>> senders = new ArrayList<>();
        Mono.<Void>create(sink -> queue.enqueue(new Outgoing(have(1), sink, null, null, Outgoing.Origin.USER)))
                .doOnError(first -> senders.add(send(have(2))))
                .onErrorComplete()
                .subscribe();

        probe.context.end(null);

        assertThat(senders).hasSize(1);
        assertRefused(senders.get(0));
    }

    @Test
    void writeThatFailsEndsTheDrain() {
        probe.clog();
        List<TestSubscriber<Void>> senders = new ArrayList<>();
        List<Message.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            pieces.add(probe.piece(i, 10));
            senders.add(send(pieces.get(i)));
        }
        probe.failWrites();

        probe.unclog();

        assertThat(probe.context.isEnded()).isTrue();
        senders.forEach(OutboundQueueEndTest::assertRefused);
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
        assertThat(probe.context.counters().snapshot().messagesOut()).isZero();
    }

    @Test
    void writeOfTheCollectedHeadsThatFailsRefusesTheirSenders() {
        probe.failWrites();

        TestSubscriber<Void> sender = send(have(1));

        assertRefused(sender);
        assertThat(probe.context.isEnded()).isTrue();
    }

    @Test
    void handlerThatClosesDuringAWriteEndsTheDrain() {
        queue.start(new Rules(), () -> null);
        Message.Piece piece = probe.piece(1, 10);
        probe.onWrite(probe.channel::close);

        List<TestSubscriber<Void>> senders = new ArrayList<>();
        queue.batch(() -> {
            senders.add(send(piece));
            senders.add(send(have(2)));
        });

        assertThat(piece.refCnt()).isZero();
        senders.forEach(OutboundQueueEndTest::assertRefused);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void handlerThatEndsTheWireDuringAWriteEndsTheDrain() {
        queue.start(new Rules(), () -> null);
        Message.Piece piece = probe.piece(1, 10);
        probe.onWrite(() -> probe.context.end(null));

        List<TestSubscriber<Void>> senders = new ArrayList<>();
        queue.batch(() -> {
            senders.add(send(have(1)));
            senders.add(send(piece));
            senders.add(send(have(2)));
        });

        assertThat(piece.refCnt()).isZero();
        senders.forEach(OutboundQueueEndTest::assertRefused);
        assertThat(events).as("a drain that the end has cut short").doesNotContain("drained");
    }

    @Test
    void policyThatEndsTheWireStopsTheMessagesAfterIt() {
        queue.start(new Rules(), () -> null);
        List<TestSubscriber<Void>> senders = new ArrayList<>();

        queue.batch(() -> {
            senders.add(send(have(1)));
            senders.add(send(new Message.Interested()));
            senders.add(send(have(2)));
        });

        senders.forEach(OutboundQueueEndTest::assertRefused);
        assertThat(events).containsExactly("written HAVE");
    }

    @Test
    void listenerThatEndsTheWireStopsTheMessagesAfterIt() {
        queue.start(new Rules(), () -> null);
        List<TestSubscriber<Void>> senders = new ArrayList<>();

        queue.batch(() -> {
            senders.add(send(new Message.NotInterested()));
            senders.add(send(have(2)));
        });

        senders.forEach(OutboundQueueEndTest::assertRefused);
        assertThat(events).containsExactly("written NOT_INTERESTED");
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void uploadSourceThatEndsTheWireIsNotAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        queue.start(new Rules(), () -> {
            asked.incrementAndGet();
            probe.context.end(null);
            return null;
        });

        queue.drain();

        assertThat(asked).hasValue(1);
        assertThat(events).isEmpty();
    }

    @Test
    void blockOfASourceThatHasEndedTheWireIsReleased() {
        Message.Piece piece = probe.piece(1, 10);
        queue.start(new Rules(), () -> {
            probe.context.end(null);
            return piece;
        });

        queue.drain();

        assertThat(piece.refCnt()).isZero();
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void senderThatEndsTheWireInItsCompletionHasCompletedOnce() {
        TestSubscriber<Void> sender = TestSubscriber.create();
        Mono.<Void>create(sink -> queue.enqueue(new Outgoing(have(1), sink, null, null, Outgoing.Origin.USER)))
                .doOnSuccess(done -> probe.context.end(null))
                .subscribe(sender);

        assertThat(sender.isTerminatedComplete()).isTrue();
        assertThat(sender.getProtocolErrors()).isEmpty();
        assertThat(probe.written()).hasSize(1);
    }

    @Test
    void flushThatFailsRefusesTheSenders() {
        probe.clog();
        TestSubscriber<Void> sender = send(have(1));
        probe.channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext handler) {
                handler.close();
            }
        });

        probe.unclog();

        assertRefused(sender);
    }

    @Test
    void endWithinABatchLeavesNothingToWrite() {
        Message.Piece piece = probe.piece(1, 10);
        List<TestSubscriber<Void>> senders = new ArrayList<>();

        queue.batch(() -> {
            senders.add(send(piece));
            probe.context.end(null);
            senders.add(send(have(2)));
        });

        senders.forEach(OutboundQueueEndTest::assertRefused);
        assertThat(piece.refCnt()).isZero();
        assertThat(probe.flushes()).isZero();
    }

    @Test
    void closingTwiceRefusesOnce() {
        probe.clog();
        TestSubscriber<Void> sender = send(have(1));
        probe.context.end(null);

        queue.close();

        assertRefused(sender);
    }
}
