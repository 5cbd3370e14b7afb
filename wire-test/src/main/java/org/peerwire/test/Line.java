/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * One direction of a connection in memory, with a delay, a bandwidth and a {@link Fault}. By default bytes arrive at
 * once and unchanged.
 *
 * <p>Like TCP, a line keeps the order. It holds at most 64 KiB of unread bytes; then the sender waits. Every setting
 * applies to bytes that are sent later.
 */
public final class Line {
    /** The bytes that two kernels hold for a side that does not read. */
    private static final int WINDOW = 64 * 1024;
    /** The bytes that arrive together under a bandwidth: the payload of one packet. */
    private static final int PACKET = 1_448;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Scheduler clock;
    private final Runnable arrival;
    private final ArrayDeque<Parcel> travelling = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
    private Fault fault = Fault.none();
    private long delay;
    private long bandwidth = Long.MAX_VALUE;
    private long free = Long.MIN_VALUE;
    private long latest = Long.MIN_VALUE;
    private long unread;
    private boolean held;
    private boolean sentAll;
    private boolean arrivedAll;

    /** Bytes and the time of their arrival. Null is the end of the stream. */
    private record Parcel(@Nullable ByteBuf bytes, long due) {}

    /**
     * Creates a line.
     *
     * @param arrival called when bytes are available to {@link #read}, and at the end of the stream
     */
    Line(Scheduler clock, Runnable arrival) {
        this.clock = clock;
        this.arrival = arrival;
    }

    // ---- for tests ----

    /** Delays all bytes by this time of the pair's clock. Default: zero. */
    public Line delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, was " + delay);
        }
        this.delay = delay.toNanos();
        return this;
    }

    /** Limits the bytes per second of the pair's clock. Default: {@link Long#MAX_VALUE}, no limit. */
    public Line bandwidth(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, was " + bytesPerSecond);
        }
        this.bandwidth = bytesPerSecond;
        return this;
    }

    /** Sets a fault for bytes that are sent later. {@link Fault#none()} removes it. */
    public Line fault(Fault fault) {
        this.fault = fault;
        return this;
    }

    /** Holds back arriving bytes until {@link #letGo}, as if the receiver did not read. */
    public Line hold() {
        held = true;
        return this;
    }

    /** Delivers the bytes that are held back. */
    public Line letGo() {
        held = false;
        arrival.run();
        return this;
    }

    /**
     * Ends the stream, as after a half-close by the sender. The receiver reads the end after all sent bytes. The sender
     * still receives, and bytes that it sends later are lost.
     */
    public Line end() {
        if (!sentAll) {
            sentAll = true;
            dispatch(null, clock.now(TimeUnit.NANOSECONDS) + delay);
            arrival.run();
        }
        return this;
    }

    // ---- for the two ends ----

    boolean hasRoom() {
        return unread < WINDOW;
    }

    /** Returns true if bytes are in flight. */
    boolean isTravelling() {
        return !travelling.isEmpty();
    }

    /** Takes bytes and their ownership. The receiver gets them with {@link #flush} or when they arrive. */
    void send(ByteBuf bytes) {
        if (sentAll || !bytes.isReadable()) {
            bytes.release();
        } else {
            fault.travel(bytes, this::enter);
        }
    }

    /** Delivers the bytes that have arrived without a delay. */
    void flush() {
        arrival.run();
    }

    /** Returns the next arrived bytes, or null. */
    @Nullable
    ByteBuf read() {
        ByteBuf next = held ? null : arrived.poll();
        if (next != null) {
            unread -= next.readableBytes();
        }
        return next;
    }

    /** Returns true if the receiver has read the end of the stream. */
    boolean isAtEnd() {
        return arrivedAll && !held && arrived.isEmpty();
    }

    /** Discards all bytes in flight, and all bytes that are sent later. */
    void cut() {
        sentAll = true;
        arrived.forEach(ReferenceCountUtil::release);
        travelling.forEach(parcel -> ReferenceCountUtil.release(parcel.bytes()));
        arrived.clear();
        travelling.clear();
        unread = 0;
    }

    private void enter(ByteBuf bytes) {
        long now = clock.now(TimeUnit.NANOSECONDS);
        if (bandwidth == Long.MAX_VALUE) {
            unread += bytes.readableBytes();
            dispatch(bytes, now + delay);
            return;
        }
        while (bytes.isReadable()) {
            ByteBuf packet = bytes.readRetainedSlice(Math.min(PACKET, bytes.readableBytes()));
            unread += packet.readableBytes();
            free = Math.max(free, now) + packet.readableBytes() * SECOND / bandwidth;
            dispatch(packet, free + delay);
        }
        bytes.release();
    }

    /** Keeps the order also when the line has become faster. */
    private void dispatch(@Nullable ByteBuf bytes, long due) {
        long now = clock.now(TimeUnit.NANOSECONDS);
        latest = Math.max(due, latest);
        if (latest <= now && travelling.isEmpty()) {
            arrive(bytes);
            return;
        }
        travelling.add(new Parcel(bytes, latest));
        clock.schedule(this::arriveWhatIsDue, latest - now, TimeUnit.NANOSECONDS);
    }

    private void arriveWhatIsDue() {
        long now = clock.now(TimeUnit.NANOSECONDS);
        while (!travelling.isEmpty() && travelling.element().due() <= now) {
            arrive(travelling.remove().bytes());
        }
        arrival.run();
    }

    private void arrive(@Nullable ByteBuf bytes) {
        if (bytes == null) {
            arrivedAll = true;
        } else {
            arrived.add(bytes);
        }
    }
}
