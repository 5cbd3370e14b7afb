/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;

/**
 * One end of a cable in memory: what is flushed here is read there, on the calling thread. Behaves like TCP where a wire can
 * tell: a side that does not read fills a window, then the other side is not writable any more; a close is read behind the
 * data.
 */
final class MemoryChannel extends EmbeddedChannel {
    /** What the two kernels would hold for a side that does not read. */
    private static final int WINDOW = 64 * 1024;

    private final InetSocketAddress address;
    private final InetSocketAddress remoteAddress;
    private final ArrayDeque<ByteBuf> incoming = new ArrayDeque<>();
    private @Nullable MemoryChannel other;
    private long waiting;
    private boolean ended;
    private boolean delivering;
    private boolean held;

    private MemoryChannel(InetSocketAddress address, InetSocketAddress remoteAddress, ChannelHandler handler) {
        super(handler);
        this.address = address;
        this.remoteAddress = remoteAddress;
    }

    /** An end with Reactor Netty's own operations on it; {@link #connection()} is its connection. */
    static MemoryChannel withReactorNetty(InetSocketAddress address, InetSocketAddress remoteAddress) {
        return new MemoryChannel(address, remoteAddress, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                ChannelOperations.addReactiveBridge(
                        channel,
                        (connection, listener, message) -> new ChannelOperations<>(connection, listener),
                        ConnectionObserver.emptyListener());
            }
        });
    }

    /** An end whose reads go to a handler. */
    static MemoryChannel withHandler(
            InetSocketAddress address, InetSocketAddress remoteAddress, ChannelHandler handler) {
        return new MemoryChannel(address, remoteAddress, handler);
    }

    static void connect(MemoryChannel a, MemoryChannel b) {
        a.other = b;
        b.other = a;
    }

    Connection connection() {
        return Connection.from(this);
    }

    /** Keeps back what the other side sends from now on. */
    void hold() {
        held = true;
    }

    /** Hands over what has been kept back. */
    void letGo() {
        held = false;
        deliver();
    }

    /** The connection breaks: both sides see a reset, what was on its way is lost. */
    void reset() {
        MemoryChannel there = other;
        other = null;
        if (there != null) {
            there.other = null;
        }
        discard();
        pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        close();
        if (there != null) {
            there.reset();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        MemoryChannel there = other;
        while (there != null && there.waiting < WINDOW && in.current() instanceof ByteBuf bytes) {
            if (bytes.isReadable() && there.isOpen()) {
                there.incoming.add(bytes.retain());
                there.waiting += bytes.readableBytes();
            }
            in.remove();
            if (there.waiting >= WINDOW || in.current() == null) {
                there.deliver(); // which may make room for more
            }
        }
    }

    @Override
    protected void doBeginRead() {
        deliver();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        discard();
        MemoryChannel there = other;
        if (there != null) {
            there.ended = true;
            there.deliver();
        }
    }

    /** Reads while this side wants to; a call from within a read is answered by the loop of the outer one. */
    private void deliver() {
        if (delivering || address == null) {
            return;
        }
        delivering = true;
        while (isActive() && !held && config().isAutoRead() && !incoming.isEmpty()) {
            ByteBuf next = incoming.remove();
            boolean wasFull = waiting >= WINDOW;
            waiting -= next.readableBytes();
            pipeline().fireChannelRead(next);
            pipeline().fireChannelReadComplete();
            if (wasFull && waiting < WINDOW && other != null) {
                other.flush();
            }
        }
        delivering = false;
        if (ended && isActive() && !held && config().isAutoRead() && incoming.isEmpty()) {
            close();
        }
    }

    private void discard() {
        incoming.forEach(ReferenceCountUtil::release);
        incoming.clear();
        waiting = 0;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remoteAddress;
    }
}
