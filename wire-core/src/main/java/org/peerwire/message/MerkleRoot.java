/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** The SHA-256 root of a file's hash tree: which file a hash message of BEP 52 is about. */
public final class MerkleRoot {
    /** Bytes in a root. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private MerkleRoot(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The root with these bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not 32
     */
    public static MerkleRoot of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("MerkleRoot must be 32 bytes, was " + bytes.length);
        }
        return new MerkleRoot(bytes.clone());
    }

    /** Reads 32 bytes. */
    public static MerkleRoot read(ByteBuf in) {
        byte[] bytes = new byte[LENGTH];
        in.readBytes(bytes);
        return new MerkleRoot(bytes);
    }

    /** Appends the 32 bytes to {@code out}. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** A copy of the bytes. */
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

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
