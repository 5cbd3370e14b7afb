/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/**
 * The position of a block: the body of request, cancel and reject (BEP 3, BEP 6).
 *
 * <p>The fields on the wire are 32-bit unsigned. No torrent has a field above 2<sup>31</sup>−1. If a hostile peer sends
 * one, it appears here as a negative number, bit for bit, so that a reject can repeat it. The block exchange refuses
 * such values from a user.
 *
 * @param piece the index of the piece, from 0
 * @param offset the offset of the first byte within the piece ({@code begin} in BEP 3)
 * @param length the number of bytes: by convention 16,384, less at the end of a torrent
 */
public record BlockRequest(int piece, int offset, int length) {

    /** The conventional length of a block: 16 KiB. */
    public static final int BLOCK_LENGTH = 16 * 1024;

    /** Returns true if a torrent could have the block: {@code piece} ≥ 0, {@code offset} ≥ 0 and {@code length} > 0. */
    public boolean isPlausible() {
        return piece >= 0 && offset >= 0 && length > 0;
    }

    /**
     * Returns the offset of the first byte after the block: the unsigned sum of offset and length, without overflow.
     */
    public long end() {
        return Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(length);
    }

    @Override
    public String toString() {
        return "block " + Integer.toUnsignedString(piece) + ":" + Integer.toUnsignedString(offset) + "+"
                + Integer.toUnsignedString(length);
    }
}
