/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import org.jspecify.annotations.Nullable;

/** A failure of a {@link Swarm}, with one line for people. */
public final class SwarmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failures. */
    public enum Reason {
        /** No address is left to dial, and no port is open. Needs a limit of {@link Patience}. */
        NO_PEERS,
        /** No wire has been open for the time of {@link Patience}. */
        UNREACHABLE,
        /** No data has arrived for the time of {@link Patience#progress()}. */
        NO_PROGRESS,
        /** The port cannot be opened. */
        PORT,
        /** The store lacks pieces that are to be served. */
        INCOMPLETE,
        /** The torrent cannot be exchanged by this version. */
        UNSUPPORTED,
        /** The JVM has failed in a task of the swarm, for example without memory. The cause is its error. */
        FATAL,
        /** The swarm is closed. */
        CLOSED
    }

    private final Reason reason;

    /** Creates a failure without a stack trace. */
    public SwarmException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates a failure without a stack trace of its own. */
    public SwarmException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
    }

    /** Returns the kind of the failure. */
    public Reason reason() {
        return reason;
    }
}
