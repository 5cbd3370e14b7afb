/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.Admission;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;

/** Turns a connection into a wire: encryption and both handshakes under one deadline, then the engine. */
public final class Handshaker extends BaseSubscriber<Object> implements PeerWireDecoder.Listener, Encryption.Owner {
    private static final String WRITABILITY_HANDLER = "peerwire.writability";

    private final Connection connection;
    private final Channel channel;
    private final WireOptions options;
    private final @Nullable LocalPeer self;
    private final @Nullable PeerId expected;
    private final @Nullable Admission admission;
    private final MonoSink<Wire> sink;
    private final KnownTorrent torrent;
    private final FrameLimits limits;
    private final PeerWireDecoder decoder;
    private final Encryption encryption;
    private final boolean encrypted;
    private final Disposable.Swap deadline = Disposables.swap();
    private final Disposable.Swap admitting = Disposables.swap();

    @EventLoopOnly
    private @Nullable Engine engine;

    @EventLoopOnly
    private boolean done;

    @EventLoopOnly
    private long bytesRead;

    @EventLoopOnly
    private long bytesWritten;

    private Handshaker(
            Connection connection,
            WireOptions options,
            EncryptionSetup encryption,
            boolean encrypted,
            @Nullable LocalPeer self,
            @Nullable PeerId expected,
            @Nullable Admission admission,
            MonoSink<Wire> sink) {
        this.connection = connection;
        this.channel = connection.channel();
        this.options = options;
        this.self = self;
        this.expected = expected;
        this.admission = admission;
        this.sink = sink;
        this.torrent = new KnownTorrent(options.limits().maxPieces());
        this.limits = new FrameLimits(options.limits(), torrent);
        this.decoder = new PeerWireDecoder(channel.alloc(), options, limits, this);
        this.encryption = new Encryption(connection, encryption, this);
        this.encrypted = encrypted;
    }

    /** Speaks first, as the one who dialled, with or without encryption; if a peer is expected, then to no other. */
    public static Mono<Wire> initiate(
            Connection connection,
            LocalPeer self,
            @Nullable PeerId expected,
            WireOptions options,
            EncryptionSetup encryption,
            boolean encrypted) {
        return Mono.create(
                sink -> new Handshaker(connection, options, encryption, encrypted, self, expected, null, sink).start());
    }

    /** Listens first, and answers as the admission says. */
    public static Mono<Wire> accept(
            Connection connection, Admission admission, WireOptions options, EncryptionSetup encryption) {
        return Mono.create(
                sink -> new Handshaker(connection, options, encryption, false, null, null, admission, sink).start());
    }

    private void onLoop(Runnable task) {
        Loops.run(channel.eventLoop(), task);
    }

    private void start() {
        sink.onCancel(() -> onLoop(() -> fail(new HandshakeException(Reason.CLOSED, "cancelled"))));
        onLoop(this::begin);
    }

