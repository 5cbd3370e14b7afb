/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.MessageCodec;

/**
 * What a peer may do to a wire: how long its messages may be, how much of it is kept, and how much of what is odd is put up
 * with. Whatever goes beyond closes the wire with a {@link ProtocolException}, unless the method says otherwise. Immutable:
 * {@link #builder()}, {@link #mutate()}. Clocks and our own buffers are in {@link WireOptions}.
 *
 * <p><b>Nothing is reserved for what a peer claims.</b> A number of the peer never makes the wire allocate more than what
 * has arrived and 64 KiB. What a peer can make a wire keep, each with its bound and what happens at it:
 *
 * <table>
 * <caption>What grows with what the peer says</caption>
 * <tr><td>a message that has not come whole</td><td>{@link #maxMessageLength()}</td><td>closes</td></tr>
 * <tr><td>what has been read while reading is paused</td><td>one read, {@link WireOptions#receiveBuffer()}</td><td>TCP
 *     holds the peer</td></tr>
 * <tr><td>what waits for a subscriber</td><td>{@link WireOptions#subscriberQueue()}, {@link WireOptions#subscriberBuffer()}
 *     and the message that filled it</td><td>reading is paused</td></tr>
 * <tr><td>the pieces the peer has</td><td>a bit each; {@link #maxPieces()} while the shape is not known</td><td>closes</td></tr>
 * <tr><td>allowed-fast and suggested pieces</td><td>{@link #maxAllowedFast()}, {@link #maxSuggested()}</td><td>ignored; the
 *     oldest goes</td></tr>
 * <tr><td>requests of the peer</td><td>{@link #maxQueuedUploads()}</td><td>rejected or dropped</td></tr>
 * <tr><td>blocks read for the peer</td><td>{@link WireOptions#uploadBuffer()}</td><td>wait to be read</td></tr>
 * <tr><td>rejects that wait to be written</td><td>2,048 and those of one message</td><td>reading stops</td></tr>
 * <tr><td>the merged extended handshake</td><td>64 KiB</td><td>ignored</td></tr>
 * </table>
 *
 * <p>What we have asked for ourselves, and the 4,096 requests whose late answers are forgiven, are not the peer's to grow.
 */
public final class WireLimits {
    private static final WireLimits DEFAULTS = builder().build();

    private final Builder set;

    private WireLimits(Builder set) {
        this.set = set;
    }

    /** The limits a wire has when none are given. */
    public static WireLimits defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these limits. */
    public Builder mutate() {
        return set.copy();
    }

    /**
     * How much of something odd is tolerated. The defaults:
     *
     * <table>
     * <caption>Tolerated</caption>
     * <tr><td>{@link Ignored#SPARE_BITS}, {@link Ignored#EXTENDED_WITHOUT_BIT}</td><td>none: BEP 3 and BEP 10 forbid them</td></tr>
     * <tr><td>{@link Ignored#KEEP_ALIVE}</td><td>100 in 10 s: each wakes the user up</td></tr>
     * <tr><td>{@link Ignored#UNKNOWN_MESSAGE}</td><td>20 in 60 s; none is what most clients do (libtorrent, Transmission)</td></tr>
     * <tr><td>{@link Ignored#UNKNOWN_EXTENSION}</td><td>100: some are on their way when an extension is withdrawn</td></tr>
     * <tr><td>{@link Ignored#LATE_BITFIELD}</td><td>64: real clients repeat it; none is the letter of BEP 6</td></tr>
     * <tr><td>{@link Ignored#UNSOLICITED_BLOCK}</td><td>16: without Fast a choke may cross a block</td></tr>
     * <tr><td>{@link Ignored#UNKNOWN_REJECT}</td><td>64: the field ignores them, BEP 6 would close</td></tr>
     * <tr><td>{@link Ignored#CHOKED_REQUEST}, {@link Ignored#INVALID_REQUEST}</td><td>300 (libtorrent)</td></tr>
     * <tr><td>{@link Ignored#INVALID_HASH_REQUEST}</td><td>100</td></tr>
     * <tr><td>{@link Ignored#REPEATED_REQUEST}, {@link Ignored#EXCESS_REQUEST}</td><td>four times
     *     {@link #maxQueuedUploads()} in 10 s</td></tr>
     * <tr><td>any other</td><td>2,097,152 in 60 s: as many as a torrent can have pieces, and no load</td></tr>
     * </table>
     */
    public Tolerance tolerance(Ignored kind) {
        Tolerance given = set.tolerances.get(kind);
        return given != null ? given : usual(kind);
    }

