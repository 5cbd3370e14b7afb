/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

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
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.peerwire.ConnectionException;
import org.peerwire.Ignored;
import org.peerwire.InfoHash;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireOptions;
import org.peerwire.WireStats;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundPolicy;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.outbound.WriteListener;
import org.peerwire.internal.peer.Anomalies;
import org.peerwire.internal.peer.ChokeState;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.internal.peer.PeerAdvice;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The parts of this room over a socket in memory, connected and closed as the engine does it. */
final class ExchangeProbe implements OutboundPolicy, WriteListener {
    static final int LENGTH = 100;
    static final TorrentShape SHAPE = TorrentShape.of(1_000 * 200L, 200);
    static final Wire WIRE = (Wire) Proxy.newProxyInstance(
            Wire.class.getClassLoader(), new Class<?>[] {Wire.class}, (self, method, arguments) -> null);

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final ManualLoop loop = new ManualLoop();
    final WireContext context = new WireContext(loop, clock);
    final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    final EmbeddedChannel channel;
    final KnownTorrent torrent;
    final ChokeState choke = new ChokeState();
    final PeerAdvice advice;
    final OutboundQueue queue;
    final Anomalies anomalies;
    final Downloads downloads = new Downloads();
    final PendingRequests pending;
    final FastAllowance allowance;
    final UploadQueue uploads;
    final Blocks blocks;
    private boolean failing;

    ExchangeProbe(boolean fast) {
        this(fast, options -> options);
    }

    ExchangeProbe(boolean fast, UnaryOperator<WireOptions.Builder> change) {
        WireOptions options =
                change.apply(WireOptions.builder().scheduler(clock)).build();
        channel = new EmbeddedChannel(new Socket());
        channel.config().setAllocator(alloc);
        torrent = new KnownTorrent(options.limits().maxPieces());
        torrent.learn(SHAPE);
        advice = new PeerAdvice(options.limits());
        queue = new OutboundQueue(context, channel, options.limits().maxBlockLength());
        anomalies = new Anomalies(context, options.limits());
        pending = new PendingRequests(
                context, anomalies, fast, options.requestTimeout().toMillis(), queue, downloads::onPlaceFreed);
        allowance =
                new FastAllowance(torrent, queue, InfoHash.of(new byte[20]), InetAddress.getLoopbackAddress(), options);
        uploads = new UploadQueue(context, anomalies, queue, allowance, fast, options.limits());
        blocks = new Blocks(context, options, choke, advice, pending, downloads, uploads, queue);
        queue.start(this, uploads);
        context.closeWith(cause -> {
            queue.close();
            pending.close();
            uploads.close();
            choke.close();
            channel.close();
            downloads.close();
        });
        context.open(WIRE);
    }

    private final class Socket extends ChannelDuplexHandler {
        @Override
        public void write(ChannelHandlerContext handler, Object message, ChannelPromise promise) {
            if (failing) {
                ReferenceCountUtil.release(message);
                promise.setFailure(new IOException("broken pipe"));
            } else {
                handler.write(message, promise);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
            context.end(new ConnectionException(ConnectionException.Reason.FAILED, "the connection failed", cause));
        }
    }

    @Override
    public boolean beforeWrite(Message message, boolean byUser) {
        return !(message instanceof Message.Request request) || pending.beforeWrite(request.block());
    }

    @Override
    public void onWritten(Message message, boolean byUser, int contentLength) {
        if (message instanceof Message.AllowedFast allowed) {
            allowance.allow(allowed.piece());
        }
    }

    @Override
    public void onDrained() {}

    void failWrites() {
        failing = true;
    }

    void clog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    void unclog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        queue.drain();
    }

    void advance(long millis) {
        clock.advanceTimeBy(Duration.ofMillis(millis));
    }

    /** Returns the messages that have been written and not been returned before. */
    List<Message> written() {
        ByteBuf bytes = Unpooled.buffer();
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

    /** Returns a counted buffer of the length of a block. */
    ByteBuf data(int length) {
        return alloc.buffer(Math.max(1, length)).writeZero(length);
    }

    /** Receives a block, and gives up its own share of it as a wire does. */
    void receive(BlockRequest block) {
        Message.Piece piece = new Message.Piece(block.piece(), block.offset(), data(block.length()));
        try {
            pending.onPiece(piece);
        } finally {
            piece.release();
        }
    }

    void receiveReject(BlockRequest block) {
        pending.onReject(block);
    }

    void unchoke() {
        choke.peerChoking(false);
        downloads.onPermissionsChanged();
    }

    void receiveChoke() {
        choke.peerChoking(true);
        pending.onChoke();
    }

    WireStats stats() {
        return context.counters().snapshot();
    }

    long ignored(Ignored kind) {
        return stats().ignored(kind);
    }

    void endWithoutLeak() {
        context.end(null);
        channel.releaseOutbound();
        assertThat(alloc.metric().usedHeapMemory() + alloc.metric().usedDirectMemory())
                .as("bytes not released")
                .isZero();
        assertThat(stats().requestsOutstanding()).isZero();
        assertThat(stats().uploadsQueued()).isZero();
        assertThat(stats().uploadBytesHeld()).isZero();
    }

    static BlockRequest block(int piece) {
        return new BlockRequest(piece, 0, LENGTH);
    }

    static List<Message> requests(int... pieces) {
        List<Message> all = new ArrayList<>();
        for (int piece : pieces) {
            all.add(new Message.Request(block(piece)));
        }
        return all;
    }

    static List<Message> cancels(int... pieces) {
        List<Message> all = new ArrayList<>();
        for (int piece : pieces) {
            all.add(new Message.Cancel(block(piece)));
        }
        return all;
    }

    static List<Message> rejects(int... pieces) {
        List<Message> all = new ArrayList<>();
        for (int piece : pieces) {
            all.add(new Message.RejectRequest(block(piece)));
        }
        return all;
    }
}
