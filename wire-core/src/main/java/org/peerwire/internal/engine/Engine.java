/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.internal.extension.ExtensionRegistry;
import org.peerwire.internal.inbound.FrameLimits;
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.Life;
import org.peerwire.internal.loop.Signals;
import org.peerwire.internal.loop.Transport;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The life of an open wire: starts its parts, ticks them once a second, closes them in order, ends them. */
public final class Engine {
    private static final long TICK_MILLIS = 1000;
    private static final long LINGER_MILLIS = 1000;

    private final WireContext context;
    private final WireParts parts;
    private final InboundRules rules;
    private final Runnable closeConnection;
    private final Sinks.Empty<Void> closed = Sinks.unsafe().empty();

    @EventLoopOnly
    private Disposable ticker = Disposables.disposed();

    @EventLoopOnly
    private Disposable linger = Disposables.disposed();

    /** The cut of a close in order, and its time. */
    @EventLoopOnly
    private Disposable cut = Disposables.disposed();

    @EventLoopOnly
    private long cutAt = Long.MAX_VALUE;

    /**
     * Creates the engine and the parts of a wire that is not open yet.
     *
     * @param reading pauses and resumes the reading of the connection
     * @param closeConnection closes the connection and releases the bytes that have been read
     */
    public Engine(
            WireContext context,
            Channel channel,
            WireOptions options,
            KnownTorrent torrent,
            FrameLimits frames,
            ReadGate.Reading reading,
            Runnable closeConnection,
            LocalPeer local,
            Handshake remote) {
        this.context = context;
        this.closeConnection = closeConnection;
        this.parts = new WireParts(
                context,
                channel,
                options,
                torrent,
                frames,
                reading,
                local,
                local.features().and(remote.features()));
        this.rules = new InboundRules(parts);
    }

    /**
     * Opens the wire and sends our extended handshake, the first message after the handshake. The wire may have ended
     * when this returns.
     *
     * @param wire the public view of this engine
     * @param prefersEncryption true to say so in our extended handshake
     */
    @EventLoopOnly
    public void start(Wire wire, boolean prefersEncryption) {
        context.closeWith(this::close);
        context.open(wire);
        context.clock().onRead();
        context.counters().startRates(context.clock().now());
        parts.outbound.start(new OutboundRules(parts), parts.uploads);
        introduce(prefersEncryption);
        ticker = context.every(TICK_MILLIS, this::tick);
    }

    WireParts parts() {
        return parts;
    }

    /** Returns the receiver of the peer's messages. */
    public PeerWireDecoder.MessageListener messages() {
        return rules;
    }

    /** Returns the queue that holds back writing while a read is handled. */
    public OutboundQueue outbound() {
        return parts.outbound;
    }

    // ---- what we say of ourselves ----

    @EventLoopOnly
    private void introduce(boolean prefersEncryption) {
        TorrentShape known = parts.local.shape();
        if (known != null) {
            parts.torrent.learn(known);
            rules.onShape(known);
            parts.torrent.onApplied();
        }
        if (parts.features.has(Feature.EXTENSION_PROTOCOL)) {
            ExtendedHandshake ours = parts.extensions.advertise(builder -> addOurKeys(builder, prefersEncryption));
            parts.outbound.add(ExtensionRegistry.handshake(ours));
        } else {
            parts.extensions.close();
        }
    }

    private ExtendedHandshake.Builder addOurKeys(ExtendedHandshake.Builder builder, boolean prefersEncryption) {
        builder.requestQueue(parts.options.limits().maxQueuedUploads());
        if (prefersEncryption) {
            builder.prefersEncryption(true);
        }
        if (!parts.options.clientName().isEmpty()) {
            builder.client(parts.options.clientName());
        }
        if (parts.local.listenPort() > 0) {
            builder.listenPort(parts.local.listenPort());
        }
        InetAddress address = parts.peerAddress();
        return address == null ? builder : builder.yourIp(address);
    }

