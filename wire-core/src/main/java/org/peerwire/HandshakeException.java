/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.jspecify.annotations.Nullable;

/** The two handshakes did not come about, so there is no wire. */
public final class HandshakeException extends WireException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The first twenty bytes are not those of BEP 3. */
        NOT_BITTORRENT,
        /** The encrypted handshake went wrong, or the peer came with a plain one where encryption is required. */
        ENCRYPTION,
        /** More encrypted handshakes wait for their turn than {@link WireOptions#keyExchangesWaiting()}. */
        BUSY,
        /** The peer answered with another info hash. */
        WRONG_INFO_HASH,
        /** The peer is not the one {@link WireClient#expecting} has named. */
        WRONG_PEER_ID,
        /** The admission turned the peer away, or failed. */
        NOT_ADMITTED,
        /** The peer id is our own: we dialled ourselves. */
        SELF,
        /** {@link WireOptions#handshakeTimeout()} passed before both handshakes were done. */
        TIMED_OUT,
        /** The connection ended before both handshakes were done. */
        CLOSED
    }

    private final Reason reason;

    /** For the engine. */
    public HandshakeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** For the engine. */
    public HandshakeException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
