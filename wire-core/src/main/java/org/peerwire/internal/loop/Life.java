/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

/** The states of a connection, in their order. {@link WireContext#enter} is the one method that changes it. */
public enum Life {
    /** Exchanges handshakes. */
    OPENING,
    /** Waits for the admission of the peer, and then for its peer id. */
    ADMITTING,
    /** Is a wire that the user has or is about to receive. */
    OPEN,
    /** Writes what is queued and then ends. */
    CLOSING,
    /** Has ended, for good. */
    ENDED
}
