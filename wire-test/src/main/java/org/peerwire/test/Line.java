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
 * One way of a connection in memory: how long bytes travel, how many at a time, and what goes wrong with them. Unless told
 * otherwise they arrive at once and unharmed. Like TCP it keeps the order, and holds 64 KiB that have not been read; then
 * the sender has to wait. What is set holds for what is sent from then on.
 */
public final class Line {
    /** What the two kernels would hold for a side that does not read. */
    private static final int WINDOW = 64 * 1024;
    /** What arrives together when there is a bandwidth: what fits into a packet. */
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

    /** Bytes and when they arrive; null is the end of the stream. */
    private record Parcel(@Nullable ByteBuf bytes, long due) {}

    /**
     * A line.
     *
     * @param arrival called when there is something to {@link #read} or the end has come
     */
    Line(Scheduler clock, Runnable arrival) {
        this.clock = clock;
        this.arrival = arrival;
    }

    // ---- for tests ----

    /** Everything arrives so much later, on the pair's clock. */
    public Line delay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("nothing arrives before it is sent: " + delay);
        }
        this.delay = delay.toNanos();
        return this;
    }

    /** No more than so many bytes arrive in a second of the pair's clock; {@link Long#MAX_VALUE} is no limit. */
    public Line bandwidth(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a line takes at least a byte a second, not " + bytesPerSecond);
        }
        this.bandwidth = bytesPerSecond;
        return this;
    }

    /** Something goes wrong with what is sent; {@link Fault#none()} mends the line. */
    public Line fault(Fault fault) {
        this.fault = fault;
        return this;
    }

    /** Keeps back what arrives until {@link #letGo}, as if the receiver did not read. */
    public Line hold() {
        held = true;
        return this;
    }

    /** Hands over what has been kept back. */
    public Line letGo() {
        held = false;
        arrival.run();
        return this;
    }

    /**
     * The sender sends nothing more but goes on listening, as after a half-close: the receiver reads the end of the stream
     * behind what has been sent, and what the sender sends after it is lost.
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

    /** Whether something will arrive when time passes. */
    boolean isTravelling() {
        return !travelling.isEmpty();
    }

    /** Takes bytes and their ownership; the receiver hears of them by {@link #flush} or when they arrive later. */
    void send(ByteBuf bytes) {
        if (sentAll || !bytes.isReadable()) {
            bytes.release();
        } else {
            fault.travel(bytes, this::enter);
        }
    }

    /** Tells the receiver of what has arrived at once. */
    void flush() {
        arrival.run();
    }

    /** The next bytes that have arrived, or null. */
    @Nullable
    ByteBuf read() {
        ByteBuf next = held ? null : arrived.poll();
        if (next != null) {
            unread -= next.readableBytes();
        }
        return next;
    }

    /** Whether the receiver has read all there will ever be. */
    boolean isAtEnd() {
        return arrivedAll && !held && arrived.isEmpty();
    }

    /** Loses what is on its way and what will be sent. */
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

    /** Nothing overtakes what has been sent before, also when the line has become faster in between. */
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
