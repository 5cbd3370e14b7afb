/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.ManualLoop;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An engine over a socket in memory that has an output of its own, and the decoder's side of the messages. */
final class EngineProbe implements ReadGate.Reading {
    static final LocalPeer SELF = LocalPeer.of(InfoHash.of(new byte[20]), PeerId.parse("-PW0100-abcdefghijkl"));
    static final TorrentShape SHAPE = TorrentShape.of(10 * 200L, 200);

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    final WireContext context = new WireContext(new ManualLoop(), clock);
    final Socket channel;
    final Engine engine;
    final WireParts parts;
    final Wire wire;
    private final KnownTorrent torrent;
    private boolean paused;
    private int closes;
    private boolean failing;

    EngineProbe(LocalPeer local, Features features) {
        this(local, features, options -> options);
    }

    EngineProbe(LocalPeer local, Features features, UnaryOperator<WireOptions.Builder> change) {
        this(local, features, change, false);
    }

    private EngineProbe(LocalPeer local, Features features, UnaryOperator<WireOptions.Builder> change, boolean duplex) {
        WireOptions options =
                change.apply(WireOptions.builder().scheduler(clock)).build();
        channel = duplex ? new DuplexSocket() : new Socket();
        channel.pipeline().addFirst(new FailingWrites());
        torrent = new KnownTorrent(options.limits().maxPieces());
        Handshake remote = new Handshake(features, local.infoHash(), PeerId.parse("-PW0100-mnopqrstuvwx"));
        engine = new Engine(
                context,
                channel,
                options,
                torrent,
                new FrameLimits(options.limits(), torrent),
                this,
                () -> closes++,
                local.withFeatures(features),
                remote);
        parts = engine.parts();
        wire = new OpenWire(engine, remote, true, null);
    }

    /** Returns an open wire that knows its torrent, whose first messages have been read. */
    static EngineProbe open(Features features, UnaryOperator<WireOptions.Builder> options) {
        EngineProbe probe = new EngineProbe(SELF.withShape(SHAPE), features, options);
        probe.start();
        probe.written();
        return probe;
    }

    static EngineProbe open(Features features) {
        return open(features, options -> options);
    }

    /** Returns an open wire whose socket can shut down its output alone. */
    static EngineProbe openDuplex() {
        EngineProbe probe = new EngineProbe(SELF, Features.NONE, options -> options, true);
        probe.start();
        return probe;
    }

    void start() {
        engine.start(wire, false);
    }

    /** Copies each write, so that no buffer outlives a test. */
    static class Socket extends EmbeddedChannel {
        final ByteBuf written = Unpooled.buffer();
        boolean held;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!held) {
                super.doWrite(in);
            }
        }

        @Override
        protected void handleOutboundMessage(Object message) {
            written.writeBytes((ByteBuf) message);
            ReferenceCountUtil.release(message);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("20.0.0.1", 6881);
        }
    }

    /** A socket that can shut down its output alone. */
    private static final class DuplexSocket extends Socket implements DuplexChannel {
        private boolean shutDown;

        @Override
        public boolean isInputShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdownInput() {
            return newSucceededFuture();
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            return promise.setSuccess();
        }

        @Override
        public boolean isOutputShutdown() {
            return shutDown;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            shutDown = true;
            return newSucceededFuture();
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            shutDown = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdown() {
            return newSucceededFuture();
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            return promise.setSuccess();
        }
    }

    private final class FailingWrites extends ChannelDuplexHandler {
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
            engine.onConnectionEnd(false, cause);
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    boolean isPaused() {
        return paused;
    }

    int closes() {
        return closes;
    }

    void failWrites() {
        failing = true;
    }

    boolean isOutputShutDown() {
        return ((DuplexChannel) channel).isOutputShutdown();
    }

    void clog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    }

    /** Leaves everything that is flushed from now on in the socket's buffer. */
    void hold() {
        channel.held = true;
    }

    void unclog() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        engine.outbound().drain();
    }

    void advance(Duration time) {
        clock.advanceTimeBy(time);
    }

    /** Receives messages as one read. A violation ends the wire. */
    void receive(Message... messages) {
        engine.outbound().batch(() -> {
            try {
                for (Message message : messages) {
                    engine.messages().onMessage(message);
                }
            } catch (WireException e) {
                context.end(e);
            }
        });
    }

    /** Returns the messages that have been written and not been returned before. */
    List<Message> written() {
        List<Message> messages = new ArrayList<>();
        Message message;
        while ((message = MessageCodec.decode(channel.written)) != null) {
            messages.add(message);
        }
        return messages;
    }

    static ExtendedHandshake handshake(Message message) {
        ByteBuf payload = ((Message.Extended) message).payload();
        return ExtendedHandshake.of(
                Bencode.decode(payload, BencodeLimits.DEFAULT).value());
    }

    static Message.Extended extended(UnaryOperator<ExtendedHandshake.Builder> keys) {
        ExtendedHandshake handshake = keys.apply(ExtendedHandshake.builder()).build();
        return new Message.Extended(
                0, Unpooled.wrappedBuffer(handshake.dictionary().encoded()));
    }

    static BlockRequest block(int piece) {
        return new BlockRequest(piece, 0, 100);
    }

    static Message.Piece piece(int piece) {
        return new Message.Piece(piece, 0, Unpooled.buffer().writeZero(100));
    }
}
