/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.WireOptions;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Gives every message to every subscriber that wants it. Each has a bounded queue of its own; when one is full, reading
 * stops for all, and after the stall timeout only the slow one fails. A message nobody is waiting for is not kept.
 */
@EventLoopOnly
final class InboundHub {

    /** Told when a queue has filled, and when none is full any more. */
    interface Valve {
        void pauseReading();

        void resumeReading();
    }

    final int maxMessages;
    final int maxBytes;
    private final long stallMillis;
    private final EventLoop loop;
    private final Valve valve;
    /** Replaced, never changed: subscribers come and go while a message is being handed round. */
    private List<HubSubscription<?>> subscribers = List.of();

    /** The values of the message that is being handed round, by decoder. */
    private final Map<Function<?, ?>, Optional<Object>> decoded = new IdentityHashMap<>(0);

    private boolean terminated;
    private @Nullable Throwable error;

    InboundHub(EventLoop loop, WireOptions options, Valve valve) {
        this.loop = loop;
        this.maxMessages = options.subscriberQueue();
        this.maxBytes = options.subscriberBuffer();
        this.stallMillis = options.stallTimeout().toMillis();
        this.valve = valve;
    }

    /** The messages that pass the filter, from the subscription on. */
    Flux<Message> flux(Predicate<Message> filter) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Message> actual) {
                begin(new HubSubscription<>(InboundHub.this, actual, filter, null), actual);
            }
        };
    }

    /**
     * The contents of the messages that pass the filter, decoded once for all who bring the same decoder.
     *
     * @param decoder the content to a value; null leaves the message out
     */
    <T> Flux<T> flux(Predicate<Message> filter, Function<? super ByteBuf, ? extends @Nullable T> decoder) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                begin(new HubSubscription<>(InboundHub.this, actual, filter, decoder), actual);
            }
        };
    }

    private void begin(HubSubscription<?> subscription, CoreSubscriber<?> actual) {
        // first in the list, then told so: what the subscriber causes by being told is not missed
        subscription.onLoop(() -> add(subscription));
        actual.onSubscribe(subscription);
        subscription.onLoop(subscription::start);
    }

    /** The value of the message that is being handed round. */
    Optional<Object> decode(Buffered message, Function<? super ByteBuf, ?> decoder) {
        return decoded.computeIfAbsent(
                decoder,
                first -> Optional.ofNullable(decoder.apply(message.content().duplicate())));
    }

    EventLoop loop() {
        return loop;
    }

    /** Hands a message round; it stays the caller's. */
    void publish(Message message) {
        for (HubSubscription<?> subscriber : subscribers) {
            if (!subscriber.offer(message)) {
                fail(subscriber, " messages waiting did not take them before the connection ended");
            }
        }
        decoded.clear();
        checkFull();
    }

    private void fail(HubSubscription<?> subscriber, String why) {
        remove(subscriber);
        subscriber.terminate(new ConnectionException(
                ConnectionException.Reason.SLOW_SUBSCRIBER, "a subscriber with " + subscriber.waiting() + why));
    }

    /** Fails the subscribers that hold up reading and take nothing. */
    void tick(long now) {
        for (HubSubscription<?> subscriber : subscribers) {
            if (subscriber.hasStalled(now, stallMillis)) {
                fail(subscriber, " messages waiting took none of them for " + stallMillis + " ms");
            }
        }
    }

    /** Ends every subscriber behind what it has waiting. */
    void terminate(@Nullable Throwable cause) {
        terminated = true;
        error = cause;
        List<HubSubscription<?>> last = subscribers;
        subscribers = List.of();
        last.forEach(subscriber -> subscriber.terminate(cause));
    }

    private void add(HubSubscription<?> subscriber) {
        if (terminated) {
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

    private void checkFull() {
        if (anyFull()) {
            valve.pauseReading();
        }
    }

    /** Called when a queue has become shorter. */
    void room() {
        if (!terminated && subscribers.stream().allMatch(HubSubscription::hasRoom)) {
            valve.resumeReading();
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
