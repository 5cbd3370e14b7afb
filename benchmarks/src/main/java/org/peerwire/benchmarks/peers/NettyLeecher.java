/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A leech written only for speed. A block is a slice of its read, or is assembled once. It reads every byte. Run with
 * {@code HOST PORT INFOHASH PIECE_LENGTH PIECES TOTAL DEPTH WIRES}.
 */
public final class NettyLeecher {
    private final byte[] infoHash;
    private final int pieceLength;
    private final int pieces;
    private final long total;
    private final int depth;
    private final int wires;
    private final Pattern pattern = new Pattern();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong got = new AtomicLong();
    private final Sinks.Empty<Void> end = Sinks.empty();

    NettyLeecher(byte[] infoHash, int pieceLength, int pieces, long total, int depth, int wires) {
        this.infoHash = infoHash;
        this.pieceLength = pieceLength;
        this.pieces = pieces;
        this.total = total;
        this.depth = depth;
        this.wires = wires;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        new NettyLeecher(
                        HexFormat.of().parseHex(args[2]),
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]),
                        Long.parseLong(args[5]) / Pattern.BLOCK * Pattern.BLOCK,
                        Integer.parseInt(args[6]),
                        Integer.parseInt(args[7]))
                .run(Netty.loops(), new InetSocketAddress(args[0], Integer.parseInt(args[1])))
                .block();
        System.exit(0);
    }

    /** Downloads all blocks over all wires. */
    Mono<Void> run(EventLoopGroup loops, InetSocketAddress seed) {
        for (int i = 0; i < wires; i++) {
            Peer peer = new Peer((int) ((long) i * pieces / wires));
            new Bootstrap()
                    .group(loops)
                    .channel(Netty.client())
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            Netty.tune(channel);
                            channel.pipeline().addLast(peer);
                        }
                    })
                    .connect(seed)
                    .syncUninterruptibly();
        }
        return end.asMono();
    }

    /** Returns the number of received bytes, all of them checked. */
    long received() {
        return got.get();
    }

    private final class Peer extends ChannelInboundHandlerAdapter {
        private final byte[] head = new byte[Netty.HANDSHAKE_LENGTH];
        private int have;
        private int body;
        private boolean shaken;
        private boolean unchoked;
        private boolean inPiece;
        private @Nullable ByteBuf block;
        private int blockLength;
        private int outstanding;
        private int piece;
        private int offset;

        Peer(int firstPiece) {
            this.piece = firstPiece;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Netty.handshake(context.alloc().buffer(), infoHash));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            while (body > 0 ? readBody(context, in) : readHead(context, in)) {}
            in.release();
        }

        private boolean readBody(ChannelHandlerContext context, ByteBuf in) {
            int count = Math.min(in.readableBytes(), body);
            if (count == 0) {
                return false;
            }
            body -= count;
            if (!inPiece) {
                in.skipBytes(count);
                return true;
            }
            if (block == null && count == blockLength) {
                block = in.readRetainedSlice(count);
            } else {
                if (block == null) {
                    block = context.alloc().directBuffer(blockLength, blockLength);
                }
                block.writeBytes(in, count);
            }
            if (body == 0) {
                done(block);
                block = null;
            }
            return true;
        }

        private void done(ByteBuf data) {
            pattern.check((long) i32(5) * pieceLength + i32(9), data);
            data.release();
            outstanding--;
            if (got.addAndGet(blockLength) >= total) {
                end.tryEmitEmpty();
            }
        }

        /** Reads the missing bytes of the handshake or of the head of a message, and handles it when it is complete. */
        private boolean readHead(ChannelHandlerContext context, ByteBuf in) {
            int want = !shaken ? head.length : have < 4 || i32(0) == 0 ? 4 : have > 4 && head[4] == 7 ? 13 : 5;
            if (have < want) {
                int count = Math.min(in.readableBytes(), want - have);
                in.readBytes(head, have, count);
                have += count;
                return count > 0;
            }
            have = 0;
            if (!shaken) {
                shaken = true;
                context.writeAndFlush(context.alloc().buffer(5).writeInt(1).writeByte(2));
            } else if (want > 4) {
                body = i32(0) - (want - 4);
                inPiece = want == 13;
                blockLength = body;
                unchoked |= head[4] == 1;
            }
            return true;
        }

        private int i32(int at) {
            return (head[at] & 255) << 24
                    | (head[at + 1] & 255) << 16
                    | (head[at + 2] & 255) << 8
                    | (head[at + 3] & 255);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            int missing = unchoked ? depth - outstanding : 0;
            if (missing == 0) {
                return;
            }
            ByteBuf requests = context.alloc().directBuffer(17 * missing);
            for (; missing > 0 && asked.addAndGet(Pattern.BLOCK) <= total; missing--) {
                requests.writeInt(13)
                        .writeByte(6)
                        .writeInt(piece)
                        .writeInt(offset)
                        .writeInt(Pattern.BLOCK);
                outstanding++;
                offset = (offset + Pattern.BLOCK) % pieceLength;
                piece = offset == 0 ? (piece + 1) % pieces : piece;
            }
            context.writeAndFlush(requests, context.voidPromise());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end.tryEmitError(new IllegalStateException("the seed has closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
            end.tryEmitError(error);
        }
    }
}
