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
    /** The way through a network, or null: then the line has a bandwidth of its own. */
    private final @Nullable Route route;

    private final int window;
    private final Runnable arriving = this::arriveWhatIsDue;
    private final ArrayDeque<Parcel> travelling = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();
    private Fault fault = Fault.none();
    private long delay;
    private long bandwidth = Long.MAX_VALUE;
    private long free = Long.MIN_VALUE;
    private long latest = Long.MIN_VALUE;
    private long unread;
    private boolean full;
    private boolean scheduled;
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
        this(clock, arrival, null, WINDOW);
    }

    /**
     * Creates a line through a network.
     *
     * @param window the bytes that it holds: sent, and not read
     */
    Line(Scheduler clock, Runnable arrival, @Nullable Route route, int window) {
        this.clock = clock;
        this.arrival = arrival;
        this.route = route;
        this.window = window;
    }

    /** The way of the bytes of a line through a network. */
    interface Route {
        /** Takes bytes and their ownership, or null: the end of the stream. Passes each on to {@link #depart}. */
        void enter(@Nullable ByteBuf bytes);

        /** Releases the bytes that have not departed, and takes no others. */
        void cut();
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
            if (route != null) {
                route.enter(null);
                return this;
            }
            dispatch(null, clock.now(TimeUnit.NANOSECONDS) + delay);
            arrival.run();
        }
        return this;
    }

    // ---- for the two ends ----

    boolean hasRoom() {
        return unread < window;
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
            full |= !hasRoom();
            unread -= next.readableBytes();
        }
        return next;
    }

    /**
     * Calls the sender back after a read that has made room. Through a network it is called when half of the window is
     * free, and one delay later, as by an acknowledgement.
     */
    void makeRoom(Runnable sender) {
        if (full && (route == null ? hasRoom() : unread <= window / 2)) {
            full = false;
            if (route == null) {
                sender.run();
            } else {
                clock.schedule(sender, delay, TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Returns true if the receiver has read the end of the stream. */
    boolean isAtEnd() {
        return arrivedAll && !held && arrived.isEmpty();
    }

    /** Discards all bytes in flight, and all bytes that are sent later. */
    void cut() {
        sentAll = true;
        if (route != null) {
            route.cut();
        }
        arrived.forEach(ReferenceCountUtil::release);
        travelling.forEach(parcel -> ReferenceCountUtil.release(parcel.bytes()));
        arrived.clear();
        travelling.clear();
        unread = 0;
    }

    /** Begins the delay of bytes that have left the route. */
    void depart(@Nullable ByteBuf bytes) {
        dispatch(bytes, clock.now(TimeUnit.NANOSECONDS) + delay);
    }

    private void enter(ByteBuf bytes) {
        if (route != null) {
            unread += bytes.readableBytes();
            route.enter(bytes);
            return;
        }
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
        schedule(now);
    }

    /** Has one task of the clock at a time, for the parcel that arrives next. */
    private void schedule(long now) {
        if (!scheduled && !travelling.isEmpty()) {
            scheduled = true;
            clock.schedule(arriving, travelling.element().due() - now, TimeUnit.NANOSECONDS);
        }
    }

    private void arriveWhatIsDue() {
        scheduled = false;
        long now = clock.now(TimeUnit.NANOSECONDS);
        while (!travelling.isEmpty() && travelling.element().due() <= now) {
            arrive(travelling.remove().bytes());
        }
        schedule(now);
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
