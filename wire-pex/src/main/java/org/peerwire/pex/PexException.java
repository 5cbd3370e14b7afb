/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

/**
 * The peer sends peer exchange messages far more often than BEP 11 allows: {@link PexLimits#tolerated()} tells how
 * far. {@link UtPex#events} fails with it after it has closed the wire.
 */
public final class PexException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PexException(String message) {
        super(message, null, true, false);
    }
}
