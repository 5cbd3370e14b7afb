/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** The SHA-256 root of a file's hash tree, which identifies the file in the hash messages of BEP 52. Immutable. */
public final class MerkleRoot {
    /** The length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private MerkleRoot(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the root with a copy of these bytes.
     *
     * @throws IllegalArgumentException if the length is not 32
     */
    public static MerkleRoot of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("MerkleRoot must be 32 bytes, was " + bytes.length);
        }
        return new MerkleRoot(bytes.clone());
    }

    /**
     * Reads a root of 32 bytes. The buffer is not released.
     *
     * @throws IndexOutOfBoundsException if fewer than 32 bytes are readable
     */
    public static MerkleRoot read(ByteBuf in) {
        byte[] bytes = new byte[LENGTH];
        in.readBytes(bytes);
        return new MerkleRoot(bytes);
    }

    /** Writes the 32 bytes to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MerkleRoot root && Arrays.equals(bytes, root.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the bytes as 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
