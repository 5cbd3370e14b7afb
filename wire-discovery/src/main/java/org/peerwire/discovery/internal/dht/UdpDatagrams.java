/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.netty.udp.UdpResources;

/** UDP on one event loop of Reactor Netty. Both sockets of a node share the loop. */
public final class UdpDatagrams implements Datagrams {
    /** The bytes of datagrams that wait in the system. */
    private static final int RECEIVE_BUFFER = 1024 * 1024;

    private final LoopResources resources = UdpResources.get();
    private final EventLoopGroup group = resources.onClient(LoopResources.DEFAULT_NATIVE);
    private final EventLoop loop = group.next();
    private final Scheduler scheduler = Schedulers.fromExecutorService(loop);

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public Mono<Socket> open(InetSocketAddress local, Receiver receiver) {
        // Off the loop: Java loads classes and settings from the disk for its first channel.
        return Mono.<Socket>create(sink -> new Bootstrap()
                        .group(loop)
                        .channelFactory(() -> resources.onChannel(DatagramChannel.class, group))
                        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                        .option(
                                ChannelOption.RCVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(KrpcReader.MAX_PACKET + 1))
                        .handler(new Inbound(Family.of(local), receiver))
                        .bind(local)
                        .addListener(bound -> opened((ChannelFuture) bound, local, sink)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static void opened(ChannelFuture bound, InetSocketAddress local, MonoSink<Socket> sink) {
        if (!bound.isSuccess()) {
            sink.error(bound.cause());
            return;
        }
        Channel channel = bound.channel();
        sink.onCancel(channel::close);
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        // the system shows the wildcard of IPv4 as that of IPv6
        sink.success(new UdpSocket(channel, new InetSocketAddress(local.getAddress(), port)));
    }

    /**
     * Copies the datagrams: a packet is short, and the state of the node outlives it. Ignores those of IPv4 that come to
     * a socket of IPv6, which may serve both.
     */
    private static final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Family family;
        private final Receiver receiver;

        Inbound(Family family, Receiver receiver) {
            this.family = family;
            this.receiver = receiver;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            if (Family.of(packet.sender()) == family) {
                receiver.received(ByteBufUtil.getBytes(packet.content()), packet.sender());
            }
        }

        /** Goes on: an error is that of one datagram, such as one that a host has refused. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
    }

    private record UdpSocket(Channel channel, InetSocketAddress local) implements Socket {

        @Override
        public void send(byte[] packet, InetSocketAddress to) {
            if (channel.isWritable()) {
                channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(packet), to), channel.voidPromise());
            }
        }

        @Override
        public Mono<Void> close() {
            return Mono.create(sink -> channel.close().addListener(closed -> sink.success()));
        }
    }
}
