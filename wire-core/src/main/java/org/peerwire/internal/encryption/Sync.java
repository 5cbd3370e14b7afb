/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

/** Looks for bytes in a stream, each of which it sees once, however the stream is cut (Knuth, Morris, Pratt). */
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

    /** Takes the next byte; true when it is the last of the pattern. */
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
