/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import org.jspecify.annotations.Nullable;

/** A failure of an operation of a {@link Dht}. */
public final class DhtException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** No socket could be opened. */
        NO_SOCKET,
        /** No node has answered. */
        NO_NODES,
        /** The node is closed. */
        CLOSED
    }

    /** The kind of failure. */
    private final Reason reason;

    /** Creates a failure. */
    public DhtException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }
}
