/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

/** A failure with a message for people. */
public final class SwarmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates a failure without a stack trace. */
    public SwarmException(String message) {
        super(message, null, false, false);
    }
}
