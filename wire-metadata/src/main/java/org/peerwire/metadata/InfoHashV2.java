/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/** The info hash of a version 2 torrent: the SHA-256 of the info dictionary, 32 bytes (BEP 52). Immutable. */
public final class InfoHashV2 {
    /** The length of the hash in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private InfoHashV2(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the hash with a copy of these bytes.
     *
     * @throws IllegalArgumentException if the length is not 32
     */
    public static InfoHashV2 of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw Ranges.failure("bytes.length", "32", bytes.length);
        }
        return new InfoHashV2(bytes.clone());
    }

    /**
     * Returns the hash in hexadecimal notation.
     *
     * @param hex 64 digits of either case
     * @throws IllegalArgumentException if the text is not 64 hexadecimal digits
     */
    public static InfoHashV2 parse(String hex) {
        if (hex.length() != 2 * LENGTH || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw Ranges.failure("hex", "64 hexadecimal digits", hex);
        }
        return new InfoHashV2(HexFormat.of().parseHex(hex));
    }

    /** Returns the first twenty bytes, which a handshake contains. */
    public InfoHash truncated() {
        return InfoHash.of(Arrays.copyOf(bytes, InfoHash.LENGTH));
    }

    /** Returns a copy of the bytes. */
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

    /** Returns 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
