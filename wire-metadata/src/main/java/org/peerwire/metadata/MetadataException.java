/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.jspecify.annotations.Nullable;
import org.peerwire.PeerFault;

/**
 * The failure of a fetch, or of {@link UtMetadata#serve} for a peer that floods us. The message is one line for people:
 * the failure, the number of peers, and the next step. Has no stack trace.
 */
public final class MetadataException extends RuntimeException implements PeerFault {
    private static final long serialVersionUID = 1L;

    /** The reasons of a failure. */
    public enum Reason {
        /** No peer is left to request from, and no further peer can join. */
        NO_PEERS,
        /** No peer supports {@code ut_metadata} or has metadata. */
        UNSUPPORTED,
        /** The peers claim a size above {@link MetadataOptions#maxSize()}. */
        TOO_LARGE,
        /** The data of the peers does not match the info hash. */
        INVALID,
        /** No progress was made for {@link MetadataOptions#idleTimeout()}. */
        TIMED_OUT,
        /**
         * A peer has sent {@link UtMetadata#TOLERATED} malformed or unrequested messages, which closes its wire. {@link
         * UtMetadata#serve} fails with it. A fetch continues with the other peers.
         */
        FLOODED
    }

    private final Reason reason;

    MetadataException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
    }

    /** Returns the reason of the failure. */
    public Reason reason() {
        return reason;
    }
}
