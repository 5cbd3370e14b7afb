/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.EnumMap;
import java.util.Map;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.MessageCodec;

/**
 * The limits for the peer of a wire: message lengths, memory, and the anomalies that are tolerated. A peer over a limit
 * ends the wire with a {@link ProtocolException}, unless the method says otherwise. Clocks and this side's buffers are
 * in {@link WireOptions}. Immutable and thread-safe: {@link #builder()}, {@link #mutate()}.
 *
 * <p><b>A claim of the peer reserves no memory.</b> A number from the peer never makes the wire allocate more than the
 * bytes received plus 64 KiB. The memory that a peer can occupy:
 *
 * <table>
 * <caption>Memory that grows with the peer's messages</caption>
 * <tr><th>content</th><th>limit</th><th>at the limit</th></tr>
 * <tr><td>an incomplete message</td><td>{@link #maxMessageLength()}</td><td>the wire fails</td></tr>
 * <tr><td>bytes read in a pause</td><td>64 KiB, one {@link WireOptions#receiveBuffer()}</td><td>TCP waits</td></tr>
 * <tr><td>the queue of a subscriber</td><td>{@link WireOptions#subscriberQueue()},
 *     {@link WireOptions#subscriberBuffer()} and one message; see {@link Wire#inbound()} for the end</td><td>reading
 *     pauses</td></tr>
 * <tr><td>the pieces of the peer</td><td>one bit each, {@link #maxPieces()}</td><td>the wire fails</td></tr>
 * <tr><td>allowed-fast and suggested pieces</td><td>{@link #maxAllowedFast()}, {@link #maxSuggested()}</td><td>ignored;
 *     the oldest is discarded</td></tr>
 * <tr><td>requests of the peer</td><td>{@link #maxQueuedUploads()}</td><td>rejected or dropped</td></tr>
 * <tr><td>blocks for the peer</td><td>{@link WireOptions#uploadBuffer()}</td><td>not read</td></tr>
 * <tr><td>rejects not yet written</td><td>2,048 and those of one message</td><td>reading stops</td></tr>
 * <tr><td>the merged extended handshake</td><td>64 KiB</td><td>ignored</td></tr>
 * </table>
 *
 * <p>The peer cannot enlarge this side's requests, nor the 4,096 requests whose late answers are tolerated.
 */
public final class WireLimits {
    /** The default of {@link #maxPieces()}. */
    static final int MOST_PIECES = 2_097_152;

    private static final WireLimits DEFAULTS = builder().build();

    private final Builder set;

    private WireLimits(Builder set) {
        this.set = set;
    }

    /** Returns the limits of new {@link WireOptions}. */
    public static WireLimits defaults() {
        return DEFAULTS;
    }

    /** Returns a new builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a new builder that holds these limits. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * Returns the number of anomalies of a kind that are tolerated. One more fails the wire with
     * {@link ProtocolException.Reason#FLOOD}; see {@link Tolerance}. The defaults:
     *
     * <table>
     * <caption>Tolerated anomalies</caption>
     * <tr><td>{@link Ignored#SPARE_BITS}, {@link Ignored#EXTENDED_WITHOUT_BIT}</td><td>0: BEP 3 and BEP 10 forbid
     *     them</td></tr>
     * <tr><td>{@link Ignored#KEEP_ALIVE}</td><td>100 in 10 s: each one reaches every subscriber</td></tr>
     * <tr><td>{@link Ignored#UNKNOWN_MESSAGE}</td><td>20 in 60 s; libtorrent and Transmission close at the
     *     first</td></tr>
     * <tr><td>{@link Ignored#UNKNOWN_EXTENSION}</td><td>100: some may be on their way when an extension is
     *     withdrawn</td></tr>
     * <tr><td>{@link Ignored#LATE_BITFIELD}</td><td>64: real clients repeat it, against BEP 6</td></tr>
     * <tr><td>{@link Ignored#UNSOLICITED_BLOCK}</td><td>16 in 60 s: without Fast a choke may cross a
     *     block</td></tr>
     * <tr><td>{@link Ignored#RAPID_CHOKE}</td><td>100 in 60 s: clients choose peers every 10 s</td></tr>
     * <tr><td>{@link Ignored#UNKNOWN_REJECT}</td><td>64: clients ignore them; BEP 6 says to close</td></tr>
     * <tr><td>{@link Ignored#CHOKED_REQUEST}, {@link Ignored#INVALID_REQUEST}</td><td>300 (libtorrent)</td></tr>
     * <tr><td>{@link Ignored#INVALID_HASH_REQUEST}</td><td>100</td></tr>
     * <tr><td>{@link Ignored#REPEATED_REQUEST}, {@link Ignored#EXCESS_REQUEST}</td><td>four times
     *     {@link #maxQueuedUploads()} in 10 s</td></tr>
     * <tr><td>any other</td><td>2,097,152 in 60 s: the most pieces of a torrent, and a small load</td></tr>
     * </table>
     */
    public Tolerance tolerance(Ignored kind) {
        Tolerance given = set.tolerances.get(kind);
        return given != null ? given : Tolerance.usual(kind, set.maxQueuedUploads);
    }

