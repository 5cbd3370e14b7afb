/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.outbound.OutboundProbe.have;
import static org.peerwire.internal.outbound.OutboundProbe.haves;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.message.Message;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

class PublisherSendTest {
    private static final int PULL = 16;

    private final OutboundProbe probe = new OutboundProbe();
    private final Outbox outbox = probe.outbox(1);
    private final TestPublisher<Message> source = TestPublisher.create();
    private final List<Long> demand = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private TestSubscriber<Void> send(Publisher<? extends Message> messages) {
        TestSubscriber<Void> sender = TestSubscriber.create();
        outbox.send(messages).subscribe(sender);
        return sender;
    }

    private Flux<Message> source() {
        return source.flux().doOnRequest(demand::add);
    }

    private static void assertClosed(TestSubscriber<Void> sender) {
        assertThat(((ConnectionException) sender.expectTerminalError()).reason())
                .isEqualTo(ConnectionException.Reason.CLOSED);
        assertThat(sender.getProtocolErrors()).isEmpty();
    }

    @Test
    void sourceIsWrittenInItsOrderAndThenTheSenderCompletes() {
        int[] pieces = IntStream.range(0, 100).toArray();

        TestSubscriber<Void> sender = send(Flux.fromIterable(haves(pieces)));

        assertThat(probe.written()).isEqualTo(haves(pieces));
        assertThat(sender.isTerminatedComplete()).isTrue();
    }

    @Test
    void messageFromTheLoopDoesNotOvertakeThoseOfAnotherThread() {
        TestSubscriber<Void> sender = send(source);

        probe.loop.elsewhere(() -> source.next(have(1), have(2)));
        source.next(have(3)).complete();
        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(haves(1, 2, 3));
        assertThat(sender.isTerminatedComplete()).isTrue();
    }

    @Test
    void messagesOfAnotherThreadShareFlushes() {
        send(source);

        probe.loop.elsewhere(() -> source.next(have(1), have(2), have(3)));
        probe.loop.runTasks();

        assertThat(probe.flushes()).isEqualTo(1);
        assertThat(probe.written()).isEqualTo(haves(1, 2, 3));
    }

    @Test
    void messagesOfASynchronousSourceShareFlushes() {
        send(Flux.range(0, PULL).map(OutboundProbe::have));

        assertThat(probe.flushes()).isLessThanOrEqualTo(2);
        assertThat(probe.written()).hasSize(PULL);
    }

    @Test
    void sourceIsPulledAgainWhenItsMessagesHaveBeenWritten() {
        send(source());
        assertThat(demand).containsExactly((long) PULL);

        for (int i = 0; i < PULL - 1; i++) {
            source.next(have(i));
        }
        assertThat(demand).hasSize(1);
        source.next(have(PULL));

        assertThat(demand).containsExactly((long) PULL, (long) PULL);
    }

    @Test
    void sourceIsNotPulledWhileTheSocketTakesNoData() {
        probe.clog();
        send(source());
        assertThat(demand).isEmpty();

        probe.unclog();

        assertThat(demand).containsExactly((long) PULL);
    }

    @Test
    void peerThatDoesNotReadStopsTheSource() {
        send(source());
        probe.clog();
        for (int i = 0; i < PULL; i++) {
            source.next(have(i));
        }
        assertThat(demand).hasSize(1);

        probe.unclog();

        assertThat(demand).hasSize(2);
        assertThat(probe.written()).hasSize(PULL);
    }

    @Test
    void sourcesDoNotCountTowardsTheLimitOfSingleMessages() {
        probe.clog();
        outbox.tryEmit(have(0));
        TestSubscriber<Void> sender = send(Flux.just(have(1), have(2)));

        probe.unclog();

        assertThat(sender.isTerminatedComplete()).isTrue();
        assertThat(probe.written()).isEqualTo(haves(0, 1, 2));
    }

    @Test
    void twoSourcesBothAdvance() {
        TestSubscriber<Void> first = send(Flux.range(0, 50).map(OutboundProbe::have));
        TestSubscriber<Void> second = send(Flux.range(50, 50).map(OutboundProbe::have));

        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(probe.written()).hasSize(100);
    }

    @Test
    void emptySourceCompletesAfterTheMessagesBeforeIt() {
        probe.clog();
        outbox.tryEmit(have(1));
        TestSubscriber<Void> sender = send(Flux.empty());
        assertThat(sender.isTerminated()).isFalse();

        probe.unclog();

        assertThat(sender.isTerminatedComplete()).isTrue();
    }

    @Test
    void errorOfTheSourceIsPassedOnAndTheWireGoesOn() {
        TestSubscriber<Void> sender = send(source());
        source.next(have(1));
        source.error(new IllegalStateException("no more"));

        assertThat(sender.expectTerminalError()).hasMessage("no more");
        assertThat(probe.context.isEnded()).isFalse();
        assertThat(probe.written()).isEqualTo(haves(1));
    }

