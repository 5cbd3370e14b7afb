/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A queue over a socket in memory. Records the messages and the flushes; fails writes and stops taking data on request.
 */
final class OutboundProbe {
    static final int SPARE = 100;

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final ManualLoop loop = new ManualLoop();
    final WireContext context = new WireContext(loop, clock);
    final EmbeddedChannel channel;
    final OutboundQueue queue;
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    private final ByteBuf bytes = Unpooled.buffer();
    private int flushes;
    private @Nullable Runnable onWrite;
    private @Nullable IOException failure;

    OutboundProbe() {
        channel = new EmbeddedChannel(new Wiretap());
        channel.config().setAllocator(alloc);
        queue = new OutboundQueue(context, channel, SPARE);
        context.closeWith(cause -> {
            queue.close();
            channel.close();
        });
    }

    private final class Wiretap extends ChannelDuplexHandler {
        @Override
        public void write(ChannelHandlerContext handler, Object message, ChannelPromise promise) {
            Runnable task = onWrite;
            onWrite = null;
            if (task != null) {
                task.run();
            }
            if (failure != null) {
                ReferenceCountUtil.release(message);
                promise.setFailure(failure);
            } else {
                handler.write(message, promise);
            }
        }

        @Override
        public void flush(ChannelHandlerContext handler) {
            flushes++;
            handler.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext handler) {
            context.end(null);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
            context.end(new ConnectionException(ConnectionException.Reason.FAILED, "the connection failed", cause));
        }
    }

    Outbox outbox(int limit) {
        return new Outbox(context, new Negotiation(Features.NONE), queue, limit);
    }

    /** Runs a task at the next write. */
    void onWrite(Runnable task) {
        onWrite = task;
    }

    /** Fails every write from now on. */
    void failWrites() {
        failure = new IOException("broken pipe");
    }

    /** Takes no more data. */
    void clog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    /** Takes data again, and tells the queue as the handler of a wire does. */
    void unclog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        queue.drain();
    }

    int flushes() {
        return flushes;
    }

    /** Returns the messages that have been flushed and not been returned before. */
    List<Message> written() {
        ByteBuf next;
        while ((next = channel.readOutbound()) != null) {
            bytes.writeBytes(next);
            next.release();
        }
        List<Message> messages = new ArrayList<>();
        Message message;
        while ((message = MessageCodec.decode(bytes)) != null) {
            messages.add(message);
        }
        return messages;
    }

    /** Ends the wire, and checks that no buffer is left. */
    void endWithoutLeak() {
        context.end(null);
        channel.releaseOutbound();
        assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory())
                .as("bytes not released")
                .isZero();
    }

    /** Returns a message with a buffer that is counted. */
    Message.Piece piece(int piece, int length) {
        return new Message.Piece(piece, 0, alloc.buffer(length).writeZero(length));
    }

    static Message.Have have(int piece) {
        return new Message.Have(piece);
    }

    static List<Message> haves(int... pieces) {
        List<Message> all = new ArrayList<>();
        for (int piece : pieces) {
            all.add(have(piece));
        }
        return all;
    }
}
