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

    /** The bytes that are read of a datagram: one more than a packet has, so that a longer one is recognized. */
    private static final int MAX_READ = KrpcReader.MAX_PACKET + 1;

    /** The number of datagrams that one system call reads, where the system can. */
    private static final int READ_AT_ONCE = 16;

    /** An option of epoll, by name: other transports do not have it, and need not have epoll on the module path. */
    private static final ChannelOption<Integer> MAX_DATAGRAM = ChannelOption.valueOf("MAX_DATAGRAM_PAYLOAD_SIZE");

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
                        .channelFactory(() -> readingSeveral(resources.onChannel(DatagramChannel.class, group)))
                        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                        .handler(new Inbound(Family.of(local), receiver))
                        .bind(local)
                        .addListener(bound -> opened((ChannelFuture) bound, local, sink)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** Lets a channel read several datagrams at once if it can. */
    private static Channel readingSeveral(Channel channel) {
        boolean several = channel.config().setOption(MAX_DATAGRAM, MAX_READ);
        int bytes = several ? READ_AT_ONCE * MAX_READ : MAX_READ;
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(bytes));
        return channel;
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

    /** Sends the datagrams of one turn of the loop together. */
    private static final class UdpSocket implements Socket {
        private final Channel channel;
        private final InetSocketAddress local;

        /** True while a flush is to come. Confined to the loop. */
        private boolean flushing;

        UdpSocket(Channel channel, InetSocketAddress local) {
            this.channel = channel;
            this.local = local;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public void send(byte[] packet, InetSocketAddress to) {
            if (channel.eventLoop().inEventLoop()) {
                write(packet, to);
            } else if (channel.isWritable()) {
                channel.writeAndFlush(datagram(packet, to), channel.voidPromise());
            }
        }

        private void write(byte[] packet, InetSocketAddress to) {
            if (!channel.isWritable()) {
                channel.flush();
            }
            if (channel.isWritable()) {
                channel.write(datagram(packet, to), channel.voidPromise());
                flushSoon();
            }
        }

        private void flushSoon() {
            if (!flushing) {
                flushing = true;
                channel.eventLoop().execute(() -> {
                    flushing = false;
                    channel.flush();
                });
            }
        }

        private static DatagramPacket datagram(byte[] packet, InetSocketAddress to) {
            return new DatagramPacket(Unpooled.wrappedBuffer(packet), to);
        }

        @Override
        public Mono<Void> close() {
            return Mono.create(sink -> channel.close().addListener(closed -> sink.success()));
        }
    }
}