    /**
     * Learns the shape of the torrent, and withdraws the extensions that a private torrent forbids. Ends the wire if
     * earlier messages of the peer do not fit.
     *
     * @throws WireException that has ended the wire
     */
    @EventLoopOnly
    void learn(TorrentShape shape) {
        parts.torrent.learn(shape);
        try {
            rules.onShape(shape);
        } catch (WireException e) {
            context.end(e);
            throw e;
        }
        if (context.isEnded()) {
            return;
        }
        parts.uploads.onTorrentKnown();
        if (shape.isPrivate() && parts.features.has(Feature.EXTENSION_PROTOCOL)) {
            ExtendedHandshake withdrawal = parts.extensions.withdrawForbidden();
            if (withdrawal != null) {
                parts.outbound.add(ExtensionRegistry.handshake(withdrawal));
            }
        }
        parts.torrent.onApplied();
    }

    // ---- time ----

    @EventLoopOnly
    private void tick() {
        long active = context.clock().active();
        long now = context.clock().now();
        context.counters().tick(now);
        parts.hub.tick(now);
        parts.outbound.batch(() -> {
            parts.pending.tick(active);
            parts.downloads.tick(active);
        });
        WireOptions options = parts.options;
        if (context.clock().idle(active) >= options.idleTimeout().toMillis()) {
            context.end(new ConnectionException(
                    ConnectionException.Reason.IDLE,
                    "nothing was received for " + options.idleTimeout() + ", the idle timeout"));
        } else if (now - parts.outbound.lastFlush()
                        >= options.keepAliveInterval().toMillis()
                && parts.outbound.isEmpty()) {
            parts.outbound.add(new Message.KeepAlive());
        }
    }

    // ---- the end ----

    /**
     * Answers the requests that have arrived or refuses them, writes what is queued, then ends. A second call may only
     * shorten the first.
     *
     * @param answering true to answer the requests of the peer, false to refuse them
     * @param millis the time after which the connection is cut
     */
    @EventLoopOnly
    void closeInOrder(boolean answering, long millis) {
        boolean first = context.enter(Life.CLOSING);
        if (context.isEnded()) {
            return;
        }
        long at = context.clock().now() + millis;
        if (at < cutAt) {
            cutAt = at;
            cut.dispose();
            cut = context.after(millis, () -> context.end(null));
        }
        if (!answering) {
            parts.uploads.refuse();
        }
        if (first) {
            parts.uploads.finish(() -> parts.outbound.whenFlushed(this::endOutput));
        }
    }

    /**
     * Shuts down our output and waits for the peer to do the same. A socket that is closed with unread data is reset,
     * and a reset discards data that the peer has not read yet.
     */
    @EventLoopOnly
    private void endOutput() {
        if (context.isEnded()) {
            return;
        }
        if (parts.channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
            linger = context.after(LINGER_MILLIS, () -> context.end(null));
        } else {
            context.end(null);
        }
    }

    /**
     * Ends the wire after the end of the connection, when everything that was read has been decoded.
     *
     * @param truncated true if the last message is not complete
     * @param cause the failure of the connection, or null
     */
    @EventLoopOnly
    public void onConnectionEnd(boolean truncated, @Nullable Throwable cause) {
        if (context.isClosing()) {
            context.end(null);
        } else if (cause != null) {
            context.end(new ConnectionException(ConnectionException.Reason.FAILED, Transport.describe(cause), cause));
        } else if (truncated) {
            context.end(new ConnectionException(
                    ConnectionException.Reason.TRUNCATED, "the peer closed in the middle of a message"));
        } else {
            context.end(null);
        }
    }

    /** Closes every part, whatever the subscribers of the others do. The context calls it once. */
    @EventLoopOnly
    private void close(@Nullable WireException cause) {
        ticker.dispose();
        linger.dispose();
        cut.dispose();
        context.counters().stopRates();
        Signals.run(parts.outbound::close); // first, so that nothing more is written
        Signals.run(parts.pending::close);
        Signals.run(parts.uploads::close);
        Signals.run(parts.extensions::close);
        Signals.run(parts.torrent::close);
        Signals.run(parts.choke::close);
        Signals.run(() -> parts.hub.close(cause));
        closeConnection.run();
        if (cause == null) {
            closed.tryEmitEmpty();
        } else {
            closed.tryEmitError(cause);
        }
        parts.downloads.close(); // last, because a source may end with onClose()
    }

    /** Returns the end of the wire: completes after an orderly end, fails with the error that ended it. */
    Mono<Void> closed() {
        return closed.asMono();
    }
}
