/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An immutable set of piece indices in the bit order of the wire: piece 0 is the high bit of byte 0 (BEP 3).
 *
 * <p>Before the piece count is known, a decoded bitfield has the capacity of its bytes. Two sets are equal if their
 * bytes are.
 */
public final class PieceSet {
    private static final PieceSet EMPTY = new PieceSet(new byte[0], 0);

    private final byte[] bits;
    private final int capacity;

    private PieceSet(byte[] bits, int capacity) {
        this.bits = bits;
        this.capacity = capacity;
    }

    /** Returns a set without pieces, of capacity 0. */
    public static PieceSet empty() {
        return EMPTY;
    }

    /**
     * Returns an empty set with capacity {@code pieceCount}.
     *
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public static PieceSet none(int pieceCount) {
        return new PieceSet(new byte[byteLength(pieceCount)], pieceCount);
    }

    /**
     * Returns a complete set with capacity {@code pieceCount}. Its spare bits are 0.
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
     * Returns a set of these pieces with capacity {@code pieceCount}.
     *
     * @throws IndexOutOfBoundsException if a piece is negative or not below {@code pieceCount}
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public static PieceSet of(int pieceCount, int... pieces) {
        PieceSet set = none(pieceCount);
        for (int piece : pieces) {
            set.bits[Objects.checkIndex(piece, pieceCount) >> 3] |= (byte) mask(piece);
        }
        return set;
    }

    /**
     * Returns a set of these pieces with capacity {@code pieceCount}.
     *
     * @throws IndexOutOfBoundsException if a piece is not below {@code pieceCount}
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public static PieceSet of(int pieceCount, BitSet pieces) {
        return of(pieceCount, pieces.stream().toArray());
    }

    /** Reads all readable bytes as a bitfield. The buffer is not released. */
    public static PieceSet read(ByteBuf bytes) {
        byte[] bits = new byte[bytes.readableBytes()];
        bytes.readBytes(bits);
        return new PieceSet(bits, Math.multiplyExact(bits.length, 8));
    }

    /** Returns the piece count of the torrent, or 8 per byte before that is known. */
    public int capacity() {
        return capacity;
    }

    /** Returns the number of pieces in the set. */
    public int cardinality() {
        int count = 0;
        for (byte b : bits) {
            count += Integer.bitCount(b & 0xff);
        }
        return count;
    }

    /** Returns true if {@code piece} is in the set, and false for an index outside the capacity. */
    public boolean contains(int piece) {
        return piece >= 0 && piece < capacity && (bits[piece >> 3] & mask(piece)) != 0;
    }

    /** Returns true if every piece below {@link #capacity()} is in the set. An empty set is not complete. */
    public boolean isComplete() {
        return capacity > 0 && cardinality() == capacity;
    }

    /** Returns the indices in the set, in ascending order. */
    public IntStream stream() {
        return IntStream.range(0, capacity).filter(this::contains);
    }

    /** Returns the length of the bitfield in bytes. */
    public int byteLength() {
        return bits.length;
    }

    /**
     * Returns the length of a bitfield for {@code pieceCount} pieces, in bytes.
     *
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public static int byteLength(int pieceCount) {
        if (pieceCount < 0) {
            throw new IllegalArgumentException("pieceCount must be 0 or more, was " + pieceCount);
        }
        return (int) ((pieceCount + 7L) / 8);
    }

    /** Writes the bitfield to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(bits);
    }

    /** Returns true if the last byte has a bit after the last of {@code pieceCount} pieces. BEP 3 forbids such bits. */
    public boolean hasSpareBits(int pieceCount) {
        return pieceCount % 8 != 0
                && bits.length == byteLength(pieceCount)
                && (bits[bits.length - 1] & (0xff >> (pieceCount % 8))) != 0;
    }

    /**
     * Returns the pieces below {@code pieceCount}, with that capacity.
     *
     * @throws IllegalArgumentException if {@code pieceCount} is negative
     */
    public PieceSet resize(int pieceCount) {
        byte[] copy = Arrays.copyOf(bits, byteLength(pieceCount));
        if (pieceCount % 8 != 0) {
            copy[copy.length - 1] &= (byte) (0xff << (8 - pieceCount % 8));
        }
        return new PieceSet(copy, pieceCount);
    }

    /**
     * Returns a set with one more piece and the same capacity.
     *
     * @throws IndexOutOfBoundsException if the piece is negative or not below {@link #capacity()}
     */
    public PieceSet with(int piece) {
        byte[] copy = bits.clone();
        copy[Objects.checkIndex(piece, capacity) >> 3] |= (byte) mask(piece);
        return new PieceSet(copy, capacity);
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
