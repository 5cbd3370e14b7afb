/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.peerwire.message.BlockRequest;

/** A block that was asked for will not come. The wire goes on, but for CLOSED. */
public final class RequestException extends WireException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The peer chokes us. */
        CHOKED,
        /** The peer refused (BEP 6), or no longer has the piece (BEP 54). */
        REJECTED,
        /** No answer within {@link WireOptions#requestTimeout()}. */
        TIMED_OUT,
        /** A {@link org.peerwire.message.Message.Cancel} for it was sent by hand. */
        CANCELLED,
        /** The same block is outstanding on this wire already. */
        DUPLICATE,
        /** The wire has ended. */
        CLOSED
    }

    private final Reason reason;
    private final transient BlockRequest request;

    /** For the engine. */
    public RequestException(Reason reason, BlockRequest request) {
        super(request + ": " + reason, null);
        this.reason = reason;
        this.request = request;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Which block. */
    public BlockRequest request() {
        return request;
    }
}
