/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.peerwire.InfoHash;

/** The notations of an info hash in links and on the command line. Each is read in either case. */
final class HashText {
    /** The code of SHA-256 and its length in a multihash. */
    static final String SHA256_PREFIX = "1220";

    /** The notation that {@link #v1} reads, for an error message. */
    static final String V1 = "40 hexadecimal or 32 base32 characters";

    /** The notation that {@link #multihash} reads, for an error message. */
    static final String MULTIHASH = SHA256_PREFIX + " and 64 hexadecimal characters";

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final Pattern HEX_20 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern BASE32_20 = Pattern.compile("[a-z2-7]{32}");
    private static final Pattern HEX_32 = Pattern.compile("[0-9a-f]{64}");

    private HashText() {}

    static Optional<InfoHash> v1(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (HEX_20.matcher(lower).matches()) {
            return Optional.of(InfoHash.parse(lower));
        }
        return BASE32_20.matcher(lower).matches() ? Optional.of(InfoHash.of(base32(lower))) : Optional.empty();
    }

    static Optional<InfoHashV2> multihash(String text) {
        return text.startsWith(SHA256_PREFIX) ? v2(text.substring(SHA256_PREFIX.length())) : Optional.empty();
    }

    static Optional<InfoHashV2> v2(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return HEX_32.matcher(lower).matches() ? Optional.of(InfoHashV2.parse(lower)) : Optional.empty();
    }

    private static byte[] base32(String text) {
        byte[] bytes = new byte[InfoHash.LENGTH];
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            int digit = BASE32.indexOf(text.charAt(bit / 5));
            if ((digit >> (4 - bit % 5) & 1) != 0) {
                bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
            }
        }
        return bytes;
    }
}
