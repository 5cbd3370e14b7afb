/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.peerwire.AllowedFastSet;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.WireException;
import org.peerwire.WireLimits;
import org.peerwire.WireOptions;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;

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
    private final WireLimits limits;
    private final InboundHub hub;
    private final Oddities oddities;
    private final boolean fast;

    final States states = new States();
    final KnownTorrent torrent;
    final PeerPieces pieces;
    final PeerAdvice advice;
    private final OutboundRules rules;
    final OutboundQueue outbound;
    final Outbox outbox;
    final Extensions extensions;
    final PendingRequests pending;
    final UploadQueue uploads;
    final HashExchange hashes;
    final Blocks blocks;

    private boolean begun;
    private boolean announced;
    private long lastPort = -PORT_MILLIS;

    Conversation(
            Engine engine,
            Channel channel,
            LocalPeer local,
            Features features,
            WireOptions options,
            FrameLimits frames,
            KnownTorrent torrent,
            Counters counters,
            InboundHub hub) {
        this.engine = engine;
        this.channel = channel;
        this.local = local;
        this.features = features;
        this.options = options;
        this.limits = options.limits();
        this.torrent = torrent;
        this.hub = hub;
        this.oddities = new Oddities(counters, limits);
        this.fast = features.has(Feature.FAST);
        this.pieces = new PeerPieces(torrent);
        this.advice = new PeerAdvice(limits);
        this.rules = new OutboundRules(engine, this, features, counters);
        this.outbound = new OutboundQueue(channel, rules, limits.maxBlockLength());
        this.outbox = new Outbox(outbound, channel.eventLoop(), options.outboundQueue());
        this.extensions = new Extensions(local.extensions(), limits, frames, hub, outbox);
        this.pending = new PendingRequests(
                counters,
                oddities,
                fast,
                options.requestTimeout().toMillis(),
                outbound,
                engine::wire,
                this::placeFreed);
        this.uploads = new UploadQueue(engine, this, counters, oddities, outbound, fast, limits);
        this.hashes = new HashExchange(limits.maxHashes(), oddities, outbound);
        this.blocks = new Blocks(engine, this, options);
    }

    /** Our extended handshake is the first thing behind the handshake. */
    void begin(boolean prefersEncryption) {
        TorrentShape known = local.shape();
        if (known != null) {
            fit(known);
        }
        if (features.has(Feature.EXTENSION_PROTOCOL)) {
            outbound.add(Extensions.handshake(extensions.advertise(
                    builder -> addOurKeys(builder, prefersEncryption), known != null && known.isPrivate())));
        } else {
            extensions.close();
        }
    }

    private ExtendedHandshake.Builder addOurKeys(ExtendedHandshake.Builder builder, boolean prefersEncryption) {
        builder.requestQueue(limits.maxQueuedUploads());
        if (prefersEncryption) {
            builder.prefersEncryption(true);
        }
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
        torrent.learn(known);
        if (pieces.onShape()) {
            spareBits();
        }
        advice.pieceCount(known.pieceCount());
    }

    private @Nullable InetAddress peerAddress() {
        return channel.remoteAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    /** Tells an IPv4 peer which pieces it may ask for while we choke it (BEP 6). */
    void announceAllowedFast() {
        TorrentShape known = torrent.shape();
        InetAddress address = peerAddress();
        if (!announced && fast && known != null && known.pieceCount() > 0 && address != null) {
            announced = true;
            AllowedFastSet.of(address, local.infoHash(), known.pieceCount(), options.allowedFastPieces())
                    .forEach(piece -> outbound.add(new Message.AllowedFast(piece)));
        }
    }

    /** Applies a message; false when nobody else is to see it. */
    boolean onMessage(Message message) {
        MessageType type = message.type();
        long now = engine.activeMillis();
        Feature needed = type.feature();
        if (needed != null && !features.has(needed)) {
            notNegotiated(type, needed, now);
            return false;
        }
        boolean show =
                switch (type) {
                    case KEEP_ALIVE -> {
                        oddities.ignore(Ignored.KEEP_ALIVE, type.id(), now);
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
                    case HASH_REQUEST, HASHES, HASH_REJECT -> hashes.onMessage(message, now);
                    case UNKNOWN -> {
                        oddities.ignore(Ignored.UNKNOWN_MESSAGE, ((Message.Unknown) message).id(), now);
                        yield true;
                    }
                };
        if (type != MessageType.KEEP_ALIVE && type != MessageType.EXTENDED && type != MessageType.PORT) {
            begun = true;
        }
        return show;
    }

    private void notNegotiated(MessageType type, Feature needed, long now) {
        String what = type + " without " + needed + " on both sides";
        if (type != MessageType.EXTENDED) {
            throw new ProtocolException(Reason.UNEXPECTED, type.id(), what);
        }
        oddities.ignore(Ignored.EXTENDED_WITHOUT_BIT, type.id(), now, what);
    }

    private boolean onHave(int piece, long now) {
        if (!pieces.add(piece, MessageType.HAVE)) {
            oddities.ignore(Ignored.REPEATED_HAVE, MessageType.HAVE.id(), now);
            return false;
        }
        return true;
    }

    /** The first message by the specification; real clients repeat it, and then the later one holds. */
    private boolean onAvailability(Message message, long now) {
        if (begun) {
            oddities.ignore(Ignored.LATE_BITFIELD, message.type().id(), now);
        }
        if (message instanceof Message.Bitfield bitfield) {
            if (pieces.bitfield(bitfield.pieces())) {
                spareBits();
                hub.publish(new Message.Bitfield(pieces.snapshot()));
                return false;
            }
        } else if (message instanceof Message.HaveAll) {
            pieces.all();
        } else {
            pieces.none();
        }
        return true;
    }

    private void spareBits() {
        oddities.ignore(
                Ignored.SPARE_BITS,
                MessageType.BITFIELD.id(),
                engine.activeMillis(),
                "a bitfield with bits behind the last piece");
    }

    private boolean onRequest(BlockRequest request, long now) {
        TorrentShape known = torrent.shape();
        boolean valid = request.isPlausible()
                && request.length() <= limits.maxBlockLength()
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
        if (!features.has(Feature.DHT) || torrent.isPrivate() || port == 0 || now - lastPort < PORT_MILLIS) {
            oddities.ignore(Ignored.PORT, MessageType.PORT.id(), now);
            return false;
        }
        lastPort = now;
        return true;
    }

    private boolean onSuggest(int piece, long now) {
        if (!pieces.isPlausible(piece)) {
            oddities.ignore(Ignored.INVALID_ADVICE, MessageType.SUGGEST_PIECE.id(), now);
            return false;
        }
        advice.suggest(piece);
        return true;
    }

    private boolean onAllowedFast(int piece, long now) {
        if (!pieces.isPlausible(piece) || !advice.allow(piece)) {
            oddities.ignore(Ignored.INVALID_ADVICE, MessageType.ALLOWED_FAST.id(), now);
            return false;
        }
        blocks.permissionsChanged();
        return true;
    }

    private boolean onExtended(Message.Extended message, long now) {
        if (message.id() == 0) {
            ExtendedHandshake heard = extensions.onHandshake(message.payload(), now);
            if (heard == null) {
                oddities.ignore(Ignored.EXTENDED_HANDSHAKE, MessageType.EXTENDED.id(), now);
            } else {
                heard.oddKeys()
                        .forEach(key -> oddities.ignore(Ignored.HANDSHAKE_VALUE, MessageType.EXTENDED.id(), now));
                blocks.permissionsChanged();
            }
        } else if (!extensions.isOurs(message.id())) {
            oddities.ignore(Ignored.UNKNOWN_EXTENSION, MessageType.EXTENDED.id(), now);
        } else if (extensions.isDontHave(message)) {
            int piece = Extensions.dontHavePiece(message);
            oddities.ignore(Ignored.DONT_HAVE, MessageType.EXTENDED.id(), now);
            if (pieces.remove(piece, MessageType.EXTENDED)) {
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
