/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

/** A failure of a command with a message for people. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates a failure without a stack trace. */
    Failure(String message) {
        super(message, null, false, false);
    }
}
