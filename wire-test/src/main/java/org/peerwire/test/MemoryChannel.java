/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.channel.ChannelOperations;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One end of a connection in memory. The other end reads flushed bytes on the calling thread.
 *
 * <p>A wire sees the behaviour of TCP: a side that does not read fills its {@link Line}, then the other side is not
 * writable. A close is read after the data.
 */
final class MemoryChannel extends EmbeddedChannel {
    private final InetSocketAddress address;
    private final InetSocketAddress remoteAddress;
    private @Nullable MemoryChannel other;
    private @Nullable Line in;
    private @Nullable Line out;
    private boolean delivering;
    private final Runnable writesOn = this::otherWritesOn;

    private MemoryChannel(InetSocketAddress address, InetSocketAddress remoteAddress, ChannelHandler handler) {
        super(handler);
        this.address = address;
        this.remoteAddress = remoteAddress;
    }

    /** Creates an end with Reactor Netty's operations. {@link #connection()} is its connection. */
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

    /** Creates an end that passes its reads to a handler. */
    static MemoryChannel withHandler(
            InetSocketAddress address, InetSocketAddress remoteAddress, ChannelHandler handler) {
        return new MemoryChannel(address, remoteAddress, handler);
    }

    /** Connects two ends by lines without delay. */
    static void connect(MemoryChannel a, MemoryChannel b) {
        connect(a, b, VirtualTimeScheduler.create());
    }

    static void connect(MemoryChannel a, MemoryChannel b, VirtualTimeScheduler clock) {
        connect(a, b, new Line(clock, a::deliver), new Line(clock, b::deliver));
    }

    /** Connects two ends by lines that call {@link #deliver} of the end that they lead to. */
    static void connect(MemoryChannel a, MemoryChannel b, Line toA, Line toB) {
        a.other = b;
        b.other = a;
        a.in = b.out = toA;
        b.in = a.out = toB;
    }

    Connection connection() {
        return Connection.from(this);
    }

    /** Returns the line to this end. */
    Line in() {
        return Objects.requireNonNull(in, "not connected");
    }

    /** Returns the line from this end. */
    Line out() {
        return Objects.requireNonNull(out, "not connected");
    }

    /** Breaks the connection: both sides see a reset, and bytes in flight are lost. */
    void reset() {
        MemoryChannel there = other;
        if (there == null) {
            return;
        }
        other = null;
        there.other = null;
        in().cut();
        out().cut();
        fail();
        there.fail();
    }

    private void fail() {
        pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        close();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer written) {
        Line line = out();
        while (other != null && line.hasRoom() && written.current() instanceof ByteBuf bytes) {
            line.send(bytes.retain());
            written.remove();
            if (!line.hasRoom() || written.current() == null) {
                line.flush(); // may make room for more bytes
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
        in().cut();
        out().end();
    }

    /** Delivers bytes while this side reads. A nested call returns, and the outer loop continues. */
    void deliver() {
        Line line = in;
        if (delivering || line == null) { // the constructor of the superclass already reads
            return;
        }
        delivering = true;
        while (isReading()) {
            ByteBuf next = line.read();
            if (next == null) {
                break;
            }
            pipeline().fireChannelRead(next);
            pipeline().fireChannelReadComplete();
            line.makeRoom(writesOn);
        }
        delivering = false;
        if (isReading() && line.isAtEnd()) {
            close();
        }
    }

    private void otherWritesOn() {
        if (other != null) {
            other.flush();
        }
    }

    private boolean isReading() {
        return isActive() && config().isAutoRead();
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
