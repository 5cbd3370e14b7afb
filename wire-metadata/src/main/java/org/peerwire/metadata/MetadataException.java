/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import org.jspecify.annotations.Nullable;

/** The metadata could not be had from the peers there were. The message counts what happened. No stack trace. */
public final class MetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** No peer is left, and none will come, that could be asked. */
        NO_PEERS,
        /** No peer speaks {@code ut_metadata} or has metadata. */
        UNSUPPORTED,
        /** The peers claim a size over {@link MetadataOptions#maxSize()}. */
        TOO_LARGE,
        /** What the peers sent is not what the info hash stands for. */
        INVALID,
        /** Nothing useful has come for {@link MetadataOptions#idleTimeout()}. */
        TIMED_OUT,
        /**
         * A peer has sent {@link UtMetadata#TOLERATED} messages that were none or that nobody asked for, and its wire has
         * been closed. {@link UtMetadata#serve} fails with it; a fetch goes on with the other peers.
         */
        FLOODED
    }

    private final Reason reason;

    MetadataException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
    }

    /** Why not. */
    public Reason reason() {
        return reason;
    }
}
