/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.cancels;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.RequestException;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

class SingleRequestTest {
    private final ExchangeProbe probe = new ExchangeProbe(false);

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private TestSubscriber<Block> request(long demand) {
        TestSubscriber<Block> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        probe.blocks.request(block(1)).subscribe(subscriber);
        return subscriber;
    }

    private static RequestException.Reason failure(TestSubscriber<Block> subscriber) {
        assertThat(subscriber.getProtocolErrors()).isEmpty();
        return ((RequestException) subscriber.expectTerminalError()).reason();
    }

    @Test
    void requestIsMadeWhenItsBlockIsDemanded() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(0);
        assertThat(probe.written()).isEmpty();

        subscriber.request(1);
        subscriber.request(1);

        assertThat(probe.written()).isEqualTo(requests(1));
    }

    @Test
    void blockCompletesTheRequest() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(1);

        probe.receive(block(1));

        assertThat(subscriber.getReceivedOnNext()).hasSize(1);
        assertThat(subscriber.isTerminatedComplete()).isTrue();
        subscriber.getReceivedOnNext().get(0).release();
    }

    @Test
    void eachSubscriptionIsOneRequest() {
        probe.unchoke();
        Mono<Block> mono = probe.blocks.request(block(1));
        mono.subscribe(Block::release);
        probe.receive(block(1));
        mono.subscribe(Block::release);

        assertThat(probe.written()).isEqualTo(requests(1, 1));
    }

    @Test
    void requestDuringAChokeFailsAtOnce() {
        assertThat(failure(request(1))).isEqualTo(RequestException.Reason.CHOKED);
        assertThat(probe.written()).isEmpty();
    }

    @Test
    void requestForAnAllowedPieceIsMadeDuringAChoke() {
        probe.advice.allow(1);
        request(1);

        assertThat(probe.written()).isEqualTo(requests(1));
    }

    @Test
    void requestForAnOutstandingBlockFails() {
        probe.unchoke();
        request(1);

        assertThat(failure(request(1))).isEqualTo(RequestException.Reason.DUPLICATE);
    }

    // ---- cancellation ----

    @Test
    void cancellationBeforeTheDemandLeavesNothingToDo() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(0);

        subscriber.cancel();
        subscriber.request(1);

        assertThat(probe.written()).isEmpty();
        assertThat(probe.pending.size()).isZero();
    }

    @Test
    void cancellationCancelsAtThePeer() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(1);
        probe.written();

        subscriber.cancel();

        assertThat(probe.written()).isEqualTo(cancels(1));
        assertThat(subscriber.isTerminated()).isFalse();
    }

    @Test
    void cancellationOfADuplicateLeavesTheFirstRequest() {
        probe.unchoke();
        request(1);
        probe.written();

        request(1).cancel();

        assertThat(probe.written()).isEmpty();
        assertThat(probe.pending.size()).isEqualTo(1);
    }

    @Test
    void demandAndCancellationOfAnotherThreadMakeNoRequest() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(0);
        probe.loop.elsewhere(() -> {
            subscriber.request(1);
            subscriber.cancel();
        });

        probe.loop.runTasks();

        assertThat(probe.written()).isEmpty();
    }

    @Test
    void blockThatArrivesWhileTheCancellationIsOnItsWayIsReleased() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(1);
        probe.loop.elsewhere(subscriber::cancel);

        probe.receive(block(1));
        probe.loop.runTasks();

        assertThat(subscriber.getReceivedOnNext()).isEmpty();
    }

    @Test
    void failureThatArrivesWhileTheCancellationIsOnItsWayIsNotTold() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(1);
        probe.loop.elsewhere(subscriber::cancel);

        probe.receiveChoke();
        probe.loop.runTasks();

        assertThat(subscriber.isTerminated()).isFalse();
    }

    // ---- the end ----

    @Test
    void endFailsTheRequest() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(1);

        probe.context.end(null);

        assertThat(failure(subscriber)).isEqualTo(RequestException.Reason.CLOSED);
    }

    @Test
    void demandAfterTheEndFailsWithTheEndAndNotWithTheChoke() {
        probe.unchoke();
        TestSubscriber<Block> subscriber = request(0);
        probe.context.end(null);
        assertThat(subscriber.isTerminated()).isFalse();

        subscriber.request(1);

        assertThat(failure(subscriber)).isEqualTo(RequestException.Reason.CLOSED);
    }

    @Test
    void requestAfterTheEndFails() {
        probe.context.end(null);

        assertThat(failure(request(1))).isEqualTo(RequestException.Reason.CLOSED);
    }

    @Test
    void writeThatFailsFailsTheRequest() {
        probe.unchoke();
        probe.failWrites();

        assertThat(failure(request(1))).isEqualTo(RequestException.Reason.CLOSED);
    }
}
