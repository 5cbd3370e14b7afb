/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.WireOptions;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Signals;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/**
 * Gives each message to every subscriber that wants it. Each subscriber has a bounded queue. When one queue is full,
 * reading stops for all; after the stall timeout only the slow subscriber fails. A message without a subscriber is not
 * kept.
 */
@EventLoopOnly
public final class InboundHub {

    final int maxMessages;
    final int maxBytes;
    private final long stallMillis;
    private final WireContext context;
    private final ReadGate gate;
    /** Replaced, never changed: subscribers come and go while a message is handed out. */
    private List<HubSubscription<?>> subscribers = List.of();

    /** The values of the message that is handed out now, by decoder. */
    private final IdentityHashMap<Function<?, ?>, Decoded> decoded = new IdentityHashMap<>(0);

    /** The outcome of one decoder for one message: a value, a failure, or neither if the message is left out. */
    record Decoded(@Nullable Object value, @Nullable Throwable failure) {}

    private boolean closed;
    private @Nullable Throwable error;

    /** Creates a hub without subscribers. */
    public InboundHub(WireContext context, WireOptions options, ReadGate gate) {
        this.context = context;
        this.maxMessages = options.subscriberQueue();
        this.maxBytes = options.subscriberBuffer();
        this.stallMillis = options.stallTimeout().toMillis();
        this.gate = gate;
    }

    /** Returns the messages that pass the filter, from the subscription on. */
    public Flux<Message> flux(Predicate<Message> filter) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Message> actual) {
                begin(new HubSubscription<>(context, InboundHub.this, actual, filter, null), actual);
            }
        };
    }

    /**
     * Returns the contents of the messages that pass the filter, decoded once for all subscribers with the same
     * decoder.
     *
     * @param decoder the content to a value; null leaves the message out
     */
    public <T> Flux<T> flux(Predicate<Message> filter, Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                begin(new HubSubscription<>(context, InboundHub.this, actual, filter, decoder), actual);
            }
        };
    }

    /** Adds the subscription before it tells the subscriber, so that messages caused by onSubscribe are not missed. */
    private void begin(HubSubscription<?> subscription, CoreSubscriber<?> actual) {
        context.run(() -> add(subscription));
        actual.onSubscribe(subscription);
        context.run(subscription::start);
    }

    /** Decodes the message that is handed out now, unless another subscriber with the decoder has done so. */
    Decoded decode(Buffered message, Function<? super ByteBuf, ?> decoder) {
        return decoded.computeIfAbsent(decoder, first -> {
            try {
                return new Decoded(decoder.apply(message.content().duplicate()), null);
            } catch (Throwable t) {
                Exceptions.throwIfFatal(t);
                return new Decoded(null, t);
            }
        });
    }

    /** Hands out a message, which stays the caller's. */
    public void publish(Message message) {
        for (HubSubscription<?> subscriber : subscribers) {
            if (!subscriber.offer(message)) {
                fail(subscriber, " messages waiting did not take them before the connection ended");
            }
        }
        if (!decoded.isEmpty()) { // clearing costs the same when nothing was decoded, for each block
            decoded.clear();
        }
        if (anyFull()) {
            gate.pauseReading();
        }
    }

    /** Fails the subscribers that hold up reading and take nothing. */
    public void tick(long now) {
        for (HubSubscription<?> subscriber : subscribers) {
            if (subscriber.hasStalled(now, stallMillis)) {
                fail(subscriber, " messages waiting took none of them for " + stallMillis + " ms");
            }
        }
    }

    private void fail(HubSubscription<?> subscriber, String why) {
        remove(subscriber);
        subscriber.terminate(new ConnectionException(
                ConnectionException.Reason.SLOW_SUBSCRIBER, "a subscriber with " + subscriber.waiting() + why));
    }

    /** Ends every subscriber: without a cause after the messages that wait for it, with a cause at once. */
    public void close(@Nullable Throwable cause) {
        closed = true;
        error = cause;
        List<HubSubscription<?>> last = subscribers;
        subscribers = List.of();
        last.forEach(subscriber -> Signals.run(() -> subscriber.terminate(cause)));
    }

    private void add(HubSubscription<?> subscriber) {
        if (closed) {
            subscriber.terminate(error);
        } else if (!subscriber.isCancelled()) {
            List<HubSubscription<?>> more = new ArrayList<>(subscribers);
            more.add(subscriber);
            subscribers = List.copyOf(more);
        }
    }

    void remove(HubSubscription<?> subscriber) {
        List<HubSubscription<?>> fewer = new ArrayList<>(subscribers);
        fewer.remove(subscriber);
        subscribers = List.copyOf(fewer);
        room();
    }

    /** Called when a queue has become shorter. */
    void room() {
        if (!closed && subscribers.stream().allMatch(HubSubscription::hasRoom)) {
            gate.resumeReading();
        }
    }

    private boolean anyFull() {
        for (HubSubscription<?> subscriber : subscribers) {
            if (subscriber.isFull()) {
                return true;
            }
        }
        return false;
    }
}
