/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.Admission;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The far end of a connection to a server or client of the test. Sends and receives bytes. */
public final class RawPeer {
    public static final InetSocketAddress ADDRESS = new InetSocketAddress("198.51.100.9", 6881);
    public static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 6881);

    public final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final ByteBuf received = Unpooled.buffer();
    private final MemoryChannel end;

    @Nullable
    public Wire wire;

    @Nullable
    public Throwable failure;

    public boolean closed;

    public RawPeer(Admission admission) {
        this(clock -> serverEnd -> WireServer.create()
                .options(WireOptions.builder().scheduler(clock).build())
                .admit(admission)
                .over(serverEnd));
    }

    /** Returns the far end of a connection that this client has opened. */
    public static RawPeer dialledBy(WireClient client, LocalPeer self) {
        return new RawPeer(clock -> wireEnd ->
                client.options(WireOptions.builder().scheduler(clock).build()).over(wireEnd, self));
    }

    private RawPeer(Function<VirtualTimeScheduler, Function<Connection, Mono<Wire>>> opening) {
        end = MemoryChannel.withHandler(ADDRESS, SERVER, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf bytes = (ByteBuf) message;
                received.writeBytes(bytes);
                bytes.release();
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                closed = true;
            }
        });
        MemoryChannel serverEnd = MemoryChannel.withReactorNetty(SERVER, ADDRESS);
        MemoryChannel.connect(serverEnd, end);
        opening.apply(clock).apply(serverEnd.connection()).subscribe(opened -> wire = opened, error -> failure = error);
    }

    public RawPeer send(Handshake handshake, String hex) {
        ByteBuf bytes = Unpooled.buffer();
        handshake.writeTo(bytes);
        end.writeAndFlush(bytes.writeBytes(HexFormat.of().parseHex(hex)));
        return this;
    }

    public RawPeer send(byte[] bytes) {
        end.writeAndFlush(Unpooled.copiedBuffer(bytes));
        return this;
    }

    /** Returns all bytes from the server, as hexadecimal digits. */
    public String received() {
        return ByteBufUtil.hexDump(received);
    }

    public void close() {
        end.close();
    }
}
