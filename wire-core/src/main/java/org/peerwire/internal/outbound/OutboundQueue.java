/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Signals;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.publisher.MonoSink;

/**
 * A queue of two lanes to the socket: control messages first in, first out; then uploads, as long as the socket takes
 * data. Writes on the event loop and flushes once for each drain.
 */
@EventLoopOnly
public final class OutboundQueue {
    private static final int BATCH_LENGTH = 512;

    private final WireContext context;
    private final Channel channel;
    private final int spare;

    private final ArrayDeque<Outgoing> control = new ArrayDeque<>();
    private List<PublisherSend> sources = List.of();
    private OutboundPolicy policy = (message, byUser) -> true;
    private UploadSource uploads = () -> null;
    private @Nullable WriteListener listener;
    private int answers;
    private long lastFlush;

    private int batches;
    private boolean draining;
    private boolean drainAgain;

    private @Nullable ByteBuf batch;
    private List<Runnable> batchDone = new ArrayList<>();
    private List<MonoSink<?>> batchSinks = new ArrayList<>();
    private boolean unflushed;

    /**
     * Creates an empty queue.
     *
     * @param spare bytes that may be written over the channel's high water mark, so that the last block fits
     */
    public OutboundQueue(WireContext context, Channel channel, int spare) {
        this.context = context;
        this.channel = channel;
        this.spare = spare;
    }

    /** Connects the queue to the rules of the wire and to its uploads, once, before the first message. */
    public <R extends OutboundPolicy & WriteListener> void start(R rules, UploadSource uploads) {
        this.policy = rules;
        this.listener = rules;
        this.uploads = uploads;
        lastFlush = context.clock().now();
    }

    /** Queues a message of the wire itself, which no limit refuses. */
    public void add(Message message) {
        enqueue(new Outgoing(message, null, null, null, Outgoing.Origin.WIRE));
    }

    /** Queues a message that the peer has caused. Reading pauses when many of them wait. */
    public void answer(Message message) {
        answers++;
        enqueue(new Outgoing(message, null, null, null, Outgoing.Origin.PEER));
    }

    /** Runs a task when everything that is queued now has been given to the socket. */
    public void whenFlushed(Runnable task) {
        enqueue(new Outgoing(null, null, task, null, Outgoing.Origin.WIRE));
    }

    /** Queues a message or a mark. Returns false if the wire has ended and it has been refused. */
    boolean enqueue(Outgoing outgoing) {
        if (context.isEnded()) {
            refuse(outgoing);
            return false;
        }
        control.add(outgoing);
        drain();
        return true;
    }

    /** Returns true if no control message waits to be written. */
    public boolean isEmpty() {
        return control.isEmpty();
    }

    /** Returns the number of messages that the peer has caused and that wait to be written. */
    public int answers() {
        return answers;
    }

    /** Returns when the last flush was, in the context's milliseconds. */
    public long lastFlush() {
        return lastFlush;
    }

    /** Runs a task, then writes what it has queued with one flush. */
    public void batch(Runnable task) {
        beginBatch();
        try {
            task.run();
        } finally {
            endBatch();
        }
    }

    /** Holds back writing until the matching {@link #endBatch}. */
    public void beginBatch() {
        batches++;
    }

    /** Writes what has been queued since the outermost {@link #beginBatch}. */
    public void endBatch() {
        if (--batches == 0) {
            drain();
        }
    }

    /** Returns true if the socket takes data. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Returns how many bytes more may be held for the socket. */
    public long room() {
        return channel.bytesBeforeUnwritable() + spare;
    }

    /** Writes as much as the socket takes. */
    public void drain() {
        if (batches > 0) {
            return;
        }
        if (draining) {
            drainAgain = true;
            return;
        }
        draining = true;
        try {
            drainAll();
        } finally {
            draining = false;
        }
        if (listener != null && !context.isEnded()) {
            listener.onDrained();
        }
    }

    private void drainAll() {
        do {
            drainAgain = false;
            writeControl();
            writeUploads();
            flush();
            if (channel.isWritable()) {
                sources.forEach(PublisherSend::pull);
            }
        } while (drainAgain && !context.isEnded());
    }

    private void writeControl() {
        while (channel.isWritable() && !context.isEnded()) {
            Outgoing next = control.poll();
            if (next == null) {
                break;
            }
            leave(next);
            write(next);
        }
    }

