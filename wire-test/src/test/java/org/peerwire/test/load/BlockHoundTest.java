/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.peerwire.message.Message;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** That the whole test run would fail when something blocked where it must not. */
class BlockHoundTest {
    private static void block() {
        try {
            if (new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void blockingOnAThreadThatMustNotIsFound() {
        Mono<Void> blocking = Mono.<Void>fromRunnable(BlockHoundTest::block).subscribeOn(Schedulers.parallel());

        assertThatThrownBy(() -> blocking.block(Loopback.SOON)).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    @Test
    void blockingOnTheEventLoopOfAWireIsFound() {
        try (Loopback ends = Loopback.open(false, options -> options, wire -> {}, wire -> {})) {
            Mono<Message> blocking = ends.dialler.inbound().next().doOnNext(message -> block());
            Mono<Void> talking = ends.listener.outbound().send(new Message.KeepAlive());

            assertThatThrownBy(() -> Mono.when(blocking, talking).block(Loopback.SOON))
                    .hasRootCauseInstanceOf(BlockingOperationError.class);
        }
    }
}
