/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A seed written only for speed, without checks, state and back pressure. It flushes once per read. Run with {@code
 * PORT INFOHASH PIECE_LENGTH PIECES}.
 */
public final class NettySeeder extends ChannelInboundHandlerAdapter {
    private final Pattern pattern;
    private final byte[] infoHash;
    private final int pieceLength;
    private final int pieces;
    private boolean shaken;
    private @Nullable ByteBuf rest;

    private NettySeeder(Pattern pattern, byte[] infoHash, int pieceLength, int pieces) {
        this.pattern = pattern;
        this.infoHash = infoHash;
        this.pieceLength = pieceLength;
        this.pieces = pieces;
    }

    /** Runs the program. */
    public static void main(String[] args) throws IOException {
        start(
                Netty.loops(),
                Integer.parseInt(args[0]),
                HexFormat.of().parseHex(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]));
        Program.ready(args[1]);
        Program.obey();
    }

    static Channel start(EventLoopGroup loops, int port, byte[] infoHash, int pieceLength, int pieces) {
        Pattern pattern = new Pattern();
        return new ServerBootstrap()
                .group(loops)
                .channel(Netty.server())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Netty.tune(channel);
                        channel.pipeline().addLast(new NettySeeder(pattern, infoHash, pieceLength, pieces));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (rest != null) {
            rest.writeBytes(in);
            in.release();
            in = rest;
            rest = null;
        }
        while (parse(context, in)) {}
        if (in.isReadable()) {
            rest = context.alloc().buffer(Math.max(256, in.readableBytes() * 2)).writeBytes(in);
        }
        in.release();
    }

    private boolean parse(ChannelHandlerContext context, ByteBuf in) {
        int readable = in.readableBytes();
        if (!shaken) {
            if (readable < Netty.HANDSHAKE_LENGTH) {
                return false;
            }
            in.skipBytes(Netty.HANDSHAKE_LENGTH);
            shaken = true;
            ByteBuf greeting = Netty.handshake(context.alloc().buffer(), infoHash);
            context.writeAndFlush(Netty.fullBitfield(greeting, pieces));
            return true;
        }
        int at = in.readerIndex();
        if (readable < 4 || readable < 4 + in.getInt(at)) {
            return false;
        }
        int length = in.getInt(at);
        in.skipBytes(4 + length);
        int id = length == 0 ? -1 : in.getByte(at + 4);
        if (id == 2) {
            context.writeAndFlush(context.alloc().buffer(5).writeInt(1).writeByte(1));
        } else if (id == 6) {
            answer(context, in.getInt(at + 5), in.getInt(at + 9), in.getInt(at + 13));
        }
        return true;
    }

    private void answer(ChannelHandlerContext context, int piece, int offset, int length) {
        ByteBuf head = context.alloc().directBuffer(13);
        head.writeInt(9 + length).writeByte(7).writeInt(piece).writeInt(offset);
        context.write(head, context.voidPromise());
        context.write(pattern.slice((long) piece * pieceLength + offset, length), context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        if (!(error instanceof IOException)) { // the leech has closed the connection
            error.printStackTrace();
        }
        context.close();
    }
}
