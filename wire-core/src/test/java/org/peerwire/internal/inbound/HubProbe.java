/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.peerwire.WireOptions;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** A hub with queues of four messages and 100 bytes, whose reading is a flag. */
final class HubProbe implements ReadGate.Reading {
    static final int QUEUE = 4;
    static final int BYTES = 100;
    static final long STALL_MILLIS = 10_000;

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final ManualLoop loop = new ManualLoop();
    final WireContext context = new WireContext(loop, clock);
    final InboundHub hub = new InboundHub(
            context,
            WireOptions.builder()
                    .subscriberQueue(QUEUE)
                    .subscriberBuffer(BYTES)
                    .stallTimeout(Duration.ofMillis(STALL_MILLIS))
                    .build(),
            new ReadGate(context, this));
    private final List<Message.Unknown> published = new ArrayList<>();
    private boolean paused;

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    boolean isPaused() {
        return paused;
    }

    /** Lets time pass, with a tick each second as on a wire. */
    void advance(long millis) {
        for (long passed = 0; passed < millis; passed += 1_000) {
            clock.advanceTimeBy(Duration.ofMillis(Math.min(1_000, millis - passed)));
            hub.tick(context.clock().now());
        }
    }

    TestSubscriber<Message> subscribe(long demand) {
        return subscribe(hub.flux(message -> true), demand);
    }

    static <T> TestSubscriber<T> subscribe(Flux<T> flux, long demand) {
        TestSubscriber<T> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        flux.subscribe(subscriber);
        return subscriber;
    }

    /** Subscribes without bounds with a reaction to each message. */
    TestSubscriber<Message> subscribe(Consumer<Message> reaction) {
        return subscribe(hub.flux(message -> true).doOnNext(reaction), Long.MAX_VALUE);
    }

    void publish(int... pieces) {
        for (int piece : pieces) {
            hub.publish(new Message.Have(piece));
        }
    }

    /** Publishes a message with a buffer, and gives up its own share of it as a wire does. */
    Message.Unknown publishBytes(int length) {
        ByteBuf bytes = Unpooled.buffer(length, length).writeZero(length);
        Message.Unknown message = new Message.Unknown(77, bytes);
        published.add(message);
        hub.publish(message);
        message.release();
        return message;
    }

    /** Returns the number of published buffers that are still held. */
    long held() {
        return published.stream().filter(message -> message.refCnt() > 0).count();
    }

    static List<Message> haves(int... pieces) {
        List<Message> all = new ArrayList<>();
        for (int piece : pieces) {
            all.add(new Message.Have(piece));
        }
        return all;
    }
}
