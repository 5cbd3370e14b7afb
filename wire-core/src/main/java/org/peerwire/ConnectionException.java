/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.jspecify.annotations.Nullable;

/** A failure of the connection below the protocol, or of this side's use of it. */
public final class ConnectionException extends WireException {
    private static final long serialVersionUID = 1L;

    /**
     * The kinds of failure. The first three end the wire; the others fail only the publisher that they are emitted on.
     */
    public enum Reason {
        /**
         * The transport failed, for example with a reset, or a dial reached nobody. The message says in words what
         * happened, and the cause is the transport's error. The peer may be dialled again.
         */
        FAILED,
        /** The peer closed in the middle of a message. It may be dialled again. */
        TRUNCATED,
        /** The peer sent nothing for {@link WireOptions#idleTimeout()}. It may be dialled again. */
        IDLE,
        /**
         * The wire had ended before, or ended first. The cause is the failure of the wire, null after an orderly end.
         */
        CLOSED,
        /**
         * A subscriber took no message for {@link WireOptions#stallTimeout()} while its queue was full, or its queue
         * overflowed at the end of the connection. Request more, or enlarge {@link WireOptions#subscriberQueue()}.
         */
        SLOW_SUBSCRIBER,
        /**
         * {@link WireOptions#outboundQueue()} messages wait to be written. Wait for earlier sends to complete, or use
         * {@link MessageSink#send(org.reactivestreams.Publisher)}.
         */
        OVERFLOW
    }

    private final Reason reason;

    /** Creates a failure with a cause. Used by the engine. */
    public ConnectionException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Creates a failure without a cause. Used by the engine. */
    public ConnectionException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