    @EventLoopOnly
    private void begin() {
        channel.config()
                .setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(options.receiveBuffer()));
        int high = Math.max(1, options.uploadBuffer() - options.limits().maxBlockLength());
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
        connection.addHandlerLast(WRITABILITY_HANDLER, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                if (engine != null && context.channel().isWritable()) {
                    engine.onWritable();
                }
                context.fireChannelWritabilityChanged();
            }
        });
        deadline.update(options.scheduler()
                .schedule(
                        () -> onLoop(this::tooLate), options.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS));
        try {
            speak();
        } catch (WireException e) {
            fail(e);
            return;
        }
        connection.inbound().receiveObject().subscribe(this);
    }

    @EventLoopOnly
    private void speak() {
        if (self == null) {
            encryption.listen();
        } else if (encrypted) {
            encryption.dial(self.infoHash(), handshake(self, self.infoHash()));
        } else {
            send(handshake(self, self.infoHash()));
        }
    }

    private static byte[] handshake(LocalPeer peer, InfoHash infoHash) {
        byte[] bytes = new byte[Handshake.LENGTH];
        new Handshake(peer.features(), infoHash, peer.peerId())
                .writeTo(Unpooled.wrappedBuffer(bytes).clear());
        return bytes;
    }

    @Override
    public void send(byte[] bytes) {
        bytesWritten += bytes.length;
        channel.writeAndFlush(channel.alloc().ioBuffer(bytes.length).writeBytes(bytes), channel.voidPromise());
    }

    @Override
    protected void hookOnNext(Object read) {
        ByteBuf in = (ByteBuf) read;
        Engine opened = engine;
        if (opened == null) {
            bytesRead += in.readableBytes();
        }
        try {
            encryption.read(in);
            if (opened != null) {
                opened.onRead(in);
            } else {
                decode(in);
                decoder.limitReadAhead(channel);
            }
        } catch (WireException e) {
            fail(e);
        }
    }

    @Override
    public void decode(ByteBuf in) {
        decoder.feed(in);
    }

    @Override
    protected void hookOnComplete() {
        end(null);
    }

    @Override
    protected void hookOnError(Throwable cause) {
        end(cause);
    }

    @EventLoopOnly
    private void end(@Nullable Throwable cause) {
        if (engine != null) {
            engine.onInboundEnd(cause);
        } else {
            fail(new HandshakeException(Reason.CLOSED, "the peer closed before its handshake was done", cause));
        }
    }

    private void tooLate() {
        fail(new HandshakeException(
                Reason.TIMED_OUT, "the handshakes were not done within " + options.handshakeTimeout()));
    }

    @Override
    public void fail(WireException cause) {
        encryption.close();
        if (!done) {
            done = true;
            deadline.dispose();
            admitting.dispose();
            decoder.close();
            connection.dispose();
            sink.error(cause);
        } else if (engine != null) {
            engine.terminate(cause);
        }
    }

    @Override
    public void onHandshake(Handshake theirs) {
        if (self != null) {
            answered(self, theirs);
        } else if (encryption.torrent() != null && !theirs.infoHash().equals(encryption.torrent())) {
            throw new HandshakeException(
                    Reason.WRONG_INFO_HASH,
                    "the key was of " + encryption.torrent() + ", the handshake inside is for " + theirs.infoHash());
        } else if (admission != null) {
            decoder.pause();
            Mono<LocalPeer> decision;
            try {
                decision = Objects.requireNonNull(
                        admission.admit(theirs, channel.remoteAddress()), "the admission returned null");
            } catch (RuntimeException e) {
                decision = Mono.error(e);
            }
            admitting.update(decision.subscribe(
                    peer -> onLoop(() -> admitted(peer, theirs)),
                    error -> onLoop(() -> turnAway("the admission of " + theirs.infoHash() + " failed", error)),
                    () -> onLoop(() -> turnAway(theirs.infoHash() + " was not admitted", null))));
        }
    }

    private void answered(LocalPeer local, Handshake theirs) {
        InfoHash v2 = local.v2InfoHash();
        boolean upgraded = v2 != null
                && local.features().has(Feature.V2_UPGRADE)
                && theirs.features().has(Feature.V2_UPGRADE)
                && theirs.infoHash().equals(v2);
        if (!theirs.infoHash().equals(local.infoHash()) && !upgraded) {
            throw new HandshakeException(
                    Reason.WRONG_INFO_HASH,
                    "asked for " + local.infoHash() + ", the peer answered with " + theirs.infoHash());
        }
        if (expected != null && !theirs.peerId().equals(expected)) {
            throw new HandshakeException(
                    Reason.WRONG_PEER_ID, "expected the peer " + expected + ", " + theirs.peerId() + " answered");
        }
        open(local, theirs, true);
    }

    private void admitted(LocalPeer local, Handshake theirs) {
        if (done) {
            return;
        }
        InfoHash v2 = local.v2InfoHash();
        if (!theirs.infoHash().equals(local.infoHash())
                && !(v2 != null && theirs.infoHash().equals(v2))) {
            turnAway("the admission answered " + theirs.infoHash() + " with " + local.infoHash(), null);
            return;
        }
        try {
            open(local, theirs, false);
        } catch (WireException e) {
            fail(e);
            return;
        }
        if (engine != null) {
            engine.resumeReading();
        }
    }

    /** An empty answer completes behind a value too; then the matter is settled. */
    private void turnAway(String why, @Nullable Throwable cause) {
        if (engine == null) {
            fail(new HandshakeException(Reason.NOT_ADMITTED, why, cause));
        }
    }

    private void open(LocalPeer local, Handshake theirs, boolean initiator) {
        if (theirs.peerId().equals(local.peerId())) {
            throw new HandshakeException(
                    Reason.SELF, "the peer has our own peer id: this is a connection to ourselves");
        }
        if (!initiator) {
            send(handshake(local, theirs.infoHash()));
            if (done) {
                return; // the write has failed, and that has ended the connection
            }
        }
        done = true;
        deadline.dispose();
        Engine opened = null;
        try {
            opened = new Engine(connection, decoder, limits, torrent, local, theirs, initiator, options, encryption);
            engine = opened; // from here on an end of the connection ends the engine
            opened.start(bytesRead, bytesWritten);
        } catch (RuntimeException e) { // an extension of the user's, whose error nobody else would hear of
            if (opened != null) {
                opened.terminate(null);
            }
            decoder.close();
            connection.dispose();
            sink.error(e);
            return;
        }
        if (opened.isTerminated()) {
            sink.error(opened.closedException());
        } else {
            sink.success(opened.wire());
        }
    }

    @Override
    public void onMessage(Message message) {
        if (engine != null) {
            engine.onMessage(message);
        }
    }
}
