/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * A protocol violation by the peer. It ends the wire. The message has the received and the allowed numbers.
 *
 * <p>No honest client does this within the default {@link WireLimits}, so the usual reaction is to ban the address for
 * some time. If a known client is affected, raise the limit that the message names.
 */
public final class ProtocolException extends WireException {
    private static final long serialVersionUID = 1L;

    /** The kinds of violation. */
    public enum Reason {
        /**
         * A length prefix over its limit in {@link WireLimits}, a wrong length for the message, or a wrong number of
         * hashes (BEP 52).
         */
        LENGTH,
        /**
         * A message of a feature that was not negotiated, or an answer to a hash request that was not sent. Also the
         * first anomaly of a kind with {@link Tolerance#NONE}, unless another reason fits it.
         */
        UNEXPECTED,
        /**
         * A bitfield with a wrong length for the torrent, or with spare bits set (BEP 3, {@link Ignored#SPARE_BITS}).
         */
        BITFIELD,
        /** A piece index outside the torrent, or over {@link WireLimits#maxPieces()} before the shape is known. */
        PIECE_INDEX,
        /** A block without a request, under Fast (BEP 6), or of another length than the outstanding request. */
        UNSOLICITED_BLOCK,
        /** More anomalies than {@link WireLimits#tolerance}. The message names the {@link Ignored} kind. */
        FLOOD
    }

    private final Reason reason;
    private final int messageId;
    private final long offset;

    /** Creates a violation at an offset. Used by the engine. */
    public ProtocolException(Reason reason, int messageId, long offset, String message) {
        super(message, null);
        this.reason = reason;
        this.messageId = messageId;
        this.offset = offset;
    }

    /** Creates a violation at an unknown offset. Used by the engine. */
    public ProtocolException(Reason reason, int messageId, String message) {
        this(reason, messageId, -1, message);
    }

    /** Returns this violation with an offset, or itself if it has one. Used by the engine. */
    public ProtocolException at(long offset) {
        if (this.offset >= 0) {
            return this;
        }
        return new ProtocolException(reason, messageId, offset, String.valueOf(getMessage()));
    }

    /** Returns the kind of violation. */
    public Reason reason() {
        return reason;
    }

    /** Returns the id of the message, 0 to 255, or -1 for a keep-alive or before the id has arrived. */
    public int messageId() {
        return messageId;
    }

    /**
     * Returns the number of bytes that the peer had sent before the message, its handshake included. Returns -1 if an
     * earlier message contradicts the shape given to {@link Wire#shape}.
     */
    public long offset() {
        return offset;
    }
}