    private void writeUploads() {
        while (channel.isWritable() && !context.isEnded()) {
            Message.Piece piece = uploads.next();
            if (piece == null) {
                break;
            }
            writeMessage(piece, false);
        }
    }

    private void write(Outgoing next) {
        Message message = next.message();
        if (message != null) {
            if (policy.beforeWrite(message, next.byUser())) {
                writeMessage(message, next.byUser());
            } else {
                ReferenceCountUtil.release(message);
            }
        }
        if (next.sink() != null) {
            batchSinks.add(next.sink());
        }
        if (next.done() != null) {
            batchDone.add(next.done());
        }
    }

    private void writeMessage(Message message, boolean byUser) {
        ByteBuf head = batch;
        if (head == null) {
            head = batch = channel.alloc().ioBuffer(BATCH_LENGTH);
        }
        int before = head.readableBytes();
        MessageCodec.encodeHead(message, head);
        int headLength = head.readableBytes() - before;
        int contentLength = 0;
        unflushed = true;
        if (message instanceof Buffered buffered) {
            contentLength = buffered.content().readableBytes();
            writeBatch();
            channel.write(buffered.content(), channel.voidPromise());
        } else if (head.readableBytes() >= BATCH_LENGTH) {
            writeBatch();
        }
        if (!context.isEnded()) { // a write that fails ends the wire
            context.counters().add(Counter.BYTES_OUT, (long) headLength + contentLength);
            context.counters().add(Counter.MESSAGES_OUT, 1);
            if (listener != null) {
                listener.onWritten(message, byUser, contentLength);
            }
        }
    }

    private void writeBatch() {
        if (batch != null) {
            ByteBuf full = batch;
            batch = null;
            channel.write(full, channel.voidPromise());
        }
    }

    private void flush() {
        if (context.isEnded()) {
            close();
            return;
        }
        writeBatch();
        if (!batchSinks.isEmpty() || !batchDone.isEmpty()) {
            List<MonoSink<?>> sinks = batchSinks;
            List<Runnable> tasks = batchDone;
            batchSinks = new ArrayList<>();
            batchDone = new ArrayList<>();
            ChannelFuture last = channel.write(Unpooled.EMPTY_BUFFER);
            unflushed = true;
            last.addListener((ChannelFutureListener) future -> onFlushed(future, sinks, tasks));
        }
        if (unflushed) {
            unflushed = false;
            channel.flush();
            lastFlush = context.clock().now();
        }
    }

    private void onFlushed(ChannelFuture future, List<MonoSink<?>> sinks, List<Runnable> tasks) {
        for (MonoSink<?> sink : sinks) {
            if (future.isSuccess()) {
                sink.success();
            } else {
                sink.error(context.closedException());
            }
        }
        tasks.forEach(Runnable::run);
    }

    /** Adds a publisher that is pulled while the socket takes data. */
    void add(PublisherSend source) {
        if (context.isEnded()) {
            source.fail(context.closedException());
            return;
        }
        List<PublisherSend> more = new ArrayList<>(sources);
        more.add(source);
        sources = List.copyOf(more);
        if (channel.isWritable()) {
            source.pull();
        }
    }

    void remove(PublisherSend source) {
        List<PublisherSend> fewer = new ArrayList<>(sources);
        fewer.remove(source);
        sources = List.copyOf(fewer);
    }

    /** Refuses everything that waits, after the end of the wire. */
    public void close() {
        if (batch != null) {
            batch.release();
            batch = null;
        }
        List<MonoSink<?>> sinks = batchSinks;
        batchSinks = new ArrayList<>();
        sinks.forEach(sink -> Signals.run(() -> sink.error(context.closedException())));
        batchDone.clear();
        Outgoing next;
        while ((next = control.poll()) != null) {
            Outgoing refused = next;
            Signals.run(() -> refuse(refused));
        }
        List<PublisherSend> last = sources;
        sources = List.of();
        last.forEach(source -> Signals.run(() -> source.fail(context.closedException())));
    }

    private void refuse(Outgoing outgoing) {
        leave(outgoing);
        if (outgoing.message() != null) {
            ReferenceCountUtil.release(outgoing.message());
        }
        outgoing.fail(context.closedException());
    }

    private void leave(Outgoing outgoing) {
        outgoing.left();
        if (outgoing.origin() == Outgoing.Origin.PEER) {
            answers--;
        }
    }
}
