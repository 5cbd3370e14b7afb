/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.WireLimits;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.internal.peer.KnownTorrent;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;

/**
 * The maximum length of a message: for all after the fourth byte, by id after the fifth, by extension after the sixth.
 */
@EventLoopOnly
public final class FrameLimits {
    private static final int HASH_HEADER_LENGTH = 49;
    private static final int HASH_LENGTH = 32;
    /** The layers of a tree with 2^64 leaves. */
    private static final int MAX_PROOF = 64;

    private final WireLimits limits;
    private final KnownTorrent torrent;
    private final Map<Integer, Integer> extensions = new HashMap<>();

    /** Creates limits for a connection without extensions. */
    public FrameLimits(WireLimits limits, KnownTorrent torrent) {
        this.limits = limits;
        this.torrent = torrent;
    }

    /** Sets the maximum length of the messages of an extension, in bytes after the two ids. */
    public void extension(int id, int maxLength) {
        extensions.put(id, maxLength);
    }

    /**
     * Checks the prefix and the two bytes after it, as far as they have arrived.
     *
     * @param id the id of the message, or −1 before it has arrived
     * @param extensionId the number of the extension, or −1 before it has arrived
     * @param offset where the message begins, for the error
     * @throws ProtocolException if the message is too long
     */
    void check(long length, int id, int extensionId, long offset) {
        if (length > limits.maxMessageLength()) {
            throw tooLong(null, id, length, limits.maxMessageLength(), offset);
        }
        if (length > 0 && id >= 0) {
            MessageType type = MessageType.of(id);
            long limit = limit(type, extensionId);
            if (length > limit) {
                throw tooLong(type, id, length, limit, offset);
            }
        }
    }

    private long limit(MessageType type, int extensionId) {
        return switch (type) {
            case PIECE -> MessageCodec.PIECE_HEADER_LENGTH + limits.maxBlockLength();
            case BITFIELD -> 1L + PieceSet.byteLength(torrent.maxPieces());
            case HASHES -> HASH_HEADER_LENGTH + (long) HASH_LENGTH * (limits.maxHashes() + MAX_PROOF);
            case UNKNOWN -> 1L + limits.maxUnknownMessageLength();
            case EXTENDED -> extensionId < 0 ? Integer.MAX_VALUE : 2L + extensionLimit(extensionId);
            case KEEP_ALIVE,
                    CHOKE,
                    UNCHOKE,
                    INTERESTED,
                    NOT_INTERESTED,
                    HAVE,
                    REQUEST,
                    CANCEL,
                    PORT,
                    SUGGEST_PIECE,
                    HAVE_ALL,
                    HAVE_NONE,
                    REJECT_REQUEST,
                    ALLOWED_FAST,
                    HASH_REQUEST,
                    HASH_REJECT -> 1L + type.maxLength();
        };
    }

    private int extensionLimit(int extensionId) {
        return extensionId == 0
                ? limits.maxExtendedHandshakeLength()
                : extensions.getOrDefault(extensionId, limits.maxExtendedMessageLength());
    }

    private static ProtocolException tooLong(@Nullable MessageType type, int id, long length, long limit, long offset) {
        String what = type == null ? "a message" : type + " (id " + id + ")";
        return new ProtocolException(
                Reason.LENGTH, id, offset, what + " of " + length + " bytes; at most " + limit + " are accepted");
    }
}