    /**
     * Returns the maximum length of any message, in bytes after the prefix. Default 1 MiB (libtorrent), range 1 KiB to
     * 16 MiB. A longer message fails the wire at its fourth byte.
     */
    public int maxMessageLength() {
        return set.maxMessageLength;
    }

    /**
     * Returns the maximum length of a block, in bytes: requested, received or served. Default 16 KiB (BEP 3), range 1
     * byte to 128 KiB. A longer block fails the wire at its fifth byte. A request for one is
     * {@link Ignored#INVALID_REQUEST}.
     */
    public int maxBlockLength() {
        return set.maxBlockLength;
    }

    /**
     * Returns the maximum number of pieces before the shape is known. Default 2,097,152 (libtorrent), range 1 to 2^30.
     * A longer bitfield fails the wire at its fifth byte, a larger index with
     * {@link ProtocolException.Reason#PIECE_INDEX}.
     */
    public int maxPieces() {
        return set.maxPieces;
    }

    /**
     * Returns the maximum length of an extended handshake, in bytes of its dictionary. Default 32 KiB (real ones have
     * under 1 KiB), range 64 bytes to 1 MiB. A longer one fails the wire at its sixth byte.
     */
    public int maxExtendedHandshakeLength() {
        return set.maxExtendedHandshakeLength;
    }

    /**
     * Returns the maximum structure of an extended handshake. Default depth 32, 4,096 tokens. A larger one is ignored.
     */
    public BencodeLimits extendedHandshakeStructure() {
        return set.extendedHandshakeStructure;
    }

    /**
     * Returns the maximum number of extended handshakes that a wire reads. Default 100, range 1 to 1,000,000. Further
     * ones are {@link Ignored#EXTENDED_HANDSHAKE}.
     */
    public int maxExtendedHandshakes() {
        return set.maxExtendedHandshakes;
    }

    /**
     * Returns the maximum number of extended handshakes in a burst; then one per second is read. Default 8, range 1 to
     * 1,000,000. Further ones are {@link Ignored#EXTENDED_HANDSHAKE}.
     */
    public int extendedHandshakeBurst() {
        return set.extendedHandshakeBurst;
    }

    /**
     * Returns the maximum length of an extended message with an unknown id, in bytes after that id. Default 64 KiB,
     * range 0 to 16 MiB. A longer one fails the wire at its sixth byte. For known ids see
     * {@code Extension.maxMessageLength()}.
     */
    public int maxExtendedMessageLength() {
        return set.maxExtendedMessageLength;
    }

    /**
     * Returns the maximum length of a message with an unknown id, in bytes after the id. Default 16 KiB, range 0 to 1
     * MiB. A longer one fails the wire at its fifth byte.
     */
    public int maxUnknownMessageLength() {
        return set.maxUnknownMessageLength;
    }

    /**
     * Returns the maximum number of hashes in one hash request or hashes message, without proof. Default 512 (BEP 52;
     * libtorrent 8,192), range 2 to 8,192. A longer answer fails the wire at its fifth byte; a larger request is
     * rejected.
     */
    public int maxHashes() {
        return set.maxHashes;
    }

    /**
     * Returns the maximum number of queued requests of the peer, announced as {@code reqq} (BEP 10). Default 500, the
     * assumption of Transmission (libtorrent 2,000), range 1 to 65,536. Further ones are
     * {@link Ignored#EXCESS_REQUEST}.
     */
    public int maxQueuedUploads() {
        return set.maxQueuedUploads;
    }

    /**
     * Returns the number of times that a choked peer may request the bytes of an allowed-fast piece. Default 3
     * (libtorrent), range 0 to 1,000,000. Further requests are {@link Ignored#CHOKED_REQUEST}.
     */
    public int maxFastServes() {
        return set.maxFastServes;
    }

    /**
     * Returns the maximum number of allowed-fast pieces kept from the peer (BEP 6). Default 128, range 0 to 65,536.
     * Further ones are {@link Ignored#INVALID_ADVICE}.
     */
    public int maxAllowedFast() {
        return set.maxAllowedFast;
    }

    /**
     * Returns the maximum number of suggested pieces kept from the peer (BEP 6). Default 16 (libtorrent), range 0 to
     * 65,536. A further one replaces the oldest.
     */
    public int maxSuggested() {
        return set.maxSuggested;
    }

