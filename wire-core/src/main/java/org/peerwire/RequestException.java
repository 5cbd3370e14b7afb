/* SPDX-License-Identifier: MIT */
package org.peerwire;

import org.peerwire.message.BlockRequest;

/** The failure of one request for a block. The wire stays open, except after {@link Reason#CLOSED}. */
public final class RequestException extends WireException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Reason {
        /** The peer chokes this side. Wait for an unchoke in {@link Wire#states()}; downloads do that themselves. */
        CHOKED,
        /**
         * The peer sent a reject (BEP 6), a block without bytes or, without Fast, {@code lt_donthave} for the piece
         * (BEP 54). Ask another peer.
         */
        REJECTED,
        /**
         * No answer came within {@link WireOptions#requestTimeout()}, and the request was cancelled. Ask another peer.
         */
        TIMED_OUT,
        /** This side sent a {@link org.peerwire.message.Message.Cancel} for it through {@link Wire#outbound()}. */
        CANCELLED,
        /** A request for the same piece and offset is outstanding on this wire. Wait for that one. */
        DUPLICATE,
        /** The wire has ended. {@link Wire#onClose()} has the reason. Ask another peer. */
        CLOSED
    }

    private final Reason reason;
    private final transient BlockRequest request;

    /** Creates a failure. Used by the engine. */
    public RequestException(Reason reason, BlockRequest request) {
        super(request + ": " + reason, null);
        this.reason = reason;
        this.request = request;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns the requested block. */
    public BlockRequest request() {
        return request;
    }
}
