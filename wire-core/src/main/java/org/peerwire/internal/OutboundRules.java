/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import org.jspecify.annotations.Nullable;
import org.peerwire.Features;
import org.peerwire.PeerState;
import org.peerwire.internal.Counters.Counter;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;

/** What each message of ours means, whoever sends it: keeps our half of the state true to what is written. */
@EventLoopOnly
final class OutboundRules implements OutboundQueue.Gate {
    private static final long CHOKE_GRACE_MILLIS = 2_000;

    private final Engine engine;
    private final Conversation conversation;
    private final Features features;
    private final Counters counters;
    private long chokedAt = -CHOKE_GRACE_MILLIS;

    OutboundRules(Engine engine, Conversation conversation, Features features, Counters counters) {
        this.engine = engine;
        this.conversation = conversation;
        this.features = features;
        this.counters = counters;
    }

    /** Whether a request that comes now may have been on its way when we choked. */
    boolean hasJustChoked(long now) {
        return now - chokedAt < CHOKE_GRACE_MILLIS;
    }

    @Override
    public void requireNegotiated(Message message) {
        Feature needed = message.type().feature();
        if (needed != null && !features.has(needed)) {
            throw new IllegalStateException(message.type() + " cannot be sent: the peer has not negotiated " + needed);
        }
    }

    /** Keeps our half of the state true to what is written, whoever sends it. */
    @Override
    public boolean beforeWrite(Message message, boolean byHand) {
        PeerState state = conversation.states.now();
        return switch (message.type()) {
            case CHOKE -> !state.amChoking();
            case UNCHOKE -> state.amChoking();
            case INTERESTED -> !state.amInterested();
            case NOT_INTERESTED -> state.amInterested();
            case REQUEST ->
                conversation.pending.beforeWrite(((Message.Request) message).block(), engine.activeMillis());
            case CANCEL ->
                !byHand
                        || conversation.pending.cancelledByHand(
                                ((Message.Cancel) message).block(), engine.activeMillis());
            default -> true;
        };
    }

    @Override
    public void afterWrite(Message message, boolean byHand) {
        switch (message.type()) {
            case CHOKE -> {
                conversation.states.amChoking(true);
                chokedAt = engine.activeMillis();
                conversation.uploads.onOurChoke();
            }
            case UNCHOKE -> conversation.states.amChoking(false);
            case INTERESTED -> conversation.states.amInterested(true);
            case NOT_INTERESTED -> conversation.states.amInterested(false);
            case ALLOWED_FAST -> conversation.uploads.allowFast(((Message.AllowedFast) message).piece());
            case HASH_REQUEST -> conversation.hashes.onAsked(((Message.HashRequest) message).range());
            case REJECT_REQUEST -> {
                if (byHand) {
                    conversation.uploads.answeredByHand(((Message.RejectRequest) message).block());
                }
            }
            case PIECE -> {
                Message.Piece piece = (Message.Piece) message;
                int length = piece.data().readableBytes();
                counters.add(Counter.PAYLOAD_OUT, length);
                if (byHand) {
                    conversation.uploads.answeredByHand(new BlockRequest(piece.piece(), piece.offset(), length));
                }
            }
            default -> {}
        }
    }

    @Override
    public Message.@Nullable Piece nextUpload() {
        return conversation.uploads.next();
    }

    @Override
    public void drained() {
        engine.onDrained();
    }

    @Override
    public void written(long bytes) {
        counters.add(Counter.BYTES_OUT, bytes);
        counters.add(Counter.MESSAGES_OUT, 1);
    }

    @Override
    public void flushed() {
        engine.onFlushed();
    }
}
