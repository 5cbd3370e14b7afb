/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An immutable set of piece indices in the order of the wire: piece 0 is the high bit of byte 0 (BEP 3).
 *
 * <p>A set decoded from a bitfield of a torrent whose piece count is not yet known has the capacity of its bytes; two
 * sets are equal when they have the same bytes.
 */
public final class PieceSet {
    private static final PieceSet EMPTY = new PieceSet(new byte[0], 0);

    private final byte[] bits;
    private final int capacity;

    private PieceSet(byte[] bits, int capacity) {
        this.bits = bits;
        this.capacity = capacity;
    }

    /** No pieces, of unknown number. */
    public static PieceSet empty() {
        return EMPTY;
    }

    /**
     * No pieces out of {@code pieceCount}.
     *
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public static PieceSet none(int pieceCount) {
        return new PieceSet(new byte[byteLength(pieceCount)], pieceCount);
    }

    /**
     * All pieces out of {@code pieceCount}; spare bits are 0.
     *
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public static PieceSet all(int pieceCount) {
        byte[] bits = new byte[byteLength(pieceCount)];
        Arrays.fill(bits, (byte) 0xff);
        if (pieceCount % 8 != 0) {
            bits[bits.length - 1] = (byte) (0xff << (8 - pieceCount % 8));
        }
        return new PieceSet(bits, pieceCount);
    }

    /**
     * The given pieces out of {@code pieceCount}.
     *
     * @throws IndexOutOfBoundsException if one is negative or not below {@code pieceCount}
     */
    public static PieceSet of(int pieceCount, int... pieces) {
        PieceSet set = none(pieceCount);
        for (int piece : pieces) {
            set.bits[Objects.checkIndex(piece, pieceCount) >> 3] |= (byte) mask(piece);
        }
        return set;
    }

    /**
     * The given pieces out of {@code pieceCount}.
     *
     * @throws IndexOutOfBoundsException if one is not below {@code pieceCount}
     */
    public static PieceSet of(int pieceCount, BitSet pieces) {
        return of(pieceCount, pieces.stream().toArray());
    }

    /** The set whose bitfield is the readable bytes of {@code bytes}, which are read and not released. */
    public static PieceSet read(ByteBuf bytes) {
        byte[] bits = new byte[bytes.readableBytes()];
        bytes.readBytes(bits);
        return new PieceSet(bits, Math.multiplyExact(bits.length, 8));
    }

    /** How many pieces there can be: the torrent's piece count, or 8 per byte while that is not known. */
    public int capacity() {
        return capacity;
    }

    /** How many pieces are in the set. */
    public int cardinality() {
        int count = 0;
        for (byte b : bits) {
            count += Integer.bitCount(b & 0xff);
        }
        return count;
    }

    /** Whether {@code piece} is in the set; false for any index outside it. */
    public boolean contains(int piece) {
        return piece >= 0 && piece < capacity && (bits[piece >> 3] & mask(piece)) != 0;
    }

    /** Whether every piece below {@link #capacity()} is in the set and there is at least one. */
    public boolean isComplete() {
        return capacity > 0 && cardinality() == capacity;
    }

    /** The indices in the set, ascending. */
    public IntStream stream() {
        return IntStream.range(0, capacity).filter(this::contains);
    }

    /** Bytes of the bitfield. */
    public int byteLength() {
        return bits.length;
    }

    /** Bytes of a bitfield for {@code pieceCount} pieces. */
    public static int byteLength(int pieceCount) {
        if (pieceCount < 0) {
            throw new IllegalArgumentException("pieceCount must be 0 or more, was " + pieceCount);
        }
        return (int) ((pieceCount + 7L) / 8);
    }

    /** Appends the bitfield to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(bits);
    }

    /** Whether a bit behind the last of {@code pieceCount} pieces is set in the last byte (BEP 3 says it must not be). */
    public boolean hasSpareBits(int pieceCount) {
        return pieceCount % 8 != 0
                && bits.length == byteLength(pieceCount)
                && (bits[bits.length - 1] & (0xff >> (pieceCount % 8))) != 0;
    }

    /** The same pieces in a torrent of {@code pieceCount}; indices at or behind it are left out. */
    public PieceSet resize(int pieceCount) {
        byte[] copy = Arrays.copyOf(bits, byteLength(pieceCount));
        if (pieceCount % 8 != 0) {
            copy[copy.length - 1] &= (byte) (0xff << (8 - pieceCount % 8));
        }
        return new PieceSet(copy, pieceCount);
    }

    private static int mask(int piece) {
        return 0x80 >> (piece & 7);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PieceSet set && Arrays.equals(bits, set.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }

    @Override
    public String toString() {
        return cardinality() + " of " + capacity + " pieces";
    }
}
