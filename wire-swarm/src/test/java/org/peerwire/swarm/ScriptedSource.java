/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;

/** A source of the content of a {@link World}, which sends a buffer each time after a delay, and only on demand. */
final class ScriptedSource implements RangeSource {
    private final World world;
    private final String name;

    /** The ranges that were read, with those that have failed. */
    final List<Range> reads = new ArrayList<>();

    /** The virtual times of the reads in milliseconds. */
    final List<Long> times = new ArrayList<>();

    private Function<Range, @Nullable Throwable> failure = range -> null;
    private IntUnaryOperator lie = position -> 0;
    private Duration delay = Duration.ofMillis(1);
    private int chunk = 10_000;
    private int cut = Integer.MAX_VALUE;
    private int more;

    /** The buffers that were requested, and those that were sent. */
    long requested;

    long sent;
    int cancelled;
    int reading;
    int most;

    ScriptedSource(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** Fails reads before their first byte, for which the function returns a failure. */
    ScriptedSource failing(Function<Range, @Nullable Throwable> failures) {
        failure = failures;
        return this;
    }

    /** Changes bytes by their position in the torrent: the result is added. */
    ScriptedSource lying(IntUnaryOperator change) {
        lie = change;
        return this;
    }

    /** Sends buffers of some bytes, each some time after the last one. */
    ScriptedSource sending(int bytes, Duration every) {
        chunk = bytes;
        delay = every;
        return this;
    }

    /** Completes each read after some bytes. */
    ScriptedSource cut(int bytes) {
        cut = bytes;
        return this;
    }

    /** Sends more bytes than the range has. */
    ScriptedSource more(int bytes) {
        more = bytes;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Publisher<ByteBuf> read(Range range) {
        reads.add(range);
        times.add(world.now());
        Throwable error = failure.apply(range);
        if (error != null) {
            return Flux.error(error);
        }
        return subscriber -> {
            reading++;
            most = Math.max(most, reading);
            subscriber.onSubscribe(new Body(range, subscriber));
        };
    }

    private final class Body implements Subscription {
        private final Range range;
        private final Subscriber<? super ByteBuf> subscriber;
        private final int end;
        private int at;
        private long demand;
        private boolean isWaiting;
        private boolean isOver;

        Body(Range range, Subscriber<? super ByteBuf> subscriber) {
            this.range = range;
            this.subscriber = subscriber;
            this.end = Math.min(range.length() + more, cut);
        }

        @Override
        public void request(long buffers) {
            requested += buffers;
            demand += buffers;
            schedule();
        }

        private void schedule() {
            if (!isWaiting && !isOver && demand > 0) {
                isWaiting = true;
                world.net.clock().schedule(this::send, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        private void send() {
            isWaiting = false;
            if (isOver) {
                return;
            }
            int length = Math.min(chunk, end - at);
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                int position = (int) (range.file().offset() + range.offset()) + at + i;
                bytes[i] =
                        (byte) (world.content[Math.min(position, world.content.length - 1)] + lie.applyAsInt(position));
            }
            at += length;
            demand--;
            sent++;
            subscriber.onNext(Unpooled.wrappedBuffer(bytes));
            if (at == end) {
                isOver = true;
                reading--;
                subscriber.onComplete();
            }
            schedule();
        }

        @Override
        public void cancel() {
            if (!isOver) {
                isOver = true;
                reading--;
                cancelled++;
            }
        }
    }
}
