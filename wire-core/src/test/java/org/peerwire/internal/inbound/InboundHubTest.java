/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.inbound.HubProbe.BYTES;
import static org.peerwire.internal.inbound.HubProbe.QUEUE;
import static org.peerwire.internal.inbound.HubProbe.STALL_MILLIS;
import static org.peerwire.internal.inbound.HubProbe.haves;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** Queues, stalls, and subscribers that come and go, while the wire lives. */
class InboundHubTest {
    private final HubProbe probe = new HubProbe();
    private final InboundHub hub = probe.hub;

    @AfterEach
    void noBufferIsHeldAfterTheEnd() {
        hub.close(new IllegalStateException("the test is over"));
        assertThat(probe.held()).isZero();
    }

    private static ConnectionException.Reason failure(TestSubscriber<?> subscriber) {
        return ((ConnectionException) subscriber.expectTerminalError()).reason();
    }

    // ---- who receives which messages ----

    @Test
    void everySubscriberReceivesTheMessagesThatPassItsFilter() {
        TestSubscriber<Message> all = probe.subscribe(Long.MAX_VALUE);
        TestSubscriber<Message> some =
                HubProbe.subscribe(hub.flux(message -> message.equals(new Message.Have(2))), Long.MAX_VALUE);

        probe.publish(1, 2, 3);

        assertThat(all.getReceivedOnNext()).isEqualTo(haves(1, 2, 3));
        assertThat(some.getReceivedOnNext()).isEqualTo(haves(2));
    }

    @Test
    void messageWithoutASubscriberIsNotKept() {
        probe.publish(1);
        probe.publishBytes(10);

        assertThat(probe.subscribe(Long.MAX_VALUE).getReceivedOnNext()).isEmpty();
        assertThat(probe.held()).isZero();
    }

    @Test
    void messagesCausedByOnSubscribeAreNotMissed() {
        TestSubscriber<Message> subscriber = HubProbe.subscribe(
                hub.flux(message -> true).doOnSubscribe(subscription -> probe.publish(1, 2)), Long.MAX_VALUE);

        assertThat(subscriber.getReceivedOnNext()).isEqualTo(haves(1, 2));
    }

    @Test
    void bufferIsHeldUntilTheSlowestSubscriberHasTakenIt() {
        TestSubscriber<Message> fast = probe.subscribe(Long.MAX_VALUE);
        TestSubscriber<Message> slow = probe.subscribe(0);

        Message.Unknown message = probe.publishBytes(10);

        assertThat(fast.getReceivedOnNext()).containsExactly(message);
        assertThat(message.refCnt()).isEqualTo(1);
        slow.request(1);
        assertThat(message.refCnt()).isZero();
    }

    // ---- bounded queues ----

    @Test
    void fullQueueStopsReadingUntilHalfOfItIsTaken() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        probe.publish(1, 2, 3);
        assertThat(probe.isPaused()).isFalse();

        probe.publish(4);

