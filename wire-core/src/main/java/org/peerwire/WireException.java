/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a wire, or of a request on it. Each of the four subclasses has a {@code reason()} for programs and a
 * message with the numbers for people.
 *
 * <ul>
 * <li>{@link HandshakeException}: no wire was opened. Try another peer.
 * <li>{@link ProtocolException}: the peer violated the protocol. Do not dial it again soon.
 * <li>{@link ConnectionException}: the connection failed, or this program is too slow or too late.
 * <li>{@link RequestException}: one block did not come. The wire stays open, except after CLOSED.
 * </ul>
 *
 * <p>The exceptions have no stack trace of their own: the cause is the peer, not the caller.
 */
public abstract sealed class WireException extends RuntimeException implements PeerFault
        permits HandshakeException, ProtocolException, RequestException, ConnectionException {
    private static final long serialVersionUID = 1L;

    WireException(String message, @Nullable Throwable cause) {
        super(message, cause, true, false); // a lost peer fails many requests at once: stack traces would be costly
    }
}