    @Test
    void messageThatIsNotNegotiatedFailsTheSenderAndCancelsTheSource() {
        TestSubscriber<Void> sender = send(source());

        source.next(new Message.HaveAll());

        assertThat(sender.expectTerminalError()).isInstanceOf(IllegalStateException.class);
        source.assertCancelled();
        assertThat(probe.context.isEnded()).isFalse();
    }

    @Test
    void cancellingCancelsTheSource() {
        TestSubscriber<Void> sender = send(source());

        sender.cancel();

        source.assertCancelled();
    }

    @Test
    void sourceThatSubscribesAfterTheCancellationIsCancelled() {
        List<Subscriber<? super Message>> subscribers = new ArrayList<>();
        TestSubscriber<Void> sender = send(subscribers::add);
        sender.cancel();
        List<String> signals = new ArrayList<>();

        subscribers.get(0).onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                signals.add("request");
            }

            @Override
            public void cancel() {
                signals.add("cancel");
            }
        });

        assertThat(signals).containsExactly("cancel");
    }

    @Test
    void messageAfterTheCancellationIsReleased() {
        TestPublisher<Message> rude = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        TestSubscriber<Void> sender = send(rude);
        sender.cancel();
        Message.Piece piece = probe.piece(1, 10);

        rude.next(piece);

        assertThat(piece.refCnt()).isZero();
        assertThat(probe.written()).isEmpty();
    }

    // ---- threads ----

    @Test
    void sourceOnAnotherThreadIsWrittenOnTheLoop() {
        TestSubscriber<Void> sender = TestSubscriber.create();
        probe.loop.elsewhere(() -> outbox.send(Flux.just(have(1), have(2))).subscribe(sender));
        assertThat(probe.written()).isEmpty();

        probe.loop.runTasks();

        assertThat(probe.written()).isEqualTo(haves(1, 2));
        assertThat(sender.isTerminatedComplete()).isTrue();
    }

    @Test
    void cancellationBeforeTheLoopHasTheSourceCancelsIt() {
        TestSubscriber<Void> sender = TestSubscriber.create();
        probe.loop.elsewhere(() -> {
            outbox.send(source()).subscribe(sender);
            sender.cancel();
        });

        probe.loop.runTasks();

        source.assertCancelled();
    }

    // ---- the end ----

    @Test
    void endCancelsTheSourceAndFailsTheSender() {
        TestSubscriber<Void> sender = send(source());
        source.next(have(1));

        probe.context.end(null);

        source.assertCancelled();
        assertClosed(sender);
    }

    @Test
    void sourceAfterTheEndIsCancelledWithoutDemand() {
        probe.context.end(null);

        TestSubscriber<Void> sender = send(source());

        assertClosed(sender);
        source.assertCancelled();
        assertThat(demand).isEmpty();
    }

    @Test
    void endBeforeTheLoopHasTheSourceFailsTheSender() {
        TestSubscriber<Void> sender = TestSubscriber.create();
        probe.loop.elsewhere(() -> outbox.send(source()).subscribe(sender));

        probe.context.end(null);
        probe.loop.runTasks();

        assertClosed(sender);
        source.assertCancelled();
    }

    @Test
    void endFailsASenderWhoseSourceHasCompletedAndWaits() {
        probe.clog();
        TestSubscriber<Void> sender = send(Flux.empty());

        probe.context.end(null);

        assertClosed(sender);
    }

    @Test
    void sourceThatEndsTheWireWhenItIsPulledStopsTheOthers() {
        probe.clog();
        TestSubscriber<Void> first = send(source().doOnRequest(n -> probe.context.end(null)));
        List<Long> others = new ArrayList<>();
        TestSubscriber<Void> second = send(Flux.<Message>never().doOnRequest(others::add));

        probe.unclog();

        assertClosed(first);
        assertClosed(second);
        assertThat(others).isEmpty();
    }

    @Test
    void writeThatFailsCancelsTheSource() {
        TestSubscriber<Void> sender = send(source());
        probe.failWrites();
        Message.Piece piece = probe.piece(1, 10);

        source.next(piece);

        assertThat(piece.refCnt()).isZero();
        source.assertCancelled();
        assertClosed(sender);
    }

    @Test
    void contextOfTheSenderReachesTheSource() {
        List<String> seen = new ArrayList<>();
        Flux<Message> reads = Flux.deferContextual(view -> {
            seen.add(view.get("key"));
            return Flux.empty();
        });

        Mono<Void> send = outbox.send(reads).contextWrite(context -> context.put("key", "value"));
        send.subscribe();

        assertThat(seen).containsExactly("value");
    }
}
