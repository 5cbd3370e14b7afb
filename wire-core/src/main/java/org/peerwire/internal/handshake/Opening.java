/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Admission;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.HandshakeStart;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.internal.engine.Engine;
import org.peerwire.internal.engine.OpenWire;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.internal.inbound.ReadSizes;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Life;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.Feature;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;

/**
 * The opening of one wire: encryption and both handshakes within one deadline. Lives until the wire is open or the
 * connection has ended. Decoding is paused during the admission. A peer may wait for our handshake before it sends its
 * peer id.
 *
 * <pre>
 * dialled    our handshake, theirs                                        open
 * accepted   the start of theirs, the admission, ours, their peer id      open
 * </pre>
 */
public final class Opening {
    private final Connection connection;
    private final Channel channel;
    private final WireOptions options;
    private final EncryptionSetup setup;
    private final @Nullable PeerId expected;
    private final boolean encrypted;
    private final @Nullable Admission admission;
    private final MonoSink<Wire> sink;

    private final WireContext context;
    private final KnownTorrent torrent;
    private final FrameLimits frames;
    private final PeerWireDecoder decoder;
    private final EncryptionLayer encryption;
    private final WireReader reader;

    @EventLoopOnly
    private Disposable deadline = Disposables.disposed();

    @EventLoopOnly
    private final Disposable.Swap admitting = Disposables.swap();

    /** Our identity; of an accepted connection, the answer of the admission. */
    @EventLoopOnly
    private @Nullable LocalPeer self;

    @EventLoopOnly
    private boolean emitted;

    private Opening(
            Connection connection,
            WireOptions options,
            EncryptionSetup setup,
            boolean encrypted,
            @Nullable LocalPeer self,
            @Nullable PeerId expected,
            @Nullable Admission admission,
            MonoSink<Wire> sink) {
        this.connection = connection;
        this.channel = connection.channel();
        this.options = options;
        this.setup = setup;
        this.encrypted = encrypted;
        this.self = self;
        this.expected = expected;
        this.admission = admission;
        this.sink = sink;
        this.context = new WireContext(channel.eventLoop(), options.scheduler());
        this.torrent = new KnownTorrent(options.limits().maxPieces());
        this.frames = new FrameLimits(options.limits(), torrent);
        this.decoder = new PeerWireDecoder(channel.alloc(), options, frames);
        this.encryption = new EncryptionLayer(context, connection, setup, decoder);
        this.reader = new WireReader(context, connection, encryption, decoder);
    }

    /**
     * Opens a wire as the side that dialled. Sends the handshake at once.
     *
     * @param expected the only peer to accept, or null for any
     * @param encrypted true to begin with an encrypted handshake
     * @return the wire, on its event loop; nothing more is read until that {@code onNext} returns
     */
    public static Mono<Wire> initiate(
            Connection connection,
            LocalPeer self,
            @Nullable PeerId expected,
            WireOptions options,
            EncryptionSetup setup,
            boolean encrypted) {
        return open(connection, sink -> new Opening(connection, options, setup, encrypted, self, expected, null, sink)
                .start());
    }

    /** Opens a wire as the side that was dialled. Answers the handshake as the admission decides. */
    public static Mono<Wire> accept(
            Connection connection, Admission admission, WireOptions options, EncryptionSetup setup) {
        return open(connection, sink -> new Opening(connection, options, setup, false, null, null, admission, sink)
                .start());
    }

    /** Passes on every error, also one of linking, which Reactor would rethrow: the subscriber would wait forever. */
    private static Mono<Wire> open(Connection connection, Consumer<MonoSink<Wire>> start) {
        return Mono.create(sink -> {
            try {
                start.accept(sink);
            } catch (Throwable t) {
                connection.dispose();
                sink.error(t);
            }
        });
    }

    private void start() {
        sink.onCancel(() -> context.run(() -> context.end(new HandshakeException(Reason.CLOSED, "cancelled"))));
        context.run(() -> attempt(this::begin));
    }

