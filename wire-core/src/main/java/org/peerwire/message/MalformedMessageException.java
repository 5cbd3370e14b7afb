/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/** Bytes that are no message: the length does not fit the id. */
public final class MalformedMessageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int messageId;

    MalformedMessageException(int messageId, String message) {
        super(message);
        this.messageId = messageId;
    }

    /** The id, 0 to 255. */
    public int messageId() {
        return messageId;
    }
}
