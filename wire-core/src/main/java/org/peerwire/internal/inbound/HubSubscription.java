/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * One subscriber of the hub and the messages that wait for it. Requests and cancels on any thread, emits on the event
 * loop.
 */
final class HubSubscription<T> implements Subscription {
    /** About the number of the shortest messages that fit into the read-ahead and one receive buffer. */
    private static final int LAST_MESSAGES = 64 * 1024;

    private final WireContext context;
    private final InboundHub hub;
    private final CoreSubscriber<? super T> actual;
    private final Predicate<Message> filter;
    private final @Nullable Function<? super ByteBuf, ? extends @Nullable T> decoder;
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;

    @EventLoopOnly
    private final ArrayDeque<Message> queue = new ArrayDeque<>();

    /** The values of the queued messages, with a decoder only. */
    @EventLoopOnly
    private final ArrayDeque<T> values = new ArrayDeque<>(0);

    @EventLoopOnly
    private long bytes;

    @EventLoopOnly
    private boolean wasFull;

    @EventLoopOnly
    private long taken;

    @EventLoopOnly
    private long takenThen;

    @EventLoopOnly
    private long stalledSince = -1;

    @EventLoopOnly
    private boolean started;

    @EventLoopOnly
    private boolean emitting;

    @EventLoopOnly
    private boolean terminated;

    @EventLoopOnly
    private @Nullable Throwable error;

    /**
     * Creates a subscription that does not emit before {@link #start}.
     *
     * @param decoder null to emit the messages themselves; T is Message then
     */
    HubSubscription(
            WireContext context,
            InboundHub hub,
            CoreSubscriber<? super T> actual,
            Predicate<Message> filter,
            @Nullable Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        this.context = context;
        this.hub = hub;
        this.actual = actual;
        this.filter = filter;
        this.decoder = decoder;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            context.run(() -> {
                hub.remove(this);
                terminated = false; // also after the end, while messages wait
                terminate(new IllegalArgumentException("demand must be at least 1, was " + n));
            });
            return;
        }
        requested.accumulateAndGet(n, Operators::addCap);
        context.run(this::drain);
    }

    @Override
    public void cancel() {
        cancelled = true;
        context.run(() -> {
            hub.remove(this);
            clear();
        });
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Begins to emit, once the subscriber has its subscription. */
    @EventLoopOnly
    void start() {
        started = true;
        drain();
    }

    @EventLoopOnly
    int waiting() {
        return queue.size();
    }

    @EventLoopOnly
    boolean isFull() {
        return !cancelled && (queue.size() >= hub.maxMessages || bytes >= hub.maxBytes);
    }

    /** Returns true unless the queue has been full and less than half of it has been taken since. */
    @EventLoopOnly
    boolean hasRoom() {
        return !wasFull || cancelled || (queue.size() <= hub.maxMessages / 2 && bytes <= hub.maxBytes / 2);
    }

    /**
     * Returns true if it has held up reading for {@code millis} without taking a message. A slow subscriber that takes
     * some does not stall.
     */
    @EventLoopOnly
    boolean hasStalled(long now, long millis) {
        if (hasRoom()) {
            stalledSince = -1;
        } else if (stalledSince == -1 || taken != takenThen) {
            stalledSince = now;
            takenThen = taken;
        }
        return stalledSince != -1 && now - stalledSince >= millis;
    }

    /**
     * Queues a message, if it wants it.
     *
     * @return false if far more than the limit waits already: after the end of a connection everything that has been
     *     read is handed out, also during a pause
     */
    @EventLoopOnly
    boolean offer(Message message) {
        if (cancelled || error != null || !filter.test(message)) {
            return true;
        }
        if (queue.size() >= hub.maxMessages + LAST_MESSAGES || bytes >= 2L * hub.maxBytes) {
            return false;
        }
        if (decoder != null && !decode((Buffered) message, decoder)) {
            return true;
        }
        if (message instanceof Buffered buffered) {
            buffered.retain();
        }
        queue.add(message);
        bytes += size(message);
        wasFull |= isFull();
        drain();
        return true;
    }

    /** Queues the value of a message. Returns false if it has none. */
    @SuppressWarnings("unchecked") // the hub keeps the values of a decoder under the decoder
    private boolean decode(Buffered message, Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        InboundHub.Decoded decoded = hub.decode(message, decoder);
        if (decoded.failure() != null) {
            hub.remove(this);
            terminate(decoded.failure());
        } else if (decoded.value() != null) {
            values.add((T) decoded.value());
        }
        return decoded.value() != null;
    }

    @EventLoopOnly
    void terminate(@Nullable Throwable cause) {
        if (!terminated) {
            terminated = true;
            error = cause;
            if (cause != null) {
                clear();
            }
            drain();
        }
    }

    @EventLoopOnly
    private void drain() {
        if (emitting || !started) {
            return; // the loop of the outer call sees the change
        }
        emitting = true;
        try {
            while (!cancelled) {
                if (queue.isEmpty()) {
                    if (terminated) {
                        complete();
                    }
                    break;
                }
                if (requested.get() == 0) {
                    break;
                }
                emit(queue.remove());
            }
        } finally {
            emitting = false;
        }
        if (wasFull && hasRoom()) {
            wasFull = false;
            hub.room();
        }
    }

    private void emit(Message message) {
        bytes -= size(message);
        taken++;
        if (requested.get() != Long.MAX_VALUE) {
            requested.decrementAndGet();
        }
        try {
            actual.onNext(value(message));
        } catch (Throwable t) {
            Exceptions.throwIfFatal(t);
            hub.remove(this);
            terminate(t);
        } finally {
            release(message);
        }
    }

    @SuppressWarnings("unchecked") // without a decoder T is Message
    private T value(Message message) {
        return decoder == null ? (T) message : values.remove();
    }

    private void complete() {
        cancelled = true;
        if (error != null) {
            actual.onError(error);
        } else {
            actual.onComplete();
        }
    }

    private void clear() {
        queue.forEach(HubSubscription::release);
        queue.clear();
        values.clear();
        bytes = 0;
    }

    private static void release(Message message) {
        if (message instanceof Buffered buffered) {
            buffered.release();
        }
    }

    private static int size(Message message) {
        if (message instanceof Message.Bitfield bitfield) {
            return bitfield.pieces().byteLength();
        }
        return message instanceof Buffered buffered ? buffered.content().capacity() : 0;
    }
}