    /** Runs a step of the opening. Each error ends it, also one that Netty would only log. */
    @EventLoopOnly
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (WireException e) {
            context.end(e);
        } catch (Throwable t) {
            onError(t);
        }
    }

    /** Ends the opening with an error of this side, for example of an extension or of linking. */
    @EventLoopOnly
    private void onError(Throwable error) {
        fail(error);
        context.end(null);
    }

    @EventLoopOnly
    private void begin() {
        context.closeWith(this::close);
        if (context.isEnded()) {
            return; // cancelled before
        }
        // not as a ChannelOption, whose name is another in Netty 4.1 than in Netty 4.2
        channel.config().setRecvByteBufAllocator(ReadSizes.upTo(options.receiveBuffer()));
        // at least 1 and 2: below a low water mark of 0 no channel ever becomes writable again
        int high = Math.max(2, options.uploadBuffer() - options.limits().maxBlockLength());
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
        deadline = context.after(options.handshakeTimeout().toMillis(), this::onDeadline);
        decoder.deliverHandshakeTo(new PeerWireDecoder.HandshakeListener() {
            @Override
            public void onStart(HandshakeStart theirs) {
                attempt(() -> Opening.this.onStart(theirs));
            }

            @Override
            public void onHandshake(Handshake theirs) {
                attempt(() -> open(Objects.requireNonNull(self), theirs));
            }
        });
        encryption.onError(this::onError);
        attempt(this::speak);
        if (!context.isEnded()) {
            reader.start(this::onError);
        }
    }

    @EventLoopOnly
    private void speak() {
        if (self == null) {
            encryption.listen();
        } else if (encrypted) {
            encryption.dial(self.infoHash(), handshake(self, self.infoHash()));
        } else {
            encryption.send(handshake(self, self.infoHash()));
        }
    }

    private static byte[] handshake(LocalPeer peer, InfoHash infoHash) {
        byte[] bytes = new byte[Handshake.LENGTH];
        new Handshake(peer.features(), infoHash, peer.peerId())
                .writeTo(Unpooled.wrappedBuffer(bytes).clear());
        return bytes;
    }

    private void onDeadline() {
        if (emitted) {
            return; // the wire was opened while this waited for the event loop
        }
        context.end(new HandshakeException(
                Reason.TIMED_OUT,
                "the handshake was not complete after " + options.handshakeTimeout() + ", the handshake timeout"));
    }

    // ---- their handshake ----

    @EventLoopOnly
    private void onStart(HandshakeStart theirs) {
        InfoHash key = encryption.torrent();
        if (admission == null) {
            checkAnswer(Objects.requireNonNull(self), theirs);
        } else if (key != null && !theirs.infoHash().equals(key)) {
            throw new HandshakeException(
                    Reason.WRONG_INFO_HASH,
                    "the handshake inside the encryption is for " + theirs.infoHash() + ", the key was for " + key);
        } else {
            admit(admission, theirs);
        }
    }

    private static void checkAnswer(LocalPeer local, HandshakeStart theirs) {
        boolean upgraded = local.features().has(Feature.V2_UPGRADE)
                && theirs.features().has(Feature.V2_UPGRADE)
                && isForV2(theirs, local);
        if (!theirs.infoHash().equals(local.infoHash()) && !upgraded) {
            throw new HandshakeException(
                    Reason.WRONG_INFO_HASH,
                    "the peer answered with " + theirs.infoHash() + ", requested was " + local.infoHash());
        }
    }

    /** Returns true if a handshake names the version 2 hash of our hybrid torrent (BEP 52). */
    private static boolean isForV2(HandshakeStart theirs, LocalPeer local) {
        InfoHash v2 = local.v2InfoHash();
        return v2 != null && theirs.infoHash().equals(v2);
    }

    private void admit(Admission decider, HandshakeStart theirs) {
        context.enter(Life.ADMITTING);
        decoder.pause();
        Mono<LocalPeer> decision;
        try {
            decision = Objects.requireNonNull(
                    decider.admit(theirs, channel.remoteAddress()), "the admission returned null");
        } catch (Throwable t) {
            decision = Mono.error(t);
        }
        admitting.update(decision.contextWrite(sink.contextView())
                .subscribe(
                        peer -> context.run(() -> onAdmitted(peer, theirs)),
                        error ->
                                context.run(() -> turnAway("the admission of " + theirs.infoHash() + " failed", error)),
                        () -> context.run(() -> turnAway(theirs.infoHash() + " was not admitted", null))));
    }

    private void onAdmitted(LocalPeer local, HandshakeStart theirs) {
        if (context.isEnded()) {
            return;
        }
        if (!theirs.infoHash().equals(local.infoHash()) && !isForV2(theirs, local)) {
            turnAway(
                    "the admission of " + theirs.infoHash() + " failed",
                    new IllegalStateException(
                            "the admission must answer with " + theirs.infoHash() + ", was " + local.infoHash()));
            return;
        }
        self = local;
        attempt(() -> encryption.send(handshake(local, theirs.infoHash())));
        if (!context.isEnded()) {
            reader.resume();
        }
    }

    /** Ends the connection, unless the admission has answered: its completion follows its value. */
    private void turnAway(String why, @Nullable Throwable cause) {
        if (self == null) {
            context.end(new HandshakeException(Reason.NOT_ADMITTED, why, cause));
        }
    }

    // ---- open ----

    private void open(LocalPeer local, Handshake theirs) {
        if (expected != null && !theirs.peerId().equals(expected)) {
            throw new HandshakeException(
                    Reason.WRONG_PEER_ID, "the peer " + theirs.peerId() + " answered, expected was " + expected);
        }
        if (theirs.peerId().equals(local.peerId())) {
            throw new HandshakeException(
                    Reason.SELF, "the peer has our own peer id, so this is a connection to ourselves");
        }
        deadline.dispose();
        Wire wire = start(local, theirs);
        if (!emitted) {
            emitted = true;
            if (context.isEnded()) {
                sink.error(context.closedException());
            } else {
                sink.success(wire);
            }
        }
        reader.joinBatch();
    }

    private Wire start(LocalPeer local, Handshake theirs) {
        Engine engine = new Engine(context, channel, options, torrent, frames, reader, reader::close, local, theirs);
        Wire wire = new OpenWire(engine, theirs, admission == null, encryption.method());
        connection.addHandlerLast(WritabilityHandler.NAME, new WritabilityHandler(engine.outbound()));
        reader.deliverTo(engine);
        engine.start(wire, setup.policy().prefersEncryption());
        return wire;
    }

    /** Closes an opening that has failed. The context calls it once, unless the engine has taken over. */
    @EventLoopOnly
    private void close(@Nullable WireException cause) {
        deadline.dispose();
        admitting.dispose();
        encryption.close();
        reader.close();
        fail(cause == null ? context.closedException() : cause);
    }

    private void fail(Throwable cause) {
        if (!emitted) {
            emitted = true;
            sink.error(cause);
        }
    }
}
