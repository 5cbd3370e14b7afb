/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * A point of the key space: the id of a node, or the info hash of a torrent (BEP 5). The distance of two points is
 * their exclusive or, as an unsigned number.
 *
 * @param high bits 0 to 63, of which bit 0 is the most significant
 * @param middle bits 64 to 127
 * @param low bits 128 to 159
 */
public record NodeId(long high, long middle, int low) {
    /** The length in bytes. */
    public static final int LENGTH = 20;

    /** The length in bits. */
    static final int BITS = 160;

    /** Returns the id of twenty bytes from {@code offset} on. */
    static NodeId of(byte[] bytes, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new NodeId(buffer.getLong(offset), buffer.getLong(offset + 8), buffer.getInt(offset + 16));
    }

    /** Returns the id of twenty bytes. */
    public static NodeId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a node id must have 20 bytes, had " + bytes.length);
        }
        return of(bytes, 0);
    }

    static NodeId random(RandomGenerator random) {
        return new NodeId(random.nextLong(), random.nextLong(), random.nextInt());
    }

    /** Returns the bytes, a new array. */
    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(high)
                .putLong(middle)
                .putInt(low)
                .array();
    }

    /** Returns the number of leading bits that both ids share, 0 to 160. */
    int commonPrefix(NodeId other) {
        if (high != other.high) {
            return Long.numberOfLeadingZeros(high ^ other.high);
        }
        if (middle != other.middle) {
            return 64 + Long.numberOfLeadingZeros(middle ^ other.middle);
        }
        return 128 + Integer.numberOfLeadingZeros(low ^ other.low);
    }

    /** Compares the distances of two ids to this one. Negative if the first one is closer. */
    int compareDistance(NodeId one, NodeId two) {
        int order = Long.compareUnsigned(one.high ^ high, two.high ^ high);
        if (order != 0) {
            return order;
        }
        order = Long.compareUnsigned(one.middle ^ middle, two.middle ^ middle);
        return order != 0 ? order : Integer.compareUnsigned(one.low ^ low, two.low ^ low);
    }

    /** Returns an id that shares exactly the first {@code bits} bits, less than 160, with this one; the rest is random. */
    NodeId randomNeighbour(int bits, RandomGenerator random) {
        NodeId other = random(random);
        long keepHigh = mask(bits);
        long keepMiddle = mask(bits - 64);
        int keepLow = (int) (mask(bits - 128) >>> 32);
        NodeId merged = new NodeId(
                (high & keepHigh) | (other.high & ~keepHigh),
                (middle & keepMiddle) | (other.middle & ~keepMiddle),
                (low & keepLow) | (other.low & ~keepLow));
        return merged.bit(bits) == bit(bits) ? merged.flip(bits) : merged;
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
    }

    private boolean bit(int index) {
        return flip(index).compareTo(this) < 0;
    }

    private NodeId flip(int index) {
        return new NodeId(
                index < 64 ? high ^ (1L << (63 - index)) : high,
                index >= 64 && index < 128 ? middle ^ (1L << (127 - index)) : middle,
                index >= 128 ? low ^ (1 << (159 - index)) : low);
    }

    private int compareTo(NodeId other) {
        return new NodeId(0, 0, 0).compareDistance(this, other);
    }

    /** Returns forty hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x%08x", high, middle, low);
    }
}