    private Tolerance usual(Ignored kind) {
        return switch (kind) {
            case SPARE_BITS, EXTENDED_WITHOUT_BIT -> Tolerance.NONE;
            case KEEP_ALIVE -> Tolerance.of(100, Duration.ofSeconds(10));
            case UNKNOWN_MESSAGE -> Tolerance.of(20, Duration.ofMinutes(1));
            case UNKNOWN_EXTENSION, INVALID_HASH_REQUEST -> Tolerance.of(100);
            case LATE_BITFIELD, UNKNOWN_REJECT -> Tolerance.of(64);
            case UNSOLICITED_BLOCK -> Tolerance.of(16);
            case CHOKED_REQUEST, INVALID_REQUEST -> Tolerance.of(300);
            case REPEATED_REQUEST, EXCESS_REQUEST -> Tolerance.of(4L * set.maxQueuedUploads, Duration.ofSeconds(10));
            default -> Tolerance.of(Builder.MOST_PIECES, Duration.ofMinutes(1));
        };
    }

    /** Longest message of any kind; a longer length prefix closes on its fourth byte. Default 1 MiB (libtorrent). */
    public int maxMessageLength() {
        return set.maxMessageLength;
    }

    /**
     * Longest block asked for, accepted or served. A longer one that is asked of us is an
     * {@link Ignored#INVALID_REQUEST}, a longer one that comes closes on its fifth byte. Default 16 KiB, as everybody
     * (BEP 3); at most 128 KiB.
     */
    public int maxBlockLength() {
        return set.maxBlockLength;
    }

    /**
     * While the shape is not known: pieces a peer may claim. A bitfield is then at most an eighth of it in bytes, and
     * longer ones close on their fifth byte. Default 2,097,152 (libtorrent).
     */
    public int maxPieces() {
        return set.maxPieces;
    }

    /** Longest extended handshake; a longer one closes on its sixth byte. Default 32 KiB; real ones have under 1 KiB. */
    public int maxExtendedHandshakeLength() {
        return set.maxExtendedHandshakeLength;
    }

    /** How deep and rich an extended handshake may be; one beyond is ignored and counted. Default depth 32, 4,096 tokens. */
    public BencodeLimits extendedHandshakeStructure() {
        return set.extendedHandshakeStructure;
    }

    /** Extended handshakes that are heard in the life of a wire; more are ignored and counted. Default 100. */
    public int maxExtendedHandshakes() {
        return set.maxExtendedHandshakes;
    }

    /**
     * Extended handshakes that are heard at once; after that one a second, and more are ignored and counted. Default 8.
     */
    public int extendedHandshakeBurst() {
        return set.extendedHandshakeBurst;
    }

    /**
     * Longest extended message with a number we have not given, in bytes behind the number; a longer one closes on its
     * sixth byte. Our extensions have limits of their own ({@code Extension.maxMessageLength()}). Default 64 KiB.
     */
    public int maxExtendedMessageLength() {
        return set.maxExtendedMessageLength;
    }

    /** Longest message with an unknown id; a longer one closes on its fifth byte. Default 16 KiB. */
    public int maxUnknownMessageLength() {
        return set.maxUnknownMessageLength;
    }

    /**
     * Hashes in one hashes message, proof not counted, and in one hash request (BEP 52): a longer answer closes on its
     * fifth byte, a request for more is rejected. Default 512 (BEP 52); libtorrent answers up to 8,192.
     */
    public int maxHashes() {
        return set.maxHashes;
    }

    /**
     * Requests of the peer that wait at once; announced as {@code reqq} (BEP 10). More are rejected under Fast and
     * dropped otherwise. Default 500, what Transmission assumes; libtorrent takes 2,000.
     */
    public int maxQueuedUploads() {
        return set.maxQueuedUploads;
    }

    /**
     * How many times the bytes of an allowed-fast piece are served to a peer we choke; more requests are
     * {@link Ignored#CHOKED_REQUEST}. Default 3 (libtorrent).
     */
    public int maxFastServes() {
        return set.maxFastServes;
    }

    /** Allowed-fast pieces of the peer that are kept (BEP 6); more are ignored and counted. Default 128. */
    public int maxAllowedFast() {
        return set.maxAllowedFast;
    }

