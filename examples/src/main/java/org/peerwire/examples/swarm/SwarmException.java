/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

/** Something went wrong that a user can understand: the message is for people. */
public final class SwarmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a message for people. */
    public SwarmException(String message) {
        super(message, null, false, false);
    }
}
