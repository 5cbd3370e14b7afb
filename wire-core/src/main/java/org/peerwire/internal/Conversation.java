/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.AllowedFastSet;
import org.peerwire.Features;
import org.peerwire.Features.Feature;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.WireException;
import org.peerwire.WireOptions;
import org.peerwire.WireStats.Ignored;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.Message.Type;

/**
 * What each message of the peer means: applied to the state, matched to requests, checked against the torrent, before any
 * subscriber sees it. Owns the parts that this takes.
 */
@EventLoopOnly
final class Conversation {
    private static final long PORT_MILLIS = 60_000;

    private final Engine engine;
    private final Channel channel;
    private final LocalPeer local;
    private final Features features;
    private final WireOptions options;
    private final FrameLimits limits;
    private final Tolerance tolerance;
    private final boolean fast;

    final States states = new States();
    final PeerPieces pieces;
    final PeerAdvice advice = new PeerAdvice();
    private final OutboundRules rules;
    final OutboundQueue outbound;
    final Outbox outbox;
    final Extensions extensions;
    final PendingRequests pending;
    final UploadQueue uploads;
    final Blocks blocks;

    private @Nullable TorrentShape shape;
    private boolean begun;
    private boolean announced;
    private long lastPort = -PORT_MILLIS;

    Conversation(
            Engine engine,
            Channel channel,
            LocalPeer local,
            Features features,
            WireOptions options,
            FrameLimits limits,
            Counters counters,
            InboundHub hub) {
        this.engine = engine;
        this.channel = channel;
        this.local = local;
        this.features = features;
        this.options = options;
        this.limits = limits;
        this.tolerance = new Tolerance(counters, options.maxQueuedUploads());
        this.fast = features.has(Feature.FAST);
        this.pieces = new PeerPieces(options.maxPieces());
        this.rules = new OutboundRules(engine, this, features, counters);
        this.outbound = new OutboundQueue(channel, rules);
        this.outbox = new Outbox(outbound, channel.eventLoop(), options.outboundQueue());
        this.extensions = new Extensions(local.extensions(), limits, hub, outbox);
        this.pending = new PendingRequests(
                counters, tolerance, fast, options.requestTimeout().toMillis(), outbound, this::placeFreed);
        this.uploads = new UploadQueue(
                engine,
                this,
                counters,
                tolerance,
                outbound,
                fast,
                options.maxQueuedUploads(),
                options.uploadBuffer() / 2);
        this.blocks = new Blocks(engine, this, options);
    }

    /** Our extended handshake is the first thing behind the handshake. */
    void begin() {
        TorrentShape known = local.shape();
        if (known != null) {
            fit(known);
        }
        if (features.has(Feature.EXTENSION_PROTOCOL)) {
            outbound.add(
                    Extensions.handshake(extensions.advertise(this::addOurKeys, known != null && known.isPrivate())));
        } else {
            extensions.close();
        }
    }

    private ExtendedHandshake.Builder addOurKeys(ExtendedHandshake.Builder builder) {
        builder.requestQueue(options.maxQueuedUploads());
        if (!options.clientName().isEmpty()) {
            builder.client(options.clientName());
        }
        if (local.listenPort() > 0) {
            builder.listenPort(local.listenPort());
        }
        InetAddress address = peerAddress();
        return address == null ? builder : builder.yourIp(address);
    }

    /** Learns how the torrent is cut, and withdraws what a private one forbids. */
    void learn(TorrentShape known) {
        fit(known);
        if (uploads.isServing()) {
            announceAllowedFast();
        }
        if (known.isPrivate() && features.has(Feature.EXTENSION_PROTOCOL)) {
            ExtendedHandshake withdrawal = extensions.withdrawForPrivate();
            if (withdrawal != null) {
                outbound.add(Extensions.handshake(withdrawal));
            }
        }
    }

    private void fit(TorrentShape known) {
        shape = known;
        limits.pieceCount(known.pieceCount());
        pieces.shape(known);
        advice.pieceCount(known.pieceCount());
    }

    int pieceLength(int piece) {
        TorrentShape known = shape;
        return known == null ? 0 : known.pieceLength(piece);
    }

