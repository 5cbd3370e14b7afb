/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

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
import org.peerwire.ConnectionException;
import org.peerwire.WireException;
import org.peerwire.message.Buffered;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.core.publisher.MonoSink;

/**
 * Two lanes to the socket: control messages first in, first out; then uploads, as long as the socket takes data. Written
 * on the event loop, flushed once for each drain.
 */
@EventLoopOnly
final class OutboundQueue {

    /** Who decides about messages and hears of them; all on the event loop but {@code requireNegotiated}. */
    interface Gate {
        /** Throws for a message the peer has not negotiated. Any thread. */
        void requireNegotiated(Message message);

        /** Whether to write it: false leaves it out. */
        boolean beforeWrite(Message message, boolean byHand);

        /** Called when it has been written, before what is queued behind it. */
        void afterWrite(Message message, boolean byHand);

        /** The next upload that is ready, or null. */
        Message.@Nullable Piece nextUpload();

        /** A message of so many bytes has been written. */
        void written(long bytes);

        /** What has been written is on its way to the socket. */
        void flushed();

        /** As much has been written as the socket takes. */
        void drained();
    }

    private static final int BATCH_LENGTH = 512;

    private final Channel channel;
    private final Gate gate;
    private final int spare;
    private volatile boolean terminated;
    private @Nullable WireException failure;

    private final ArrayDeque<Outgoing> control = new ArrayDeque<>();
    private List<PublisherSend> sources = List.of();
    private int answers;

    private int batches;
    private boolean draining;
    private boolean drainAgain;

    private @Nullable ByteBuf batch;
    private List<Runnable> batchDone = new ArrayList<>();
    private List<MonoSink<?>> batchSinks = new ArrayList<>();
    private boolean unflushed;

    /**
     * @param spare bytes that may be written on top of the channel's high water mark, so that the last block over it fits
     */
    OutboundQueue(Channel channel, Gate gate, int spare) {
        this.channel = channel;
        this.gate = gate;
        this.spare = spare;
    }

    /** Queues a message of the engine's own, which no limit refuses. */
    void add(Message message) {
        enqueue(new Outgoing(message, null, null, null, Outgoing.Origin.ENGINE));
    }

    /** Queues a message that the peer has caused: many of them waiting stop us from reading more. */
    void answer(Message message) {
        answers++;
        enqueue(new Outgoing(message, null, null, null, Outgoing.Origin.PEER));
    }

    /** Runs when all that is queued now has been given to the socket. */
    void whenFlushed(Runnable task) {
        enqueue(new Outgoing(null, null, task, null, Outgoing.Origin.ENGINE));
    }

    boolean enqueue(Outgoing outgoing) {
        if (terminated) {
            refuse(outgoing);
            return false;
        }
        control.add(outgoing);
        drain();
        return true;
    }

    /** Whether no control message waits to be written. */
    boolean isEmpty() {
        return control.isEmpty();
    }

    /** How many messages the peer has caused that wait to be written. */
    int answers() {
        return answers;
    }

    /** Throws for a message the peer has not negotiated. */
    void requireNegotiated(Message message) {
        gate.requireNegotiated(message);
    }

    /** Whether everything is refused from now on. Any thread. */
    boolean isTerminated() {
        return terminated;
    }

    /** Runs a task and then writes what it has queued, with one flush. */
    void batch(Runnable task) {
        batches++;
        try {
            task.run();
        } finally {
            if (--batches == 0) {
                drain();
            }
        }
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** How many bytes more may be held for the socket, those it has not taken yet among them. */
    long room() {
        return channel.bytesBeforeUnwritable() + spare;
    }

    /** Writes what the socket takes. */
    void drain() {
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
        gate.drained();
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
        } while (drainAgain && !terminated);
    }

    private void writeControl() {
        while (channel.isWritable() && !terminated) {
            Outgoing next = control.poll();
            if (next == null) {
                break;
            }
            leave(next);
            write(next);
        }
    }

    private void writeUploads() {
        while (channel.isWritable() && !terminated) {
            Message.Piece piece = gate.nextUpload();
            if (piece == null) {
                break;
            }
            writeMessage(piece, false);
        }
    }

    private void write(Outgoing next) {
        Message message = next.message();
        if (message != null) {
            if (gate.beforeWrite(message, next.byHand())) {
                writeMessage(message, next.byHand());
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

    private void writeMessage(Message message, boolean byHand) {
        ByteBuf head = batch;
        if (head == null) {
            head = batch = channel.alloc().ioBuffer(BATCH_LENGTH);
        }
        int before = head.readableBytes();
        MessageCodec.encodeHead(message, head);
        int bytes = head.readableBytes() - before;
        if (message instanceof Buffered buffered) {
            bytes += buffered.content().readableBytes();
            writeBatch();
            channel.write(buffered.content(), channel.voidPromise());
        } else if (head.readableBytes() >= BATCH_LENGTH) {
            writeBatch();
        }
        unflushed = true;
        gate.written(bytes);
        gate.afterWrite(message, byHand);
    }

    private void writeBatch() {
        if (batch != null) {
            ByteBuf full = batch;
            batch = null;
            channel.write(full, channel.voidPromise());
        }
    }

    private void flush() {
        writeBatch();
        if (!batchSinks.isEmpty() || !batchDone.isEmpty()) {
            List<MonoSink<?>> sinks = batchSinks;
            List<Runnable> tasks = batchDone;
            batchSinks = new ArrayList<>();
            batchDone = new ArrayList<>();
            ChannelFuture last = channel.write(Unpooled.EMPTY_BUFFER);
            unflushed = true;
            last.addListener((ChannelFutureListener) future -> {
                for (MonoSink<?> sink : sinks) {
                    if (future.isSuccess()) {
                        sink.success();
                    } else {
                        sink.error(closed());
                    }
                }
                tasks.forEach(Runnable::run);
            });
        }
        if (unflushed) {
            unflushed = false;
            channel.flush();
            gate.flushed();
        }
    }

    void add(PublisherSend source) {
        if (terminated) {
            source.fail(closed());
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

    void onLoop(Runnable task) {
        Loops.run(channel.eventLoop(), task);
    }

    /** Refuses everything, from now on too. */
    void terminate(@Nullable WireException cause) {
        failure = cause;
        terminated = true;
        if (batch != null) {
            batch.release();
            batch = null;
        }
        batchSinks.forEach(sink -> sink.error(closed()));
        batchSinks.clear();
        batchDone.clear();
        Outgoing next;
        while ((next = control.poll()) != null) {
            refuse(next);
        }
        List<PublisherSend> last = sources;
        sources = List.of();
        last.forEach(source -> source.fail(closed()));
    }

    private void refuse(Outgoing outgoing) {
        leave(outgoing);
        if (outgoing.message() != null) {
            ReferenceCountUtil.release(outgoing.message());
        }
        outgoing.fail(closed());
    }

    private void leave(Outgoing outgoing) {
        outgoing.left();
        if (outgoing.origin() == Outgoing.Origin.PEER) {
            answers--;
        }
    }

    private ConnectionException closed() {
        return closed(failure);
    }

    static ConnectionException closed(@Nullable WireException cause) {
        String why = cause == null ? "" : ": " + cause.getMessage();
        return new ConnectionException(ConnectionException.Reason.CLOSED, "the wire has ended" + why, cause);
    }
}
