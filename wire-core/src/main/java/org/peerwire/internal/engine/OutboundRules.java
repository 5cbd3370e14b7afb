/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import org.peerwire.PeerState;
import org.peerwire.internal.exchange.Downloads;
import org.peerwire.internal.exchange.FastAllowance;
import org.peerwire.internal.exchange.HashExchange;
import org.peerwire.internal.exchange.PendingRequests;
import org.peerwire.internal.exchange.UploadQueue;
import org.peerwire.internal.extension.ExtensionRegistry;
import org.peerwire.internal.inbound.ReadGate;
import org.peerwire.internal.loop.Counters.Counter;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.loop.WireContext;
import org.peerwire.internal.outbound.OutboundPolicy;
import org.peerwire.internal.outbound.OutboundQueue;
import org.peerwire.internal.outbound.WriteListener;
import org.peerwire.internal.peer.ChokeState;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;

/**
 * The meaning of each message of ours, sent by the user or by the wire: keeps our half of the state equal to the
 * written messages.
 */
@EventLoopOnly
final class OutboundRules implements OutboundPolicy, WriteListener {
    private final WireContext context;
    private final ChokeState choke;
    private final ExtensionRegistry extensions;
    private final PendingRequests pending;
    private final Downloads downloads;
    private final UploadQueue uploads;
    private final FastAllowance allowance;
    private final HashExchange hashes;
    private final OutboundQueue outbound;
    private final ReadGate gate;

    OutboundRules(WireParts parts) {
        this.context = parts.context;
        this.choke = parts.choke;
        this.extensions = parts.extensions;
        this.pending = parts.pending;
        this.downloads = parts.downloads;
        this.uploads = parts.uploads;
        this.allowance = parts.allowance;
        this.hashes = parts.hashes;
        this.outbound = parts.outbound;
        this.gate = parts.gate;
    }

    /** A request that waits for an unchoke is not with the peer any more, so its cancel is not written. */
    private boolean onOurCancel(BlockRequest request) {
        return !downloads.onOurCancel(request) && pending.onOurCancel(request);
    }

    @Override
    public boolean beforeWrite(Message message, boolean byUser) {
        PeerState state = choke.now();
        return switch (message.type()) {
            case CHOKE -> !state.amChoking();
            case UNCHOKE -> state.amChoking();
            case INTERESTED -> !state.amInterested();
            case NOT_INTERESTED -> state.amInterested();
            case REQUEST -> pending.beforeWrite(((Message.Request) message).block());
            case CANCEL -> !byUser || onOurCancel(((Message.Cancel) message).block());
            case EXTENDED -> {
                Message.Extended extended = (Message.Extended) message;
                if (extended.id() == 0) {
                    extensions.onHandshakeWritten(extended.payload());
                }
                yield true;
            }
            case KEEP_ALIVE,
                    HAVE,
                    BITFIELD,
                    PIECE,
                    PORT,
                    SUGGEST_PIECE,
                    HAVE_ALL,
                    HAVE_NONE,
                    REJECT_REQUEST,
                    ALLOWED_FAST,
                    HASH_REQUEST,
                    HASHES,
                    HASH_REJECT,
                    UNKNOWN -> true;
        };
    }

    @Override
    public void onWritten(Message message, boolean byUser, int contentLength) {
        apply(message, byUser, contentLength);
    }

    /**
     * Applies a message that has been written. Returns true if the message has a meaning for our state: an expression,
     * so that the compiler names this switch when a message is added.
     */
    private boolean apply(Message message, boolean byUser, int contentLength) {
        return switch (message.type()) {
            case CHOKE -> {
                choke.choke(context.clock().active());
                uploads.onOurChoke();
                yield true;
            }
            case UNCHOKE -> {
                choke.unchoke();
                yield true;
            }
            case INTERESTED -> {
                choke.amInterested(true);
                yield true;
            }
            case NOT_INTERESTED -> {
                choke.amInterested(false);
                yield true;
            }
            case ALLOWED_FAST -> {
                allowance.allow(((Message.AllowedFast) message).piece());
                yield true;
            }
            case HASH_REQUEST -> {
                hashes.onAsked(((Message.HashRequest) message).range());
                yield true;
            }
            case REJECT_REQUEST -> {
                if (byUser) {
                    uploads.onAnsweredByUser(((Message.RejectRequest) message).block());
                }
                yield true;
            }
            case PIECE -> {
                onPiece((Message.Piece) message, byUser, contentLength);
                yield true;
            }
            case KEEP_ALIVE,
                    HAVE,
                    BITFIELD,
                    REQUEST,
                    CANCEL,
                    PORT,
                    SUGGEST_PIECE,
                    HAVE_ALL,
                    HAVE_NONE,
                    EXTENDED,
                    HASHES,
                    HASH_REJECT,
                    UNKNOWN -> false;
        };
    }

    private void onPiece(Message.Piece piece, boolean byUser, int length) {
        context.counters().add(Counter.PAYLOAD_OUT, length);
        if (byUser) {
            uploads.onAnsweredByUser(new BlockRequest(piece.piece(), piece.offset(), length));
        }
    }

    @Override
    public void onDrained() {
        gate.answersWaiting(outbound.answers());
    }
}
