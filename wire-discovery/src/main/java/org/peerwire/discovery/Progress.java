/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

/**
 * The state of a download as a tracker is told it (BEP 3).
 *
 * @param uploaded the bytes sent to peers; not negative
 * @param downloaded the bytes received from peers; not negative
 * @param left the bytes still missing; 0 for a seed
 */
public record Progress(long uploaded, long downloaded, long left) {

    /** Checks the numbers. */
    public Progress {
        if (uploaded < 0 || downloaded < 0 || left < 0) {
            throw new IllegalArgumentException("uploaded, downloaded and left must not be negative, were " + uploaded
                    + ", " + downloaded + ", " + left);
        }
    }
}
