/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** The common part of an info hash and a peer id: twenty immutable bytes. */
abstract sealed class TwentyBytes permits InfoHash, PeerId {
    /** The length in bytes. */
    public static final int LENGTH = 20;

    private final byte[] bytes;

    TwentyBytes(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw Ranges.failure(getClass().getSimpleName(), LENGTH + " bytes", bytes.length);
        }
        this.bytes = bytes.clone();
    }

    static byte[] readBytes(ByteBuf in) {
        byte[] bytes = new byte[LENGTH];
        in.readBytes(bytes);
        return bytes;
    }

    /** Returns a copy of the bytes. */
    public final byte[] bytes() {
        return bytes.clone();
    }

    /** Writes the bytes to {@code out}. */
    public final void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** Returns the bytes as forty lower-case hexadecimal digits. */
    public final String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    final byte[] raw() {
        return bytes;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TwentyBytes that
                && that instanceof InfoHash == this instanceof InfoHash
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
