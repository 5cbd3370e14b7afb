/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.jspecify.annotations.Nullable;

/** A failure before both handshakes were done. No wire was opened, and the connection is closed. */
public final class HandshakeException extends WireException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /**
         * The peer's first twenty bytes are not those of BEP 3. It speaks another protocol, or encryption that the
         * policy does not allow; see {@link EncryptionPolicy}.
         */
        NOT_BITTORRENT,
        /**
         * The encrypted handshake is malformed, names an unknown torrent or shares no method; or it is missing although
         * the policy requires it. Add the torrent to {@link EncryptionKeys}, or allow more in {@link EncryptionPolicy}.
         */
        ENCRYPTION,
        /**
         * This side is at a limit: {@link KeyExchangeLimits#waiting()} key exchanges wait already, or a server
         * has {@link WireServer#maxConnections}. Or {@link WireOptions#encryptionScheduler()} is disposed. Retry later,
         * or raise the limit.
         */
        BUSY,
        /**
         * The peer answered with another info hash, or sent another one inside an encrypted handshake. It does not have
         * the torrent; try another peer.
         */
        WRONG_INFO_HASH,
        /** The peer is not the one set by {@link WireClient#expecting}. Another client may have got its address. */
        WRONG_PEER_ID,
        /** The {@link Admission} was empty, failed, or returned another torrent. The cause is its error, if any. */
        NOT_ADMITTED,
        /** The peer id is this side's own: the client dialled itself. Remove the address from the list of peers. */
        SELF,
        /** The handshakes took longer than {@link WireOptions#handshakeTimeout()}. Try another peer, or retry later. */
        TIMED_OUT,
        /**
         * The connection ended before both handshakes were done. Peers do that when they do not have the torrent, have
         * too many connections, or want encryption.
         */
        CLOSED
    }

    private final Reason reason;

    /** Creates a failure with a cause. Used by the engine. */
    public HandshakeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Creates a failure without a cause. Used by the engine. */
    public HandshakeException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
