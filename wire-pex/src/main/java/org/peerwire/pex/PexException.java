/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import org.peerwire.PeerFault;

/**
 * A violation of the message rate: the peer sends peer exchange messages far more often than
 * {@link PexLimits#tolerated()} allows. {@link UtPex#events} closes the wire before it fails with this exception.
 */
public final class PexException extends RuntimeException implements PeerFault {
    private static final long serialVersionUID = 1L;

    PexException(String message) {
        super(message, null, true, false);
    }
}
