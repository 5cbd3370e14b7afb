/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/**
 * A block named by where it lies: the body of request, cancel and reject (BEP 3, BEP 6).
 *
 * <p>The wire has 32-bit unsigned fields. A field above 2<sup>31</sup>−1 is legal in no torrent; a hostile peer that
 * sends one shows here as a negative number, bit for bit, so that it can be rejected with the same numbers. The block
 * exchange takes no such value from <em>you</em>.
 *
 * @param piece index of the piece, from 0
 * @param offset first byte of the block within the piece (the specification's {@code begin})
 * @param length bytes in the block; 16,384 by convention, less at the end of a torrent
 */
public record BlockRequest(int piece, int offset, int length) {

    /** The length every client uses: 16 KiB. */
    public static final int BLOCK_LENGTH = 16 * 1024;

    /** Whether all fields are in the range a torrent can have: {@code piece}, {@code offset} ≥ 0, {@code length} > 0. */
    public boolean isPlausible() {
        return piece >= 0 && offset >= 0 && length > 0;
    }

    /** The unsigned sum of offset and length: the first byte behind the block; never wraps. */
    public long end() {
        return Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(length);
    }

    @Override
    public String toString() {
        return "block " + Integer.toUnsignedString(piece) + ":" + Integer.toUnsignedString(offset) + "+"
                + Integer.toUnsignedString(length);
    }
}
