/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.internal.outbound.OutboundProbe.have;
import static org.peerwire.internal.outbound.OutboundProbe.haves;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.test.subscriber.TestSubscriber;

class OutboxTest {
    private static final int LIMIT = 3;

    private final OutboundProbe probe = new OutboundProbe();
    private final Outbox outbox = probe.outbox(LIMIT);

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private static TestSubscriber<Void> subscribe(Mono<Void> send) {
        TestSubscriber<Void> sender = TestSubscriber.create();
        send.subscribe(sender);
        return sender;
    }

    private static ConnectionException.Reason failure(TestSubscriber<Void> sender) {
        return ((ConnectionException) sender.expectTerminalError()).reason();
    }

    // ---- threads ----

    @Test
    void messageOnTheLoopIsWrittenAtOnce() {
        assertThat(outbox.tryEmit(have(1))).isEqualTo(EmitResult.OK);

        assertThat(probe.written()).isEqualTo(haves(1));
    }

    @Test
    void messagesOfAnotherThreadLeaveInTheirOrderWithOneFlush() {
        probe.loop.elsewhere(() -> {
            outbox.tryEmit(have(1));
            subscribe(outbox.send(have(2)));
            outbox.tryEmit(have(3));
        });
        assertThat(probe.written()).isEmpty();

        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(haves(1, 2, 3));
        assertThat(probe.flushes()).isEqualTo(1);
    }

    @Test
    void laterMessagesOfAnotherThreadWakeTheLoopAgain() {
        probe.loop.elsewhere(() -> outbox.tryEmit(have(1)));
        probe.loop.runTasks();
        probe.loop.elsewhere(() -> outbox.tryEmit(have(2)));
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(haves(1, 2));
    }

    @Test
    void messageFromTheLoopDoesNotOvertakeThoseOfAnotherThread() {
        probe.loop.elsewhere(() -> {
            outbox.tryEmit(have(1));
            outbox.tryEmit(have(2));
        });
        outbox.tryEmit(have(3));
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(haves(1, 2, 3));
    }

    @Test
    void messageOfAnotherThreadThatArrivesAfterTheEndIsRefused() {
        Message.Piece piece = probe.piece(1, 10);
        TestSubscriber<Void> sender = TestSubscriber.create();
        probe.loop.elsewhere(() -> outbox.send(piece).subscribe(sender));

        probe.context.end(null);
        probe.loop.runTasks();

        assertThat(failure(sender)).isEqualTo(ConnectionException.Reason.CLOSED);
        assertThat(piece.refCnt()).isZero();
    }

    @Test
    void messageIsRefusedWhenTheLoopHasShutDown() {
        probe.context.end(null);
        probe.loop.stop();
        Message.Piece piece = probe.piece(1, 10);
        TestSubscriber<Void> sender = TestSubscriber.create();

        probe.loop.elsewhere(() -> outbox.send(piece).subscribe(sender));

        assertThat(failure(sender)).isEqualTo(ConnectionException.Reason.CLOSED);
        assertThat(piece.refCnt()).isZero();
    }

    // ---- demand and cancellation ----

    @Test
    void messageIsNotSentBeforeTheSubscription() {
        Mono<Void> send = outbox.send(have(1));
        assertThat(probe.written()).isEmpty();

        subscribe(send);

        assertThat(probe.written()).isEqualTo(haves(1));
    }

    @Test
    void cancellingDoesNotWithdrawTheMessage() {
        probe.clog();
        subscribe(outbox.send(have(1))).cancel();

        probe.unclog();

        assertThat(probe.written()).isEqualTo(haves(1));
    }

    // ---- the limit ----

    @Test
    void messageOverTheLimitIsRefusedAndReleased() {
        probe.clog();
        for (int i = 0; i < LIMIT; i++) {
            assertThat(outbox.tryEmit(have(i))).isEqualTo(EmitResult.OK);
        }
        Message.Piece first = probe.piece(1, 10);
        Message.Piece second = probe.piece(2, 10);

        assertThat(outbox.tryEmit(first)).isEqualTo(EmitResult.FAIL_OVERFLOW);
        assertThat(failure(subscribe(outbox.send(second)))).isEqualTo(ConnectionException.Reason.OVERFLOW);

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        assertThat(probe.context.isEnded()).isFalse();
    }

    @Test
    void messagesThatWaitForTheLoopCountTowardsTheLimit() {
        probe.loop.elsewhere(() -> {
            for (int i = 0; i < LIMIT; i++) {
                assertThat(outbox.tryEmit(have(i))).isEqualTo(EmitResult.OK);
            }
            assertThat(outbox.tryEmit(have(9))).isEqualTo(EmitResult.FAIL_OVERFLOW);
        });
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(haves(0, 1, 2));
    }

    @Test
    void writtenMessagesFreeTheirPlaces() {
        probe.clog();
        for (int i = 0; i < LIMIT; i++) {
            outbox.tryEmit(have(i));
        }
        probe.unclog();

        probe.clog();
        for (int i = 0; i < LIMIT; i++) {
            assertThat(outbox.tryEmit(have(i))).isEqualTo(EmitResult.OK);
        }
        assertThat(outbox.tryEmit(have(9))).isEqualTo(EmitResult.FAIL_OVERFLOW);
    }

    // ---- refusals ----

    @Test
    void messageThatIsNotNegotiatedIsRefusedAndReleased() {
        Message.Extended first = new Message.Extended(1, Unpooled.buffer(8));
        Message.Extended second = new Message.Extended(1, Unpooled.buffer(8));

        assertThatThrownBy(() -> outbox.tryEmit(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("EXTENSION_PROTOCOL");
        assertThat(subscribe(outbox.send(second)).expectTerminalError()).isInstanceOf(IllegalStateException.class);

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        assertThat(probe.written()).isEmpty();
        assertThat(outbox.tryEmit(have(1))).isEqualTo(EmitResult.OK);
    }

    @Test
    void messageAfterTheEndIsRefusedAndReleased() {
        probe.context.end(null);
        Message.Piece first = probe.piece(1, 10);
        Message.Piece second = probe.piece(2, 10);

        assertThat(outbox.tryEmit(first)).isEqualTo(EmitResult.FAIL_TERMINATED);
        assertThat(failure(subscribe(outbox.send(second)))).isEqualTo(ConnectionException.Reason.CLOSED);

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    @Test
    void refusedMessagesDoNotCountAsWaiting() {
        probe.clog();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> outbox.tryEmit(new Message.HaveAll())).isInstanceOf(IllegalStateException.class);
        }
        for (int i = 0; i < LIMIT; i++) {
            assertThat(outbox.tryEmit(have(i))).isEqualTo(EmitResult.OK);
        }
    }
}
