/* SPDX-License-Identifier: MIT */
package org.peerwire;

/** The peer has said something no honest peer says; the wire is closed. */
public final class ProtocolException extends WireException {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** A length prefix over the limit, or not the length its message must have. */
        LENGTH,
        /** A message the peer has not negotiated, or at a time it may not come. */
        UNEXPECTED,
        /** A bitfield of the wrong length or with spare bits set. */
        BITFIELD,
        /** An index of a piece that the torrent does not have. */
        PIECE_INDEX,
        /** A block that was not asked for, or not of the length asked for. */
        UNSOLICITED_BLOCK,
        /** More of something harmless than any honest peer sends. */
        FLOOD
    }

    private final Reason reason;
    private final int messageId;
    private final long offset;

    /** For the engine. */
    public ProtocolException(Reason reason, int messageId, long offset, String message) {
        super(message, null);
        this.reason = reason;
        this.messageId = messageId;
        this.offset = offset;
    }

    /** For the engine. */
    public ProtocolException(Reason reason, int messageId, String message) {
        this(reason, messageId, -1, message);
    }

    /** What was wrong. */
    public Reason reason() {
        return reason;
    }

    /** The id of the message it was in, 0 to 255, or -1 when the id is not known. */
    public int messageId() {
        return messageId;
    }

    /** How many bytes the peer had sent before the message, its handshake included, or -1 when that is not known. */
    public long offset() {
        return offset;
    }
}
