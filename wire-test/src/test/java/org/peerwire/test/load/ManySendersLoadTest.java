/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import reactor.core.publisher.Sinks;

/** Tests that with eight fast senders each message has one outcome, and each buffer one release. */
class ManySendersLoadTest {
    private static final int THREADS = 8;
    private static final int EACH = 100_000;
    private static final int NUMBER_LENGTH = 8;

    private final AtomicLong made = new AtomicLong();
    private final AtomicLong freed = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLongArray perThread = new AtomicLongArray(THREADS);

    /** Counts its deallocation. A release too many throws at its place. */
    private final class Counted extends UnpooledHeapByteBuf {
        Counted(int thread, int number) {
            super(UnpooledByteBufAllocator.DEFAULT, NUMBER_LENGTH, NUMBER_LENGTH);
            writeInt(thread).writeInt(number);
            made.incrementAndGet();
        }

        @Override
        protected void deallocate() {
            freed.incrementAndGet();
            super.deallocate();
        }
    }

    private Message message(int thread, int number) {
        return new Message.Extended(1, new Counted(thread, number));
    }

    /** Sends odd numbers by {@code send} and even ones by {@code tryEmit}, which is retried after an overflow. */
    private void sendAll(Wire wire, int thread) {
        for (int i = 0; i < EACH; i++) {
            if (thread % 2 == 1) {
                wire.outbound()
                        .send(message(thread, i))
                        .subscribe(done -> {}, error -> refused.incrementAndGet(), accepted::incrementAndGet);
                continue;
            }
            Sinks.EmitResult result;
            while ((result = wire.outbound().tryEmit(message(thread, i))) == Sinks.EmitResult.FAIL_OVERFLOW) {
                refused.incrementAndGet();
                Thread.yield();
            }
            (result == Sinks.EmitResult.OK ? accepted : refused).incrementAndGet();
        }
    }

    private List<Thread> start(Wire wire) {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(new Thread(() -> sendAll(wire, thread), "sender-" + t));
        }
        threads.forEach(Thread::start);
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(Loopback.SOON.toMillis());
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("org.peerwire.test.load.FloodLoadTest#transports")
    void whatWasAcceptedArrivesAndEveryBufferIsReleasedOnce(boolean epoll) throws InterruptedException {
        AtomicLong arrived = new AtomicLong();
        AtomicBoolean inOrder = new AtomicBoolean(true);
        try (Loopback ends = Loopback.open(
                epoll,
                options -> options,
                wire -> wire.inbound().subscribe(message -> {
                    if (message instanceof Message.Extended extended && extended.id() == 1) {
                        ByteBuf payload = extended.payload();
                        int thread = payload.getInt(payload.readerIndex());
                        int number = payload.getInt(payload.readerIndex() + Integer.BYTES);
                        if (number < perThread.getAndSet(thread, number + 1L)) {
                            inOrder.set(false);
                        }
                        arrived.incrementAndGet();
                    }
                }),
                wire -> {})) {
            join(start(ends.listener));

            Loopback.await("an outcome for each", () -> accepted.get() + refused.get() == made.get());
            Loopback.await("the arrival of the accepted", () -> arrived.get() == accepted.get());
            Loopback.await("the release of all", () -> freed.get() == made.get());
            assertThat(inOrder).as("each thread's order").isTrue();
            assertThat(arrived.get()).isGreaterThanOrEqualTo((long) THREADS / 2 * EACH);
        }
        assertThat(freed.get()).isEqualTo(made.get());
    }

    @ParameterizedTest
    @MethodSource("org.peerwire.test.load.FloodLoadTest#transports")
    void aWireThatEndsMeanwhileLeavesNoMessageWithoutOutcome(boolean epoll) throws InterruptedException {
        try (Loopback ends = Loopback.open(epoll, options -> options, wire -> {}, wire -> {})) {
            List<Thread> threads = start(ends.listener);
            Loopback.await("a good many", () -> made.get() > EACH);
            ends.listener.dispose();
            join(threads);

            Loopback.await("an outcome for each", () -> accepted.get() + refused.get() == made.get());
            Loopback.await("the release of all", () -> freed.get() == made.get());
            assertThat(refused.get()).isPositive();
            assertThat(ends.listener.outbound().tryEmit(message(0, 0))).isEqualTo(Sinks.EmitResult.FAIL_TERMINATED);
            assertThat(freed.get()).isEqualTo(made.get());
        }
    }
}
