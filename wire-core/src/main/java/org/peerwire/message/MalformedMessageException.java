/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/** A malformed message: its length does not fit its id. */
public final class MalformedMessageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int messageId;

    MalformedMessageException(int messageId, String message) {
        super(message);
        this.messageId = messageId;
    }

    /** Returns the id of the message, 0 to 255. */
    public int messageId() {
        return messageId;
    }
}
