/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.peerwire.swarm.Piece;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that takes pieces when the test wants them. */
final class PieceTaker extends BaseSubscriber<Piece> {
    private final Semaphore arrived = new Semaphore(0);
    private int expected;

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // the test requests
    }

    @Override
    protected void hookOnNext(Piece piece) {
        piece.release();
        arrived.release();
    }

    /** Requests pieces. */
    PieceTaker take(int pieces) {
        expected = pieces;
        request(pieces);
        return this;
    }

    /** Waits for the requested pieces. */
    void await() throws InterruptedException {
        assertThat(arrived.tryAcquire(expected, 30, TimeUnit.SECONDS)).isTrue();
    }
}
