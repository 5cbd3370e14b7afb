/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import io.netty.util.ReferenceCountUtil;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.TorrentShape;
import org.peerwire.WireLimits;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.internal.exchange.Downloads;
import org.peerwire.internal.exchange.HashExchange;
import org.peerwire.internal.exchange.PendingRequests;
import org.peerwire.internal.exchange.UploadQueue;
import org.peerwire.internal.extension.ExtensionRegistry;
import org.peerwire.internal.inbound.InboundHub;
import org.peerwire.internal.inbound.PeerWireDecoder;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.peer.Anomalies;
import org.peerwire.internal.peer.ChokeState;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.internal.peer.PeerAdvice;
import org.peerwire.internal.peer.PeerPieces;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;

/**
 * The meaning of each message of the peer: checked against the torrent, applied to the state and matched to requests,
 * then handed to the subscribers.
 */
@EventLoopOnly
final class InboundRules implements PeerWireDecoder.MessageListener {
    private static final long PORT_MILLIS = 60_000;
    private static final long RAPID_MILLIS = 1_000;

    private final WireContext context;
    private final Features features;
    private final WireLimits limits;
    private final KnownTorrent torrent;
    private final ChokeState choke;
    private final PeerPieces pieces;
    private final PeerAdvice advice;
    private final Anomalies anomalies;
    private final ExtensionRegistry extensions;
    private final PendingRequests pending;
    private final Downloads downloads;
    private final UploadQueue uploads;
    private final HashExchange hashes;
    private final InboundHub hub;
    private final OutboundQueue outbound;
    private final ReadGate gate;

    private boolean begun;
    private long nextPort = Long.MIN_VALUE;

    /** The time from which a choke is no longer rapid. */
    private long calmFrom = Long.MIN_VALUE;

    InboundRules(WireParts parts) {
        this.context = parts.context;
        this.features = parts.features;
        this.limits = parts.options.limits();
        this.torrent = parts.torrent;
        this.choke = parts.choke;
        this.pieces = parts.pieces;
        this.advice = parts.advice;
        this.anomalies = parts.anomalies;
        this.extensions = parts.extensions;
        this.pending = parts.pending;
        this.downloads = parts.downloads;
        this.uploads = parts.uploads;
        this.hashes = parts.hashes;
        this.hub = parts.hub;
        this.outbound = parts.outbound;
        this.gate = parts.gate;
    }

