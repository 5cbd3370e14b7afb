/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import org.jspecify.annotations.Nullable;

/**
 * The types of messages, each with its id, its length and the feature that it needs. The codec, the frame limits and
 * the checks of a wire read this table.
 *
 * <p>To add a message, add a line here and a record to {@link Message}. The compiler then reports each switch without
 * it.
 */
public enum MessageType {
    /** {@link Message.KeepAlive} */
    KEEP_ALIVE(MessageType.NO_ID, 0),
    /** {@link Message.Choke} */
    CHOKE(0, 0),
    /** {@link Message.Unchoke} */
    UNCHOKE(1, 0),
    /** {@link Message.Interested} */
    INTERESTED(2, 0),
    /** {@link Message.NotInterested} */
    NOT_INTERESTED(3, 0),
    /** {@link Message.Have} */
    HAVE(4, 4),
    /** {@link Message.Bitfield} */
    BITFIELD(5, 0, MessageType.UNBOUNDED, null),
    /** {@link Message.Request} */
    REQUEST(6, 12),
    /** {@link Message.Piece} */
    PIECE(7, 8, MessageType.UNBOUNDED, null),
    /** {@link Message.Cancel} */
    CANCEL(8, 12),
    /** {@link Message.Port} */
    PORT(9, 2),
    /** {@link Message.SuggestPiece} */
    SUGGEST_PIECE(13, 4, Feature.FAST),
    /** {@link Message.HaveAll} */
    HAVE_ALL(14, 0, Feature.FAST),
    /** {@link Message.HaveNone} */
    HAVE_NONE(15, 0, Feature.FAST),
    /** {@link Message.RejectRequest} */
    REJECT_REQUEST(16, 12, Feature.FAST),
    /** {@link Message.AllowedFast} */
    ALLOWED_FAST(17, 4, Feature.FAST),
    /** {@link Message.Extended} */
    EXTENDED(20, 1, MessageType.UNBOUNDED, Feature.EXTENSION_PROTOCOL),
    /** {@link Message.HashRequest} */
    HASH_REQUEST(21, 48, Feature.V2_UPGRADE),
    /** {@link Message.Hashes} */
    HASHES(22, 48, MessageType.UNBOUNDED, Feature.V2_UPGRADE),
    /** {@link Message.HashReject} */
    HASH_REJECT(23, 48, Feature.V2_UPGRADE),
    /** {@link Message.Unknown} */
    UNKNOWN(MessageType.NO_ID, 0, MessageType.UNBOUNDED, null);

    /** The maximum length of a message whose body has no fixed length; {@code WireLimits} bounds it on a wire. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final int NO_ID = -1;
    private static final MessageType[] BY_ID = new MessageType[256];

    static {
        for (int id = 0; id < BY_ID.length; id++) {
            BY_ID[id] = UNKNOWN;
        }
        for (MessageType type : values()) {
            if (type.id != NO_ID) {
                BY_ID[type.id] = type;
            }
        }
    }

    private final int id;
    private final int minLength;
    private final int maxLength;
    private final @Nullable Feature feature;

    MessageType(int id, int length) {
        this(id, length, null);
    }

    MessageType(int id, int length, @Nullable Feature feature) {
        this(id, length, length, feature);
    }

    MessageType(int id, int minLength, int maxLength, @Nullable Feature feature) {
        this.id = id;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.feature = feature;
    }

    /**
     * Returns the id on the wire, or -1 for a keep-alive, which has no id, and for unknown messages, which have any id.
     */
    public int id() {
        return id;
    }

    /** Returns the minimum number of bytes after the id. */
    public int minLength() {
        return minLength;
    }

    /** Returns the maximum number of bytes after the id, or {@link #UNBOUNDED}. */
    public int maxLength() {
        return maxLength;
    }

    /** Returns true if every message of this type has the same length. */
    public boolean isFixedLength() {
        return minLength == maxLength;
    }

    /** Returns the feature that both peers must have before either sends this message, or null if none is needed. */
    public @Nullable Feature feature() {
        return feature;
    }

    /**
     * Returns the type with an id, {@link #UNKNOWN} if no message has it.
     *
     * @param id 0 to 255
     * @throws IndexOutOfBoundsException if the id is outside its range
     */
    public static MessageType of(int id) {
        return BY_ID[id];
    }
}