        assertThat(probe.isPaused()).isTrue();
        slow.request(1);
        assertThat(probe.isPaused()).isTrue();
        slow.request(1);
        assertThat(probe.isPaused()).isFalse();
        assertThat(slow.getReceivedOnNext()).isEqualTo(haves(1, 2));
    }

    @Test
    void manyBytesFillAQueueToo() {
        TestSubscriber<Message> slow = probe.subscribe(0);

        probe.publishBytes(BYTES - 1);
        assertThat(probe.isPaused()).isFalse();
        probe.publishBytes(1);
        assertThat(probe.isPaused()).isTrue();

        slow.request(1);
        assertThat(probe.isPaused()).isFalse();
    }

    @Test
    void readingWaitsForTheSlowestSubscriber() {
        TestSubscriber<Message> first = probe.subscribe(0);
        TestSubscriber<Message> second = probe.subscribe(0);
        probe.publish(1, 2, 3, 4);

        first.request(QUEUE);
        assertThat(probe.isPaused()).isTrue();
        second.request(QUEUE);

        assertThat(probe.isPaused()).isFalse();
    }

    @Test
    void subscriberThatTakesEverythingNeverStopsReading() {
        TestSubscriber<Message> fast = probe.subscribe(Long.MAX_VALUE);

        for (int i = 0; i < 100; i++) {
            probe.publishBytes(2 * BYTES);
        }

        assertThat(probe.isPaused()).isFalse();
        assertThat(fast.getReceivedOnNext()).hasSize(100);
    }

    @Test
    void cancellationOfTheSlowSubscriberLetsReadingGoOnAndReleases() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        for (int i = 0; i < QUEUE; i++) {
            probe.publishBytes(1);
        }
        assertThat(probe.held()).isEqualTo(QUEUE);

        slow.cancel();

        assertThat(probe.isPaused()).isFalse();
        assertThat(probe.held()).isZero();
    }

    @Test
    void messagesReadAfterTheConnectionEndedWaitBeyondTheLimitUpToABound() {
        TestSubscriber<Message> slow = probe.subscribe(0);

        probe.publishBytes(BYTES); // full: reading has stopped, but the last bytes are decoded all the same
        probe.publishBytes(BYTES);
        assertThat(slow.isTerminated()).isFalse();
        probe.publishBytes(1);

        assertThat(failure(slow)).isEqualTo(ConnectionException.Reason.SLOW_SUBSCRIBER);
        assertThat(probe.held()).isZero();
    }

    // ---- stalls ----

    @Test
    void subscriberThatTakesNothingForTheStallTimeoutFailsAlone() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        TestSubscriber<Message> fast = probe.subscribe(Long.MAX_VALUE);
        probe.advance(1_000);
        probe.publish(1, 2, 3, 4);

        probe.advance(STALL_MILLIS);
        assertThat(slow.isTerminated()).isFalse();
        probe.advance(1_000);

        assertThat(failure(slow)).isEqualTo(ConnectionException.Reason.SLOW_SUBSCRIBER);
        assertThat(probe.isPaused()).isFalse();
        probe.publish(5);
        assertThat(fast.getReceivedOnNext()).hasSize(5);
        assertThat(slow.getReceivedOnNext()).isEmpty();
    }

    @Test
    void slowSubscriberThatTakesSomeMessagesDoesNotStall() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        probe.publish(1, 2, 3, 4);

        for (int i = 0; i < 10; i++) {
            probe.advance(STALL_MILLIS - 2_000);
            slow.request(1);
            probe.publish(i);
        }

        assertThat(slow.isTerminated()).isFalse();
        assertThat(slow.getReceivedOnNext()).hasSize(10);
    }

    @Test
    void subscriberWithoutAFullQueueMayWaitForEver() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        probe.publish(1, 2, 3);

        probe.advance(100 * STALL_MILLIS);

        assertThat(slow.isTerminated()).isFalse();
    }

    // ---- subscribers come and go while a message is handed out ----

    @Test
    void subscriberThatComesDuringAMessageReceivesTheNext() {
        List<TestSubscriber<Message>> later = new ArrayList<>();
        probe.subscribe(message -> {
            if (later.isEmpty()) {
                later.add(probe.subscribe(Long.MAX_VALUE));
            }
        });

        probe.publish(1, 2);

        assertThat(later.get(0).getReceivedOnNext()).isEqualTo(haves(2));
    }

    @Test
    void subscriberThatIsCancelledDuringAMessageDoesNotReceiveIt() {
        List<TestSubscriber<Message>> others = new ArrayList<>();
        probe.subscribe(message -> others.forEach(TestSubscriber::cancel));
        others.add(probe.subscribe(Long.MAX_VALUE));

        probe.publishBytes(10);
        probe.publish(1);

        assertThat(others.get(0).getReceivedOnNext()).isEmpty();
        assertThat(probe.held()).isZero();
    }

    @Test
    void subscriberThatCancelsItselfReceivesNoMore() {
        Flux<Message> first = hub.flux(message -> true).take(1);
        TestSubscriber<Message> subscriber = HubProbe.subscribe(first, Long.MAX_VALUE);

        probe.publish(1, 2);

        assertThat(subscriber.getReceivedOnNext()).isEqualTo(haves(1));
    }

    @Test
    void subscriberThatThrowsFailsAlone() {
        TestSubscriber<Message> other = probe.subscribe(Long.MAX_VALUE);
        TestSubscriber<Message> broken = probe.subscribe(message -> {
            throw new IllegalStateException("a bug of the user");
        });

        probe.publish(1, 2);

        assertThat(broken.expectTerminalError()).hasMessage("a bug of the user");
        assertThat(other.getReceivedOnNext()).isEqualTo(haves(1, 2));
    }

    @Test
    void demandForNoMessagesFailsTheSubscriber() {
        List<Throwable> errors = new ArrayList<>();
        hub.flux(message -> true).subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(0);
            }

            @Override
            public void onNext(Message message) {}

            @Override
            public void onError(Throwable error) {
                errors.add(error);
            }

            @Override
            public void onComplete() {}
        });

        probe.publishBytes(1);

        assertThat(errors).singleElement().isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void demandOfAnotherThreadIsServedOnTheLoop() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        probe.publish(1, 2);

        probe.loop.elsewhere(() -> slow.request(2));
        assertThat(slow.getReceivedOnNext()).isEmpty();
        probe.loop.runTasks();

        assertThat(slow.getReceivedOnNext()).isEqualTo(haves(1, 2));
    }

    @Test
    void cancellationOnAnotherThreadBeforeTheLoopAddsTheSubscriberHolds() {
        TestSubscriber<Message> subscriber = TestSubscriber.create();
        probe.loop.elsewhere(() -> {
            hub.flux(message -> true).subscribe(subscriber);
            subscriber.cancel();
        });
        probe.loop.runTasks();

        for (int i = 0; i < QUEUE; i++) {
            probe.publishBytes(1);
        }

        assertThat(probe.isPaused()).isFalse();
        assertThat(probe.held()).isZero();
    }
}
