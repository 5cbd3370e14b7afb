/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.inbound.HubProbe.QUEUE;
import static org.peerwire.internal.inbound.HubProbe.haves;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.message.Message;
import reactor.test.subscriber.TestSubscriber;

/** Without a cause waiting messages are handed out before the completion; with a cause subscribers fail at once. */
class InboundHubEndTest {
    private static final ConnectionException CAUSE =
            new ConnectionException(ConnectionException.Reason.FAILED, "the connection failed");

    private final HubProbe probe = new HubProbe();
    private final InboundHub hub = probe.hub;

    @AfterEach
    void noBufferIsHeld() {
        assertThat(probe.held()).isZero();
    }

    private static void assertCompleted(TestSubscriber<?> subscriber) {
        assertThat(subscriber.isTerminatedComplete()).isTrue();
        assertThat(subscriber.getProtocolErrors()).isEmpty();
    }

    private static void assertFailed(TestSubscriber<?> subscriber) {
        assertThat(subscriber.expectTerminalError()).isSameAs(CAUSE);
        assertThat(subscriber.getProtocolErrors()).isEmpty();
    }

    @Test
    void orderlyEndCompletesAfterTheWaitingMessages() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        TestSubscriber<Message> fast = probe.subscribe(Long.MAX_VALUE);
        probe.publish(1, 2);
        probe.publishBytes(10);

        hub.close(null);

        assertCompleted(fast);
        assertThat(slow.isTerminated()).isFalse();
        slow.request(2);
        assertThat(slow.isTerminated()).isFalse();
        slow.request(1);
        assertCompleted(slow);
        assertThat(slow.getReceivedOnNext()).hasSize(3);
    }

    @Test
    void errorFailsAtOnceAndReleasesTheWaitingMessages() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        probe.publishBytes(10);

        hub.close(CAUSE);

        assertFailed(slow);
        assertThat(slow.getReceivedOnNext()).isEmpty();
    }

    @Test
    void cancellationAfterTheEndReleasesTheWaitingMessages() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        probe.publishBytes(10);
        hub.close(null);

        slow.cancel();

        assertThat(probe.held()).isZero();
        assertThat(slow.isTerminated()).isFalse();
    }

    @Test
    void subscriberAfterTheEndHearsOfItAtOnce() {
        hub.close(null);
        TestSubscriber<Message> orderly = probe.subscribe(0);
        assertCompleted(orderly);

        HubProbe other = new HubProbe();
        other.hub.close(CAUSE);
        assertFailed(other.subscribe(0));
    }

    @Test
    void endBeforeTheLoopAddsTheSubscriberIsHeard() {
        TestSubscriber<Message> subscriber = TestSubscriber.create();
        probe.loop.elsewhere(() -> hub.flux(message -> true).subscribe(subscriber));

        hub.close(CAUSE);
        probe.loop.runTasks();

        assertFailed(subscriber);
    }

    @Test
    void endDuringOnSubscribeIsHeardAfterIt() {
        List<String> events = new ArrayList<>();
        hub.flux(message -> true)
                .doOnSubscribe(subscription -> {
                    hub.close(null);
                    events.add("subscribed");
                })
                .doOnComplete(() -> events.add("completed"))
                .subscribe();

        assertThat(events).containsExactly("subscribed", "completed");
    }

    @Test
    void orderlyEndInTheMiddleOfAMessageLeavesItToTheSubscribersThatHaveIt() {
        TestSubscriber<Message> before = probe.subscribe(0);
        TestSubscriber<Message> closing = probe.subscribe(message -> hub.close(null));
        TestSubscriber<Message> waiting = probe.subscribe(0);
        probe.publish(1);

        assertCompleted(closing);
        assertThat(closing.getReceivedOnNext()).isEqualTo(haves(1));
        before.request(1);
        assertCompleted(before);
        assertThat(before.getReceivedOnNext()).isEqualTo(haves(1));
        assertCompleted(waiting);
        assertThat(waiting.getReceivedOnNext()).isEmpty();
    }

    @Test
    void errorInTheMiddleOfAMessageFailsTheSubscribersAfterIt() {
        probe.subscribe(message -> hub.close(CAUSE));
        TestSubscriber<Message> fast = probe.subscribe(Long.MAX_VALUE);
        TestSubscriber<Message> slow = probe.subscribe(0);

        probe.publishBytes(10);

        assertFailed(fast);
        assertFailed(slow);
        assertThat(fast.getReceivedOnNext()).isEmpty();
    }

    @Test
    void errorInTheMiddleOfAMessageFailsASubscriberThatIsStillSubscribing() {
        probe.subscribe(message -> hub.close(CAUSE));

        TestSubscriber<Message> late =
                HubProbe.subscribe(hub.flux(message -> true).doOnSubscribe(subscription -> probe.publishBytes(10)), 0);

        assertFailed(late);
    }

    @Test
    void subscriberThatEndsTheWireHasItsMessageAndThenTheError() {
        TestSubscriber<Message> subscriber = probe.subscribe(message -> hub.close(CAUSE));

        probe.publishBytes(10);

        assertThat(subscriber.getReceivedOnNext()).hasSize(1);
        assertFailed(subscriber);
    }

    @Test
    void messagesThatWaitWhenAnErrorComesDuringTheirDeliveryAreDropped() {
        List<Message> received = new ArrayList<>();
        TestSubscriber<Message> subscriber = HubProbe.subscribe(
                hub.flux(message -> true).doOnNext(message -> {
                    received.add(message);
                    hub.close(CAUSE);
                }),
                0);
        probe.publishBytes(1);
        probe.publishBytes(2);

        subscriber.request(2);

        assertThat(received).hasSize(1);
        assertFailed(subscriber);
    }

    @Test
    void endDoesNotResumeReading() {
        TestSubscriber<Message> slow = probe.subscribe(0);
        for (int i = 0; i < QUEUE; i++) {
            probe.publishBytes(1);
        }
        assertThat(probe.isPaused()).isTrue();
        hub.close(null);

        slow.request(QUEUE);

        assertCompleted(slow);
        assertThat(probe.isPaused()).isTrue();
    }
}