    @Override
    public void onMessage(Message message) {
        context.counters().add(Counter.MESSAGES_IN, 1);
        try {
            if (apply(message) && !context.isEnded()) {
                hub.publish(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        gate.answersWaiting(outbound.answers());
    }

    /** Applies a message. Returns false if no subscriber may see it. */
    private boolean apply(Message message) {
        MessageType type = message.type();
        Feature needed = type.feature();
        if (needed != null && !features.has(needed)) {
            notNegotiated(type, needed);
            return false;
        }
        boolean show =
                switch (type) {
                    case KEEP_ALIVE -> {
                        anomalies.ignore(Ignored.KEEP_ALIVE, type.id());
                        yield true;
                    }
                    case CHOKE -> {
                        if (context.clock().active() < calmFrom) {
                            anomalies.ignore(Ignored.RAPID_CHOKE, type.id());
                        }
                        choke.peerChoking(true);
                        pending.onChoke();
                        yield true;
                    }
                    case UNCHOKE -> {
                        calmFrom = context.clock().active() + RAPID_MILLIS;
                        choke.peerChoking(false);
                        downloads.onPermissionsChanged();
                        yield true;
                    }
                    case INTERESTED -> {
                        choke.peerInterested(true);
                        yield true;
                    }
                    case NOT_INTERESTED -> {
                        choke.peerInterested(false);
                        yield true;
                    }
                    case HAVE -> onHave(((Message.Have) message).piece());
                    case BITFIELD, HAVE_ALL, HAVE_NONE -> onAvailability(message);
                    case REQUEST -> onRequest(((Message.Request) message).block());
                    case PIECE -> {
                        pending.onPiece((Message.Piece) message);
                        yield true;
                    }
                    case CANCEL -> {
                        uploads.onCancel(((Message.Cancel) message).block());
                        yield true;
                    }
                    case PORT -> onPort(((Message.Port) message).port());
                    case SUGGEST_PIECE -> onSuggest(((Message.SuggestPiece) message).piece());
                    case REJECT_REQUEST -> {
                        pending.onReject(((Message.RejectRequest) message).block());
                        yield true;
                    }
                    case ALLOWED_FAST -> onAllowedFast(((Message.AllowedFast) message).piece());
                    case EXTENDED -> onExtended((Message.Extended) message);
                    case HASH_REQUEST, HASHES, HASH_REJECT -> hashes.onMessage(message);
                    case UNKNOWN -> {
                        anomalies.ignore(Ignored.UNKNOWN_MESSAGE, ((Message.Unknown) message).id());
                        yield true;
                    }
                };
        if (type != MessageType.KEEP_ALIVE && type != MessageType.EXTENDED && type != MessageType.PORT) {
            begun = true;
        }
        return show;
    }

    private void notNegotiated(MessageType type, Feature needed) {
        String text = type + " without " + needed + " of both peers";
        if (type != MessageType.EXTENDED) {
            throw new ProtocolException(Reason.UNEXPECTED, type.id(), text);
        }
        anomalies.ignore(Ignored.EXTENDED_WITHOUT_BIT, type.id(), text);
    }

    private boolean onHave(int piece) {
        if (!pieces.add(piece, MessageType.HAVE)) {
            anomalies.ignore(Ignored.REPEATED_HAVE, MessageType.HAVE.id());
            return false;
        }
        return true;
    }

    /** Applies a bitfield, have-all or have-none. Only the first is allowed, but clients repeat it; the last wins. */
    private boolean onAvailability(Message message) {
        if (begun) {
            anomalies.ignore(Ignored.LATE_BITFIELD, message.type().id());
        }
        if (message instanceof Message.Bitfield bitfield) {
            if (pieces.bitfield(bitfield.pieces())) {
                onSpareBits();
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

    private void onSpareBits() {
        anomalies.ignore(Ignored.SPARE_BITS, MessageType.BITFIELD.id(), "a bitfield with bits after the last piece");
    }

    /** Checks the earlier messages of the peer against the shape, which has just become known. */
    void onShape(TorrentShape shape) {
        if (pieces.onShape()) {
            onSpareBits();
        }
        advice.pieceCount(shape.pieceCount());
    }

    private boolean onRequest(BlockRequest request) {
        TorrentShape known = torrent.shape();
        boolean valid = request.isPlausible()
                && request.length() <= limits.maxBlockLength()
                && (known == null || known.contains(request));
        boolean choking = choke.now().amChoking();
        if (valid && choking && choke.mayHaveCrossedChoke(context.clock().active())) {
            uploads.onCrossedChoke(request);
        } else {
            uploads.onRequest(request, choking, valid);
        }
        return true;
    }

    private boolean onPort(int port) {
        long now = context.clock().active();
        if (!features.has(Feature.DHT) || torrent.isPrivate() || port == 0 || now < nextPort) {
            anomalies.ignore(Ignored.PORT, MessageType.PORT.id());
            return false;
        }
        nextPort = now + PORT_MILLIS;
        return true;
    }

    private boolean onSuggest(int piece) {
        if (!pieces.isPlausible(piece)) {
            anomalies.ignore(Ignored.INVALID_ADVICE, MessageType.SUGGEST_PIECE.id());
            return false;
        }
        advice.suggest(piece);
        return true;
    }

    private boolean onAllowedFast(int piece) {
        if (advice.isAllowedFast(piece)) {
            return true; // changes nothing: the waiting requests are not looked through again
        }
        if (!pieces.isPlausible(piece) || !advice.allow(piece)) {
            anomalies.ignore(Ignored.INVALID_ADVICE, MessageType.ALLOWED_FAST.id());
            return false;
        }
        downloads.onPermissionsChanged();
        return true;
    }

    private boolean onExtended(Message.Extended message) {
        if (message.id() == 0) {
            onExtendedHandshake(message);
        } else if (!extensions.isOurs(message.id())) {
            anomalies.ignore(Ignored.UNKNOWN_EXTENSION, MessageType.EXTENDED.id());
        } else if (extensions.isDontHave(message)) {
            int piece = ExtensionRegistry.dontHavePiece(message);
            anomalies.ignore(Ignored.DONT_HAVE, MessageType.EXTENDED.id());
            if (pieces.remove(piece, MessageType.EXTENDED)) {
                pending.onDontHave(piece);
            }
        }
        return true;
    }

    private void onExtendedHandshake(Message.Extended message) {
        ExtendedHandshake received =
                extensions.onHandshake(message.payload(), context.clock().active());
        if (received == null) {
            anomalies.ignore(Ignored.EXTENDED_HANDSHAKE, MessageType.EXTENDED.id());
        } else {
            received.oddKeys().forEach(key -> anomalies.ignore(Ignored.HANDSHAKE_VALUE, MessageType.EXTENDED.id()));
            downloads.onPermissionsChanged();
        }
    }
}
