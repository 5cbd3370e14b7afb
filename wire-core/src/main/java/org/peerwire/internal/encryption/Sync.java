/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

/** Searches a stream for a pattern, byte by byte, without a look back (Knuth, Morris, Pratt). */
final class Sync {
    private final byte[] pattern;
    private final int[] border;
    private int matched;

    Sync(byte[] pattern) {
        this.pattern = pattern;
        this.border = new int[pattern.length];
        for (int i = 1, length = 0; i < pattern.length; ) {
            if (pattern[i] == pattern[length]) {
                border[i++] = ++length;
            } else if (length > 0) {
                length = border[length - 1];
            } else {
                i++;
            }
        }
    }

    /** Takes the next byte. Returns true if it completes the pattern. */
    boolean next(byte b) {
        while (matched > 0 && pattern[matched] != b) {
            matched = border[matched - 1];
        }
        if (pattern[matched] == b) {
            matched++;
        }
        return matched == pattern.length;
    }
}
