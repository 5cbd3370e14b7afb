/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.cancels;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.RequestException;
import org.peerwire.internal.outbound.Negotiation;
import org.peerwire.internal.outbound.Outbox;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;

/** Requests at a timeout and at the end of the wire, and requests that the user sends as messages. */
class PendingRequestsEndTest {
    private static final long TIMEOUT = 60_000;

    private final ExchangeProbe probe = new ExchangeProbe(false);
    private final Outbox outbox = new Outbox(probe.context, new Negotiation(Features.NONE), probe.queue, 100);
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private PendingRequests.Listener request(Runnable reaction, int... pieces) {
        PendingRequests.Listener listener = new PendingRequests.Listener() {
            @Override
            public void onBlock(Block block) {
                block.release();
                events.add("block " + block.piece());
                reaction.run();
            }

            @Override
            public void onFailure(RequestException failure) {
                events.add(failure.reason() + " " + failure.request().piece());
                reaction.run();
            }
        };
        for (int piece : pieces) {
            probe.pending.request(block(piece), listener);
        }
        return listener;
    }

    private void end() {
        probe.context.end(null);
    }

    // ---- timeouts ----

    @Test
    void requestTimesOutAfterItWasWritten() {
        probe.clog();
        request(() -> {}, 1);
        probe.advance(TIMEOUT - 1);
        probe.unclog();
        probe.written();

        probe.pending.tick(TIMEOUT);
        assertThat(events).isEmpty();
        probe.pending.tick(2 * TIMEOUT - 1);

        assertThat(events).containsExactly("TIMED_OUT 1");
        assertThat(probe.written()).isEqualTo(cancels(1));
    }

    @Test
    void requestThatWaitsToBeWrittenTimesOutToo() {
        probe.clog();
        request(() -> {}, 1);

        probe.pending.tick(TIMEOUT);
        probe.unclog();

        assertThat(events).containsExactly("TIMED_OUT 1");
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void allCancelsPrecedeTheFirstListenerThatRequestsAgain() {
        request(() -> request(() -> {}, 9), 1);
        request(() -> {}, 2);
        probe.written();

        probe.queue.batch(() -> probe.pending.tick(TIMEOUT));

        List<Message> expected = new ArrayList<>(cancels(1, 2));
        expected.addAll(requests(9));
        assertThat(probe.written()).isEqualTo(expected);
        assertThat(events).containsExactly("TIMED_OUT 1", "TIMED_OUT 2");
    }

    @Test
    void timeoutCountsFromTheRequestAndNotFromTheLastTick() {
        request(() -> {}, 1);
        probe.advance(Duration.ofSeconds(30).toMillis());
        request(() -> {}, 2);

        probe.pending.tick(TIMEOUT);

        assertThat(events).containsExactly("TIMED_OUT 1");
    }

    // ---- the end ----

    @Test
    void endFailsAllRequestsOldestFirst() {
        request(() -> {}, 3, 1, 2);

        end();

        assertThat(events).containsExactly("CLOSED 3", "CLOSED 1", "CLOSED 2");
    }

    @Test
    void writeThatFailsFailsItsRequestOnce() {
        probe.failWrites();

        request(() -> {}, 1);

        assertThat(events).containsExactly("CLOSED 1");
        assertThat(probe.context.isEnded()).isTrue();
    }

    @Test
    void listenerThatEndsTheWireAtAFailureLeavesOneFailureForEach() {
        request(this::end, 1);
        request(() -> {}, 2, 3);
        probe.pending.onDontHave(1);

        assertThat(events).containsExactly("REJECTED 1", "CLOSED 2", "CLOSED 3");
    }

    @Test
    void listenerThatEndsTheWireAmongFailuresLeavesOneFailureForEach() {
        request(this::end, 1);
        request(() -> {}, 2, 3);

        probe.pending.onChoke();

        assertThat(events).containsExactly("CHOKED 1", "CHOKED 2", "CHOKED 3");
    }

    @Test
    void listenerThatEndsTheWireAtABlockHasItAndTheOthersFail() {
        request(this::end, 1);
        request(() -> {}, 2);

        probe.receive(block(1));

        assertThat(events).containsExactly("block 1", "CLOSED 2");
    }

    @Test
    void listenerThatEndsTheWireAtATimeoutLeavesOneFailureForEach() {
        request(this::end, 1);
        request(() -> {}, 2);

        probe.queue.batch(() -> probe.pending.tick(TIMEOUT));

        assertThat(events).containsExactly("TIMED_OUT 1", "TIMED_OUT 2");
    }

    @Test
    void endDuringTheCancelOfATimeoutLeavesOneFailureForEach() {
        request(() -> {}, 1, 2, 3);
        probe.failWrites();

        probe.queue.batch(() -> probe.pending.tick(TIMEOUT));

        assertThat(events).containsExactly("TIMED_OUT 1", "TIMED_OUT 2", "TIMED_OUT 3");
        assertThat(probe.context.closedException().getCause()).isInstanceOf(ConnectionException.class);
    }

    // ---- requests of the user as messages ----

    @Test
    void requestOfTheUserIsExpectedToBeAnswered() {
        outbox.tryEmit(new Message.Request(block(1)));
        assertThat(probe.written()).isEqualTo(requests(1));
        assertThat(probe.pending.size()).isEqualTo(1);

        probe.receive(block(1));

        assertThat(probe.pending.size()).isZero();
        assertThat(probe.stats().wastedIn()).isZero();
    }

    @Test
    void requestOfTheUserForAnOutstandingBlockIsLeftOut() {
        request(() -> {}, 1);
        outbox.tryEmit(new Message.Request(block(1)));
        outbox.tryEmit(new Message.Request(new BlockRequest(1, 0, 50)));

        assertThat(probe.written()).isEqualTo(requests(1));
        probe.receive(block(1));
        assertThat(events).containsExactly("block 1");
    }

    @Test
    void requestOfTheUserTimesOutWithoutAnybodyToTell() {
        outbox.tryEmit(new Message.Request(block(1)));

        probe.pending.tick(TIMEOUT);

        assertThat(probe.pending.size()).isZero();
        assertThat(probe.written()).endsWith(new Message.Cancel(block(1)));
    }

    @Test
    void cancelOfTheUserFailsTheListener() {
        request(() -> {}, 1);

        assertThat(probe.pending.onOurCancel(block(1)))
                .as("the peer has to hear of it")
                .isTrue();

        assertThat(events).containsExactly("CANCELLED 1");
        probe.receive(block(1));
        assertThat(probe.stats().wastedIn()).isPositive();
    }

    @Test
    void cancelOfTheUserForARequestThatWaitsNeedNotBeWritten() {
        probe.clog();
        request(() -> {}, 1);

        assertThat(probe.pending.onOurCancel(block(1))).isFalse();
        probe.unclog();

        assertThat(events).containsExactly("CANCELLED 1");
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void cancelOfTheUserForAnUnknownRequestIsWritten() {
        request(() -> {}, 1);

        assertThat(probe.pending.onOurCancel(block(2))).isTrue();
        assertThat(probe.pending.onOurCancel(new BlockRequest(1, 0, 50))).isTrue();

        assertThat(events).isEmpty();
    }
}
