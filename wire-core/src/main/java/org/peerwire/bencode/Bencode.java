/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.peerwire.bencode.BencodeException.Reason;

/**
 * Decodes bencode (BEP 3).
 *
 * <p>Every method gives the value or throws a {@link BencodeException}; no input makes it use more stack or more memory
 * than a small multiple of the input's length. Results own a copy of their bytes.
 */
public final class Bencode {

    /** A deviation from the canonical form that is common on the network and leaves no doubt about the value. */
    public enum SoftError {
        /** A dictionary key sorts before the one in front of it. */
        UNSORTED_KEYS,
        /** A dictionary key equals the one in front of it; repeats further apart show as {@link #UNSORTED_KEYS}. */
        DUPLICATE_KEY,
        /** An integer or a string length with a 0 in front of other digits. */
        LEADING_ZERO,
        /** {@code -0}. */
        NEGATIVE_ZERO,
        /** An integer outside 64 bits; {@link BencodeValue#asLong()} is empty for it. */
        INTEGER_OVERFLOW
    }

    /**
     * A value read from the front of a buffer.
     *
     * @param value the value
     * @param length bytes it took
     * @param softErrors the kinds of deviation in it, empty if it is canonical
     */
    public record Decoded(BencodeValue value, int length, Set<SoftError> softErrors) {

        /** Keeps a copy of the set. */
        public Decoded {
            softErrors = softErrors.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(softErrors));
        }
    }

    private Bencode() {}

    /**
     * Decodes an input that is one value and nothing else, within {@link BencodeLimits#DEFAULT}; soft errors are
     * tolerated.
     *
     * @throws BencodeException if it is not
     */
    public static BencodeValue decode(byte[] input) {
        return decode(input, BencodeLimits.DEFAULT);
    }

    /**
     * Decodes an input that is one value and nothing else; soft errors are tolerated.
     *
     * @throws BencodeException if it is not, or is beyond the limits
     */
    public static BencodeValue decode(byte[] input, BencodeLimits limits) {
        return decodeWhole(input, limits, false);
    }

    /**
     * Decodes an input that is one value in canonical form and nothing else.
     *
     * @throws BencodeException if it is not, or is beyond the limits; a soft error is {@link Reason#NOT_CANONICAL}
     */
    public static BencodeValue decodeStrict(byte[] input, BencodeLimits limits) {
        return decodeWhole(input, limits, true);
    }

    /**
     * Reads one value from the front of {@code input}, which is left standing behind it and is not released; whatever
     * follows, as in a message of BEP 9, is not looked at. Soft errors are tolerated and told.
     *
     * @throws BencodeException if no value stands there, or it is beyond the limits; {@code input} has not moved then
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
                    Reason.TRAILING_BYTES, length, (encoded.length - length) + " bytes behind the value");
        }
        return new BencodeValue(encoded);
    }
}
