/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * The peer has said something no honest peer says; the wire is closed. The message tells the numbers: what came and what is
 * allowed.
 */
public final class ProtocolException extends WireException {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** A length prefix over the limit, or not the length its message must have; or not as many hashes as asked for. */
        LENGTH,
        /** A message the peer has not negotiated, or at a time it may not come. */
        UNEXPECTED,
        /** A bitfield of the wrong length or with spare bits set (BEP 3). */
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

    /** For the engine: the same at this offset, if it is not known yet. */
    public ProtocolException at(long offset) {
        if (this.offset >= 0) {
            return this;
        }
        ProtocolException located = new ProtocolException(reason, messageId, offset, String.valueOf(getMessage()));
        located.setStackTrace(getStackTrace());
        return located;
    }

    /** What was wrong. */
    public Reason reason() {
        return reason;
    }

    /** The id of the message it was in, 0 to 255, or -1 when the id is not known. */
    public int messageId() {
        return messageId;
    }

    /**
     * How many bytes the peer had sent before the message, its handshake included; -1 when it was not one message that
     * was wrong, but what had been said before did not fit the shape the user told.
     */
    public long offset() {
        return offset;
    }
}
