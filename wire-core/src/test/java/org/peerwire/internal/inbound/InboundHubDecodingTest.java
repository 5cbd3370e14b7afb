/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** One decoder for many subscribers. */
class InboundHubDecodingTest {
    private final HubProbe probe = new HubProbe();
    private final InboundHub hub = probe.hub;

    @AfterEach
    void noBufferIsHeldAfterTheEnd() {
        hub.close(new IllegalStateException("the test is over"));
        assertThat(probe.held()).isZero();
    }

    private static Function<ByteBuf, Integer> counting(AtomicInteger calls) {
        return content -> {
            calls.incrementAndGet();
            return content.readableBytes();
        };
    }

    @Test
    void messageIsDecodedOnceForAllSubscribersWithTheSameDecoder() {
        AtomicInteger calls = new AtomicInteger();
        Function<ByteBuf, Integer> decoder = counting(calls);
        TestSubscriber<Integer> first = HubProbe.subscribe(hub.flux(message -> true, decoder), Long.MAX_VALUE);
        TestSubscriber<Integer> second = HubProbe.subscribe(hub.flux(message -> true, decoder), Long.MAX_VALUE);
        TestSubscriber<Integer> other =
                HubProbe.subscribe(hub.flux(message -> true, counting(new AtomicInteger())), Long.MAX_VALUE);

        probe.publishBytes(7);
        probe.publishBytes(8);

        assertThat(calls).hasValue(2);
        assertThat(first.getReceivedOnNext()).containsExactly(7, 8);
        assertThat(second.getReceivedOnNext()).containsExactly(7, 8);
        assertThat(other.getReceivedOnNext()).containsExactly(7, 8);
    }

    @Test
    void messageWithoutAValueIsLeftOut() {
        Flux<Integer> even =
                hub.flux(message -> true, content -> content.readableBytes() % 2 == 0 ? content.readableBytes() : null);
        TestSubscriber<Integer> subscriber = HubProbe.subscribe(even, 0);

        probe.publishBytes(1);
        probe.publishBytes(2);
        probe.publishBytes(3);
        probe.publishBytes(4);
        subscriber.request(2);

        assertThat(subscriber.getReceivedOnNext()).containsExactly(2, 4);
        assertThat(probe.held()).isZero();
    }

    @Test
    void decoderThatThrowsFailsItsSubscribersAlone() {
        Function<ByteBuf, Integer> broken = content -> {
            throw new IllegalStateException("malformed");
        };
        TestSubscriber<Integer> first = HubProbe.subscribe(hub.flux(message -> true, broken), Long.MAX_VALUE);
        TestSubscriber<Integer> second = HubProbe.subscribe(hub.flux(message -> true, broken), 0);
        TestSubscriber<Message> other = probe.subscribe(Long.MAX_VALUE);

        probe.publishBytes(1);
        probe.publishBytes(2);

        assertThat(first.expectTerminalError()).hasMessage("malformed");
        assertThat(second.expectTerminalError()).hasMessage("malformed");
        assertThat(other.getReceivedOnNext()).hasSize(2);
    }
}