    private @Nullable InetAddress peerAddress() {
        return channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    /** Tells an IPv4 peer which pieces it may ask for while we choke it (BEP 6). */
    void announceAllowedFast() {
        TorrentShape known = shape;
        InetAddress address = peerAddress();
        if (!announced && fast && known != null && known.pieceCount() > 0 && address != null) {
            announced = true;
            AllowedFastSet.of(address, local.infoHash(), known.pieceCount(), options.allowedFastPieces())
                    .forEach(piece -> outbound.add(new Message.AllowedFast(piece)));
        }
    }

    /** Applies a message; false when nobody else is to see it. */
    boolean onMessage(Message message) {
        Type type = message.type();
        requireNegotiated(type);
        long now = engine.activeMillis();
        boolean show =
                switch (type) {
                    case KEEP_ALIVE -> {
                        tolerance.keepAlive(now);
                        yield true;
                    }
                    case CHOKE -> {
                        states.peerChoking(true);
                        pending.onChoke(now);
                        yield true;
                    }
                    case UNCHOKE -> {
                        states.peerChoking(false);
                        blocks.permissionsChanged();
                        yield true;
                    }
                    case INTERESTED -> {
                        states.peerInterested(true);
                        yield true;
                    }
                    case NOT_INTERESTED -> {
                        states.peerInterested(false);
                        yield true;
                    }
                    case HAVE -> onHave(((Message.Have) message).piece(), now);
                    case BITFIELD, HAVE_ALL, HAVE_NONE -> onAvailability(message, now);
                    case REQUEST -> onRequest(((Message.Request) message).block(), now);
                    case PIECE -> {
                        pending.onPiece((Message.Piece) message, now);
                        yield true;
                    }
                    case CANCEL -> {
                        uploads.onCancel(((Message.Cancel) message).block(), now);
                        yield true;
                    }
                    case PORT -> onPort(((Message.Port) message).port(), now);
                    case SUGGEST_PIECE -> onSuggest(((Message.SuggestPiece) message).piece(), now);
                    case REJECT_REQUEST -> {
                        pending.onReject(((Message.RejectRequest) message).block(), now);
                        yield true;
                    }
                    case ALLOWED_FAST -> onAllowedFast(((Message.AllowedFast) message).piece(), now);
                    case EXTENDED -> onExtended((Message.Extended) message, now);
                    case HASH_REQUEST, HASHES, HASH_REJECT -> true;
                    case UNKNOWN -> {
                        tolerance.ignore(Ignored.UNKNOWN_MESSAGE, type, now);
                        yield true;
                    }
                };
        if (type != Type.KEEP_ALIVE && type != Type.EXTENDED && type != Type.PORT) {
            begun = true;
        }
        return show;
    }

    private void requireNegotiated(Type type) {
        Feature needed = needs(type);
        if (needed != null && !features.has(needed)) {
            throw new ProtocolException(
                    Reason.UNEXPECTED, type.id(), type + " from a peer that has not negotiated " + needed);
        }
    }

    /** The feature both sides must have for a message to be said, or null. */
    static @Nullable Feature needs(Type type) {
        if (type.isFast()) {
            return Feature.FAST;
        }
        if (type.isV2()) {
            return Feature.V2_UPGRADE;
        }
        return type == Type.EXTENDED ? Feature.EXTENSION_PROTOCOL : null;
    }

    private boolean onHave(int piece, long now) {
        if (!pieces.add(piece, Type.HAVE)) {
            tolerance.ignore(Ignored.REPEATED_HAVE, Type.HAVE, now);
            return false;
        }
        return true;
    }

    /** The first message by the specification; real clients repeat it, and then the later one holds. */
    private boolean onAvailability(Message message, long now) {
        if (begun) {
            tolerance.ignore(Ignored.LATE_BITFIELD, message.type(), now);
        }
        if (message instanceof Message.Bitfield bitfield) {
            pieces.bitfield(bitfield.pieces());
        } else if (message instanceof Message.HaveAll) {
            pieces.all();
        } else {
            pieces.none();
        }
        return true;
    }

    private boolean onRequest(BlockRequest request, long now) {
        TorrentShape known = shape;
        boolean valid = request.isPlausible()
                && request.length() <= options.maxBlockLength()
                && (known == null || known.contains(request));
        boolean choking = states.now().amChoking();
        if (valid && choking && rules.hasJustChoked(now)) {
            uploads.onCrossedChoke(request); // it was on its way when we choked
        } else {
            uploads.onRequest(request, choking, valid, now);
        }
        return true;
    }

    private boolean onPort(int port, long now) {
        TorrentShape known = shape;
        boolean privateTorrent = known != null && known.isPrivate();
        if (!features.has(Feature.DHT) || privateTorrent || port == 0 || now - lastPort < PORT_MILLIS) {
            tolerance.ignore(Ignored.PORT, Type.PORT, now);
            return false;
        }
        lastPort = now;
        return true;
    }

    private boolean onSuggest(int piece, long now) {
        if (!pieces.isPlausible(piece)) {
            tolerance.ignore(Ignored.INVALID_ADVICE, Type.SUGGEST_PIECE, now);
            return false;
        }
        advice.suggest(piece);
        return true;
    }

    private boolean onAllowedFast(int piece, long now) {
        if (!pieces.isPlausible(piece) || !advice.allow(piece)) {
            tolerance.ignore(Ignored.INVALID_ADVICE, Type.ALLOWED_FAST, now);
            return false;
        }
        blocks.permissionsChanged();
        return true;
    }

    private boolean onExtended(Message.Extended message, long now) {
        if (message.id() == 0) {
            if (!extensions.onHandshake(message.payload())) {
                tolerance.ignore(Ignored.EXTENDED_HANDSHAKE, Type.EXTENDED, now);
            }
            blocks.permissionsChanged();
        } else if (!extensions.isOurs(message.id())) {
            tolerance.ignore(Ignored.UNKNOWN_EXTENSION, Type.EXTENDED, now);
        } else if (extensions.isDontHave(message)) {
            int piece = message.payload().getInt(message.payload().readerIndex());
            if (pieces.remove(piece, Type.EXTENDED)) {
                pending.onDontHave(piece, now);
            }
        }
        return true;
    }

    private void placeFreed() {
        blocks.placeFreed();
    }

    void close(@Nullable WireException cause) {
        outbound.terminate(cause); // first: nothing more is written
        blocks.close();
        pending.close();
        uploads.close();
        extensions.close();
        states.close();
    }
}
