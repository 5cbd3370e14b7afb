/* SPDX-License-Identifier: MIT */
package org.peerwire;

/**
 * The limits for the key exchanges of one client or server; see {@link EncryptionPolicy}.
 *
 * @param atOnce the maximum number of threads that compute, 1 to 1,024; default 2
 * @param waiting the maximum number of key exchanges that wait for a thread, 0 to 1,048,576; default 1,024. Further
 *     connections fail with {@link HandshakeException.Reason#BUSY}
 */
public record KeyExchangeLimits(int atOnce, int waiting) {
    /** The default: two at once, 1,024 waiting. */
    public static final KeyExchangeLimits DEFAULT = new KeyExchangeLimits(2, 1024);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public KeyExchangeLimits {
        Ranges.check("atOnce", atOnce, 1, 1024);
        Ranges.check("waiting", waiting, 0, 1_048_576);
    }
}
