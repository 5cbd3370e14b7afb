/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.jspecify.annotations.Nullable;

/** The connection, not what was said over it. */
public final class ConnectionException extends WireException {
    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Reason {
        /** The transport failed: a reset, an unreachable host. The cause tells. */
        FAILED,
        /** The peer closed in the middle of a message. */
        TRUNCATED,
        /** Nothing came for {@link WireOptions#idleTimeout()}. */
        IDLE,
        /** The wire had ended before. */
        CLOSED,
        /** A subscriber took nothing for {@link WireOptions#stallTimeout()} while its queue was full. Only it fails. */
        SLOW_SUBSCRIBER,
        /** {@link WireOptions#outboundQueue()} messages are waiting to be written. Only the message fails. */
        OVERFLOW
    }

    private final Reason reason;

    /** For the engine. */
    public ConnectionException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** For the engine. */
    public ConnectionException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** What happened. */
    public Reason reason() {
        return reason;
    }
}
