/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;

/**
 * The identifier of a torrent: the SHA-1 of its info dictionary (BEP 3), or the first twenty bytes of its SHA-256 (BEP
 * 52). Immutable.
 */
public final class InfoHash extends TwentyBytes {

    private InfoHash(byte[] bytes) {
        super(bytes);
    }

    /**
     * Returns the info hash with a copy of these bytes.
     *
     * @throws IllegalArgumentException if the length is not 20
     */
    public static InfoHash of(byte[] bytes) {
        return new InfoHash(bytes);
    }

    /**
     * Returns the info hash with these forty hexadecimal digits, of either case.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static InfoHash parse(String hex) {
        return new InfoHash(HexFormat.of().parseHex(hex));
    }

    /** Reads an info hash of twenty bytes. The buffer is not released. */
    public static InfoHash read(ByteBuf in) {
        return new InfoHash(readBytes(in));
    }

    /** Returns the same as {@link #toHex()}. */
    @Override
    public String toString() {
        return toHex();
    }
}
