/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** The info hash of a version 2 torrent: the SHA-256 of the info dictionary, 32 bytes (BEP 52). Immutable. */
public final class InfoHashV2 {
    /** Bytes in the hash. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private InfoHashV2(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The hash with these bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not 32
     */
    public static InfoHashV2 of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw Ranges.failure("bytes.length", "32", bytes.length);
        }
        return new InfoHashV2(bytes.clone());
    }

    /**
     * The hash written as 64 hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static InfoHashV2 parse(String hex) {
        if (hex.length() != 2 * LENGTH || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw Ranges.failure("hex", "64 hexadecimal digits", hex);
        }
        return new InfoHashV2(HexFormat.of().parseHex(hex));
    }

    /** The first twenty bytes: what stands in a handshake. */
    public InfoHash truncated() {
        return InfoHash.of(Arrays.copyOf(bytes, InfoHash.LENGTH));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InfoHashV2 hash && Arrays.equals(bytes, hash.bytes);
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
