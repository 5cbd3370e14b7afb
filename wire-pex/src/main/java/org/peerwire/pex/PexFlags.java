/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.StringJoiner;

/**
 * The properties of a peer in one byte (BEP 11). Immutable. Undefined bits are kept.
 *
 * @param bits the byte, 0 to 255
 */
public record PexFlags(int bits) {
    private static final int PREFERS_ENCRYPTION = 0x01;
    private static final int SEED = 0x02;
    private static final int UTP = 0x04;
    private static final int HOLEPUNCH = 0x08;
    private static final int REACHABLE = 0x10;

    /** No flags. */
    public static final PexFlags NONE = new PexFlags(0);

    /** Checks the range. */
    public PexFlags {
        if (bits < 0 || bits > 255) {
            throw new IllegalArgumentException("bits must be 0 to 255, was " + bits);
        }
    }

    /** Returns true if the peer prefers encrypted connections: 0x01. */
    public boolean prefersEncryption() {
        return has(PREFERS_ENCRYPTION);
    }

    /** Returns true if the peer only uploads, as seeds do: 0x02. */
    public boolean seed() {
        return has(SEED);
    }

    /** Returns true if the peer supports uTP: 0x04. */
    public boolean utp() {
        return has(UTP);
    }

    /** Returns true if the peer supports the holepunch extension (BEP 55): 0x08. */
    public boolean holepunch() {
        return has(HOLEPUNCH);
    }

    /** Returns true if the sender dialled the peer, so that it can be dialled: 0x10. */
    public boolean reachable() {
        return has(REACHABLE);
    }

    /** Returns these flags with {@link #prefersEncryption()}. */
    public PexFlags withPrefersEncryption() {
        return with(PREFERS_ENCRYPTION);
    }

    /** Returns these flags with {@link #seed()}. */
    public PexFlags withSeed() {
        return with(SEED);
    }

    /** Returns these flags with {@link #utp()}. */
    public PexFlags withUtp() {
        return with(UTP);
    }

    /** Returns these flags with {@link #holepunch()}. */
    public PexFlags withHolepunch() {
        return with(HOLEPUNCH);
    }

    /** Returns these flags with {@link #reachable()}. */
    public PexFlags withReachable() {
        return with(REACHABLE);
    }

    private boolean has(int mask) {
        return (bits & mask) != 0;
    }

    private PexFlags with(int mask) {
        return new PexFlags(bits | mask);
    }

    /** Returns two hexadecimal digits and the names of the flags. */
    @Override
    public String toString() {
        StringJoiner names = new StringJoiner(", ", String.format("%02x", bits) + "[", "]");
        String[] all = {"prefersEncryption", "seed", "utp", "holepunch", "reachable"};
        for (int bit = 0; bit < all.length; bit++) {
            if (has(1 << bit)) {
                names.add(all[bit]);
            }
        }
        return names.toString();
    }
}
