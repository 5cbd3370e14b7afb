/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;

/** A set of addresses of 256 bytes, which tells how many they are (BEP 33). Two hashes of each address are bits of it. */
final class BloomFilter {
    /** The length in bytes. */
    static final int LENGTH = 256;

    private static final int BITS = LENGTH * 8;

    private final BitSet bits;

    BloomFilter() {
        this(new BitSet(BITS));
    }

    private BloomFilter(BitSet bits) {
        this.bits = bits;
    }

    /** Returns the filter of 256 bytes. */
    static BloomFilter of(byte[] bytes) {
        return new BloomFilter(BitSet.valueOf(bytes));
    }

    void add(InetAddress address) {
        byte[] hash = sha1(address.getAddress());
        bits.set(((hash[0] & 0xff) | ((hash[1] & 0xff) << 8)) % BITS);
        bits.set(((hash[2] & 0xff) | ((hash[3] & 0xff) << 8)) % BITS);
    }

    void addAll(BloomFilter other) {
        bits.or(other.bits);
    }

    byte[] bytes() {
        byte[] bytes = new byte[LENGTH];
        byte[] used = bits.toByteArray();
        System.arraycopy(used, 0, bytes, 0, used.length);
        return bytes;
    }

    /** Returns the estimated number of addresses, up to about 7,800. */
    double estimate() {
        double zeros = Math.max(1, BITS - bits.cardinality());
        return zeros == BITS ? 0 : Math.log(zeros / BITS) / (2 * Math.log(1 - 1.0 / BITS));
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
