/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;

/**
 * Which torrent a wire is about: the SHA-1 of its info dictionary (BEP 3), or the first twenty bytes of the SHA-256
 * (BEP 52).
 */
public final class InfoHash extends TwentyBytes {

    private InfoHash(byte[] bytes) {
        super(bytes);
    }

    /**
     * The info hash with these bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not 20
     */
    public static InfoHash of(byte[] bytes) {
        return new InfoHash(bytes);
    }

    /**
     * The info hash written as forty hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static InfoHash parse(String hex) {
        return new InfoHash(HexFormat.of().parseHex(hex));
    }

    /** Reads twenty bytes. */
    public static InfoHash read(ByteBuf in) {
        return new InfoHash(readBytes(in));
    }

    /** Forty hexadecimal digits. */
    @Override
    public String toString() {
        return toHex();
    }
}