    /** Suggestions of the peer that are kept (BEP 6); the oldest makes room. Default 16 (libtorrent). */
    public int maxSuggested() {
        return set.maxSuggested;
    }

    /** Collects limits; each method says what it sets in the method of {@link WireLimits} of the same name. */
    public static final class Builder implements Cloneable {
        private static final int MOST_PIECES = 2_097_152;

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

        /** See {@link WireLimits#tolerance}. */
        public Builder tolerance(Ignored kind, Tolerance tolerance) {
            tolerances.put(kind, tolerance);
            return this;
        }

        /** See {@link WireLimits#maxMessageLength()}; 1,024 to 16,777,216. */
        public Builder maxMessageLength(int bytes) {
            maxMessageLength = Ranges.check("maxMessageLength", bytes, 1024, 16_777_216);
            return this;
        }

        /** See {@link WireLimits#maxBlockLength()}; 1 to 131,072. */
        public Builder maxBlockLength(int bytes) {
            maxBlockLength = Ranges.check("maxBlockLength", bytes, 1, 131_072);
            return this;
        }

        /** See {@link WireLimits#maxPieces()}; 1 to 1,073,741,824. */
        public Builder maxPieces(int pieces) {
            maxPieces = Ranges.check("maxPieces", pieces, 1, 1_073_741_824);
            return this;
        }

        /** See {@link WireLimits#maxExtendedHandshakeLength()}; 64 to 1,048,576. */
        public Builder maxExtendedHandshakeLength(int bytes) {
            maxExtendedHandshakeLength = Ranges.check("maxExtendedHandshakeLength", bytes, 64, 1_048_576);
            return this;
        }

        /** See {@link WireLimits#extendedHandshakeStructure()}. */
        public Builder extendedHandshakeStructure(BencodeLimits structure) {
            extendedHandshakeStructure = structure;
            return this;
        }

        /** See {@link WireLimits#maxExtendedHandshakes()}; 1 to 1,000,000. */
        public Builder maxExtendedHandshakes(int handshakes) {
            maxExtendedHandshakes = Ranges.check("maxExtendedHandshakes", handshakes, 1, 1_000_000);
            return this;
        }

        /** See {@link WireLimits#extendedHandshakeBurst()}; 1 to 1,000,000. */
        public Builder extendedHandshakeBurst(int handshakes) {
            extendedHandshakeBurst = Ranges.check("extendedHandshakeBurst", handshakes, 1, 1_000_000);
            return this;
        }

        /** See {@link WireLimits#maxExtendedMessageLength()}; 0 to 16,777,216. */
        public Builder maxExtendedMessageLength(int bytes) {
            maxExtendedMessageLength = Ranges.check("maxExtendedMessageLength", bytes, 0, 16_777_216);
            return this;
        }

        /** See {@link WireLimits#maxUnknownMessageLength()}; 0 to 1,048,576. */
        public Builder maxUnknownMessageLength(int bytes) {
            maxUnknownMessageLength = Ranges.check("maxUnknownMessageLength", bytes, 0, 1_048_576);
            return this;
        }

        /** See {@link WireLimits#maxHashes()}; 2 to 8,192. */
        public Builder maxHashes(int hashes) {
            maxHashes = Ranges.check("maxHashes", hashes, 2, 8192);
            return this;
        }

        /** See {@link WireLimits#maxQueuedUploads()}; 1 to 65,536. */
        public Builder maxQueuedUploads(int requests) {
            maxQueuedUploads = Ranges.check("maxQueuedUploads", requests, 1, 65_536);
            return this;
        }

        /** See {@link WireLimits#maxFastServes()}; 0 to 1,000,000. */
        public Builder maxFastServes(int times) {
            maxFastServes = Ranges.check("maxFastServes", times, 0, 1_000_000);
            return this;
        }

        /** See {@link WireLimits#maxAllowedFast()}; 0 to 65,536. */
        public Builder maxAllowedFast(int pieces) {
            maxAllowedFast = Ranges.check("maxAllowedFast", pieces, 0, 65_536);
            return this;
        }

        /** See {@link WireLimits#maxSuggested()}; 0 to 65,536. */
        public Builder maxSuggested(int pieces) {
            maxSuggested = Ranges.check("maxSuggested", pieces, 0, 65_536);
            return this;
        }

        /** The limits. */
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
