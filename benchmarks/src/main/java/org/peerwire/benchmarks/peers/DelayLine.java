/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A relay on loopback that hands on each read after a delay, both ways: a long line of any bandwidth. It needs neither
 * root nor a kernel with {@code netem}.
 */
final class DelayLine {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final InetSocketAddress target;
    private final long delayNanos;
    private final InetSocketAddress address;

    DelayLine(InetSocketAddress target, long roundTripMillis) {
        this.target = target;
        this.delayNanos = TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2;
        this.address = (InetSocketAddress) new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        connect(accepted);
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel()
                .localAddress();
    }

    InetSocketAddress address() {
        return address;
    }

    private void connect(Channel accepted) {
        ChannelFuture dialled = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(target);
        dialled.addListener(done -> {
            Channel other = dialled.channel();
            accepted.pipeline().addLast(new Relay(other));
            other.pipeline().addLast(new Relay(accepted));
            accepted.config().setAutoRead(true);
            other.config().setAutoRead(true);
        });
    }

    private final class Relay extends ChannelInboundHandlerAdapter {
        private final Channel to;

        Relay(Channel to) {
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object bytes) {
            loop.next().schedule(() -> to.writeAndFlush(bytes), delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void channelInactive(ChannelHandlerContext from) {
            loop.next().schedule(() -> to.close(), delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            from.close();
        }
    }
}
