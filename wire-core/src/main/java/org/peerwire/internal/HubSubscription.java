/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/** One subscriber of the hub and what waits for it. Requested and cancelled from anywhere, served on the event loop. */
final class HubSubscription<T> implements Subscription {
    /** The shortest messages that fit into what is read ahead during a pause. */
    private static final int LAST_MESSAGES = 64 * 1024;

    private final InboundHub hub;
    private final CoreSubscriber<? super T> actual;
    private final Predicate<Message> filter;
    private final @Nullable Function<? super ByteBuf, ? extends @Nullable T> decoder;
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;

    @EventLoopOnly
    private final ArrayDeque<Message> queue = new ArrayDeque<>();

    /** The values of what is queued, if there is a decoder. */
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
     * @param decoder null to emit the messages themselves, which are then of type {@code T}
     */
    HubSubscription(
            InboundHub hub,
            CoreSubscriber<? super T> actual,
            Predicate<Message> filter,
            @Nullable Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        this.hub = hub;
        this.actual = actual;
        this.filter = filter;
        this.decoder = decoder;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            onLoop(() -> {
                hub.remove(this);
                terminated = false; // also when it has ended and something still waits
                terminate(new IllegalArgumentException("demand must be more than zero, not " + n));
            });
            return;
        }
        requested.accumulateAndGet(n, Operators::addCap);
        onLoop(this::drain);
    }

    @Override
    public void cancel() {
        cancelled = true;
        onLoop(() -> {
            hub.remove(this);
            clear();
        });
    }

    boolean isCancelled() {
        return cancelled;
    }

    void onLoop(Runnable task) {
        Loops.run(hub.loop(), task);
    }

    /** The subscriber has its subscription, so signals may follow. */
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

    /** Whether at least half of a queue that was full has been taken. */
    @EventLoopOnly
    boolean hasRoom() {
        return !wasFull || cancelled || (queue.size() <= hub.maxMessages / 2 && bytes <= hub.maxBytes / 2);
    }

    /** Whether it has held up reading for so long without taking anything; one that takes little only slows the peer. */
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
     * Queues a message. Returns false if far more than the limit waits, which happens only when the connection has ended
     * during a pause, because then all that has been read is handed out at once.
     */
    @EventLoopOnly
    boolean offer(Message message) {
        if (cancelled || !filter.test(message)) {
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

    /** Queues the value of a message; false if it has none. */
    @SuppressWarnings("unchecked") // the hub keeps a decoder's values under the decoder
    private boolean decode(Buffered message, Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        try {
            Optional<Object> value = hub.decode(message, decoder);
            value.ifPresent(present -> values.add((T) present));
            return value.isPresent();
        } catch (Throwable t) {
            Exceptions.throwIfFatal(t);
            hub.remove(this);
            terminate(t);
            return false;
        }
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
            return; // the loop below sees what has changed
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
