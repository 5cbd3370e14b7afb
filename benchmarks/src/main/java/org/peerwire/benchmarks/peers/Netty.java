/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.charset.StandardCharsets;

/** The common part of the two hand-written peers: transport, tuning and handshake. It uses nothing of the library. */
final class Netty {
    static final int HANDSHAKE_LENGTH = 68;

    private static final int RECEIVE_BUFFER = 256 * 1024;

    private Netty() {}

    static EventLoopGroup loops() {
        IoHandlerFactory transport = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(Integer.getInteger("loops", 1), transport);
    }

    static Class<? extends ServerChannel> server() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    static Class<? extends Channel> client() {
        return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    static void tune(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVE_BUFFER));
    }

    static ByteBuf handshake(ByteBuf to, byte[] infoHash) {
        to.writeByte(19).writeCharSequence("BitTorrent protocol", StandardCharsets.US_ASCII);
        to.writeLong(0).writeBytes(infoHash).writeCharSequence("-HW0001-000000000000", StandardCharsets.US_ASCII);
        return to;
    }

    static ByteBuf fullBitfield(ByteBuf to, int pieces) {
        int length = (pieces + 7) / 8;
        to.writeInt(1 + length).writeByte(5);
        for (int i = 0; i < length; i++) {
            int spare = Math.max(0, (i + 1) * 8 - pieces);
            to.writeByte(0xff << spare);
        }
        return to;
    }
}
