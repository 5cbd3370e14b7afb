/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.PayloadMode;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests that a flood to a fast and a slow subscriber loses nothing and needs little memory. */
class FloodLoadTest {
    private static final int QUEUE = 256;
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;
    private static final int READ = 256 * 1024;

    static Stream<Boolean> transports() {
        return Epoll.isAvailable() ? Stream.of(false, true) : Stream.of(false);
    }

    /** Checks the order of the messages, and samples the queue from time to time on the event loop. */
    private static final class Counter extends BaseSubscriber<Message> {
        private final long demand;
        private final Wire wire;
        private final AtomicLong seen = new AtomicLong();
        private final AtomicLong mostWaiting = new AtomicLong();
        private volatile boolean inOrder = true;

        Counter(Wire wire, long demand) {
            this.wire = wire;
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (demand > 0) {
                request(demand);
            }
        }

        @Override
        protected void hookOnNext(Message message) {
            long number = number(message);
            if (number < 0) {
                return;
            }
            long before = seen.getAndIncrement();
            inOrder &= number == before;
            if (before % 512 == 0) {
                mostWaiting.accumulateAndGet(wire.stats().messagesIn() - before - 1, Math::max);
            }
        }

        private static long number(Message message) {
            if (message instanceof Message.Cancel cancel) {
                return cancel.block().offset();
            }
            return message instanceof Message.Piece piece ? piece.piece() : -1;
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aMillionMessagesReachTheSlowAndTheFastInOrder(boolean epoll) {
        int count = 1_000_000;
        AtomicLong sent = new AtomicLong();
        try (Loopback ends = Loopback.open(epoll, options -> options, wire -> {}, wire -> {})) {
            Wire wire = ends.dialler;
            Loopback.await("the extended handshake", () -> wire.stats().messagesIn() == 1);
            Counter fast = new Counter(wire, Long.MAX_VALUE);
            Counter slow = new Counter(wire, 0);
            wire.inbound().subscribe(fast);
            wire.inbound().subscribe(slow);
            wire.outbound().send(new Message.KeepAlive()).block(Loopback.SOON);
            ends.listener
                    .outbound()
                    .send(Flux.range(0, count)
                            .map(i -> new Message.Cancel(new BlockRequest(0, i, 1)))
                            .doOnNext(message -> sent.incrementAndGet()))
                    .subscribe();

            Loopback.await("a full queue", () -> !ends.isReading());
            assertThat(Loopback.settled(sent::get)).isLessThan(count);
            assertThat(fast.seen).hasValue(QUEUE);
            assertThat(wire.stats().messagesIn()).isEqualTo(1 + QUEUE);
            assertThat(ends.held()).as("bytes of buffers").isLessThanOrEqualTo(2L * READ);

            long mostHeld = 0;
            while (slow.seen.get() < count) {
                long before = slow.seen.get();
                slow.request(1_000);
                Loopback.awaitBusily("progress of the slow", () -> slow.seen.get() >= Math.min(count, before + 1_000));
                mostHeld = Math.max(mostHeld, ends.held());
            }

            assertThat(fast.seen).hasValue(count);
            assertThat(fast.inOrder && slow.inOrder).as("in order").isTrue();
            assertThat(slow.mostWaiting.get()).isLessThanOrEqualTo(QUEUE + 1);
            assertThat(mostHeld).as("bytes of buffers").isLessThanOrEqualTo(3L * READ);
            Loopback.await("reading again", ends::isReading);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void blocksWaitForTheSlowUpToAMebibyte(boolean epoll) {
        int count = 8_000;
        try (Loopback ends = Loopback.open(
                epoll, options -> options.payloadMode(PayloadMode.COPY), wire -> {}, FloodLoadTest::seed)) {
            Wire wire = ends.dialler;
            wire.states().filter(state -> !state.peerChoking()).next().block(Loopback.SOON);
            Counter slow = new Counter(wire, 0);
            wire.inbound().subscribe(slow);
            AtomicLong downloaded = new AtomicLong();
            wire.blocks()
                    .download(
                            Flux.range(0, count).map(i -> new BlockRequest(i, 0, BLOCK)),
                            RequestWindow.fixed(200),
                            (request, failure) -> Mono.error(failure))
                    .subscribe(block -> downloaded.incrementAndGet());

            Loopback.await("a full queue", () -> !ends.isReading());
            assertThat(Loopback.settled(downloaded::get)).isEqualTo((1 << 20) / BLOCK);
            assertThat(ends.held()).as("bytes of buffers").isLessThanOrEqualTo(2L * READ);

            long mostHeld = 0;
            while (slow.seen.get() < count) {
                long before = slow.seen.get();
                slow.request(100);
                Loopback.awaitBusily("progress of the slow", () -> slow.seen.get() >= Math.min(count, before + 100));
                mostHeld = Math.max(mostHeld, ends.held());
            }

            assertThat(downloaded).hasValue(count);
            assertThat(slow.inOrder).as("in order").isTrue();
            assertThat(wire.stats().payloadIn()).isEqualTo((long) count * BLOCK);
            assertThat(mostHeld).as("bytes of buffers").isLessThanOrEqualTo(3L * READ);
            Loopback.await("reading again", ends::isReading);
        }
    }

    private static void seed(Wire wire) {
        ByteBuf zeros = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[BLOCK]));
        wire.outbound()
                .send(new Message.Unchoke())
                .then(wire.blocks().serve(request -> Mono.fromSupplier(zeros::duplicate)))
                .subscribe();
    }
}