    /**
     * A builder of limits. Each setter returns the builder, and throws {@link IllegalArgumentException} for a value
     * outside the range.
     */
    public static final class Builder implements Cloneable {
        private Map<Ignored, Tolerance> tolerances = new EnumMap<>(Ignored.class);
        private int maxMessageLength = 1024 * 1024;
        private int maxBlockLength = BlockRequest.BLOCK_LENGTH;
        private int maxPieces = MOST_PIECES;
        private int maxExtendedHandshakeLength = 32 * 1024;
        private BencodeLimits extendedHandshakeStructure = BencodeLimits.DEFAULT;
        private int maxExtendedHandshakes = 100;
        private int extendedHandshakeBurst = 8;
        private int maxExtendedMessageLength = 64 * 1024;
        private int maxUnknownMessageLength = 16 * 1024;
        private int maxHashes = 512;
        private int maxQueuedUploads = 500;
        private int maxFastServes = 3;
        private int maxAllowedFast = 128;
        private int maxSuggested = 16;

        private Builder() {}

        /** Sets {@link WireLimits#tolerance(Ignored)}. */
        public Builder tolerance(Ignored kind, Tolerance tolerance) {
            tolerances.put(kind, tolerance);
            return this;
        }

        /** Sets {@link WireLimits#maxMessageLength()}. */
        public Builder maxMessageLength(int bytes) {
            maxMessageLength = Ranges.check("maxMessageLength", bytes, 1024, 16_777_216);
            return this;
        }

        /** Sets {@link WireLimits#maxBlockLength()}. */
        public Builder maxBlockLength(int bytes) {
            maxBlockLength = Ranges.check("maxBlockLength", bytes, 1, 131_072);
            return this;
        }

        /** Sets {@link WireLimits#maxPieces()}. */
        public Builder maxPieces(int pieces) {
            maxPieces = Ranges.check("maxPieces", pieces, 1, 1_073_741_824);
            return this;
        }

        /** Sets {@link WireLimits#maxExtendedHandshakeLength()}. */
        public Builder maxExtendedHandshakeLength(int bytes) {
            maxExtendedHandshakeLength = Ranges.check("maxExtendedHandshakeLength", bytes, 64, 1_048_576);
            return this;
        }

        /** Sets {@link WireLimits#extendedHandshakeStructure()}. */
        public Builder extendedHandshakeStructure(BencodeLimits structure) {
            extendedHandshakeStructure = structure;
            return this;
        }

        /** Sets {@link WireLimits#maxExtendedHandshakes()}. */
        public Builder maxExtendedHandshakes(int handshakes) {
            maxExtendedHandshakes = Ranges.check("maxExtendedHandshakes", handshakes, 1, 1_000_000);
            return this;
        }

        /** Sets {@link WireLimits#extendedHandshakeBurst()}. */
        public Builder extendedHandshakeBurst(int handshakes) {
            extendedHandshakeBurst = Ranges.check("extendedHandshakeBurst", handshakes, 1, 1_000_000);
            return this;
        }

        /** Sets {@link WireLimits#maxExtendedMessageLength()}. */
        public Builder maxExtendedMessageLength(int bytes) {
            maxExtendedMessageLength = Ranges.check("maxExtendedMessageLength", bytes, 0, 16_777_216);
            return this;
        }

        /** Sets {@link WireLimits#maxUnknownMessageLength()}. */
        public Builder maxUnknownMessageLength(int bytes) {
            maxUnknownMessageLength = Ranges.check("maxUnknownMessageLength", bytes, 0, 1_048_576);
            return this;
        }

        /** Sets {@link WireLimits#maxHashes()}. */
        public Builder maxHashes(int hashes) {
            maxHashes = Ranges.check("maxHashes", hashes, 2, 8192);
            return this;
        }

        /** Sets {@link WireLimits#maxQueuedUploads()}. */
        public Builder maxQueuedUploads(int requests) {
            maxQueuedUploads = Ranges.check("maxQueuedUploads", requests, 1, 65_536);
            return this;
        }

        /** Sets {@link WireLimits#maxFastServes()}. */
        public Builder maxFastServes(int times) {
            maxFastServes = Ranges.check("maxFastServes", times, 0, 1_000_000);
            return this;
        }

        /** Sets {@link WireLimits#maxAllowedFast()}. */
        public Builder maxAllowedFast(int pieces) {
            maxAllowedFast = Ranges.check("maxAllowedFast", pieces, 0, 65_536);
            return this;
        }

        /** Sets {@link WireLimits#maxSuggested()}. */
        public Builder maxSuggested(int pieces) {
            maxSuggested = Ranges.check("maxSuggested", pieces, 0, 65_536);
            return this;
        }

        /**
         * Returns the limits. Later changes of this builder do not change them.
         *
         * @throws IllegalArgumentException if a block of {@code maxBlockLength} bytes does not fit into a message
         */
        public WireLimits build() {
            int least = MessageCodec.PIECE_HEADER_LENGTH + maxBlockLength;
            if (maxMessageLength < least) {
                throw Ranges.failure(
                        "maxMessageLength",
                        least + " or more for blocks of " + maxBlockLength + " bytes",
                        maxMessageLength);
            }
            return new WireLimits(copy());
        }

        private Builder copy() {
            try {
                Builder copy = (Builder) clone();
                copy.tolerances = new EnumMap<>(tolerances);
                return copy;
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
