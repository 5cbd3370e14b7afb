/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.peerwire.bencode.BencodeException.Reason;

/**
 * The decoder of bencode (BEP 3). Thread-safe.
 *
 * <p>Every method returns a value or throws a {@link BencodeException}. No input makes it recurse, or allocate more
 * than a small multiple of the input's length. Values hold a copy of their bytes.
 */
public final class Bencode {

    /** The deviations from the canonical form that are common on the network and leave the value unambiguous. */
    public enum SoftError {
        /** A dictionary key that sorts before the previous one. */
        UNSORTED_KEYS,
        /** A dictionary key that equals the previous one. Other repetitions are {@link #UNSORTED_KEYS}. */
        DUPLICATE_KEY,
        /** An integer or a string length with a leading zero. */
        LEADING_ZERO,
        /** The integer {@code -0}. */
        NEGATIVE_ZERO,
        /** An integer outside 64 bits; {@link BencodeValue#asLong()} is empty for it. */
        INTEGER_OVERFLOW
    }

    /**
     * A value read from the start of a buffer.
     *
     * @param value the value
     * @param length the length of the value in bytes
     * @param softErrors the deviations in the value, empty if it is canonical
     */
    public record Decoded(BencodeValue value, int length, Set<SoftError> softErrors) {

        /** Copies the set. */
        public Decoded {
            softErrors = softErrors.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(softErrors));
        }
    }

    private Bencode() {}

    /**
     * Decodes an input of exactly one value within {@link BencodeLimits#DEFAULT}. Soft errors are tolerated.
     *
     * @throws BencodeException if the input has another form or exceeds the limits
     */
    public static BencodeValue decode(byte[] input) {
        return decode(input, BencodeLimits.DEFAULT);
    }

    /**
     * Decodes an input of exactly one value. Soft errors are tolerated.
     *
     * @throws BencodeException if the input has another form or exceeds the limits
     */
    public static BencodeValue decode(byte[] input, BencodeLimits limits) {
        return decodeWhole(input, limits, false);
    }

    /**
     * Decodes an input of exactly one value in canonical form.
     *
     * @throws BencodeException if the input has another form or exceeds the limits; for a soft error with
     *     {@link Reason#NOT_CANONICAL}
     */
    public static BencodeValue decodeStrict(byte[] input, BencodeLimits limits) {
        return decodeWhole(input, limits, true);
    }

    /**
     * Reads one value from the start of {@code input}. The bytes after it, as in a message of BEP 9, are not read. The
     * buffer is not released. Soft errors are tolerated and returned.
     *
     * @throws BencodeException if there is no value, or it exceeds the limits; then nothing is read
     */
    public static Decoded decode(ByteBuf input, BencodeLimits limits) {
        BencodeScanner scanner = new BencodeScanner(input, limits, false);
        byte[] encoded = new byte[scanner.scan()];
        input.readBytes(encoded);
        return new Decoded(new BencodeValue(encoded), encoded.length, scanner.softErrors());
    }

    private static BencodeValue decodeWhole(byte[] input, BencodeLimits limits, boolean strict) {
        byte[] encoded = input.clone();
        int length = new BencodeScanner(Unpooled.wrappedBuffer(encoded), limits, strict).scan();
        if (length < encoded.length) {
            throw new BencodeException(
                    Reason.TRAILING_BYTES, length, (encoded.length - length) + " bytes after the value");
        }
        return new BencodeValue(encoded);
    }
}
