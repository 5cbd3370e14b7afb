/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.jspecify.annotations.Nullable;

/**
 * Why a wire, or a request on it, has failed. Every failure is one of four, each with a reason to switch on and the
 * numbers in its message.
 */
public abstract sealed class WireException extends RuntimeException
        permits HandshakeException, ProtocolException, RequestException, ConnectionException {
    private static final long serialVersionUID = 1L;

    WireException(String message, @Nullable Throwable cause) {
        super(message, cause, true, false); // a signal of the peer, not a fault of the caller: the stack says nothing
    }
}
