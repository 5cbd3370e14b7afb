/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Optional;

/** A relay does not introduce us to a peer: {@link UtHolepunch#rendezvous} fails with it. */
public final class HolepunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;
    private final int errorCode;

    private HolepunchException(String message, boolean refused, int errorCode) {
        super(message, null, true, false);
        this.refused = refused;
        this.errorCode = errorCode;
    }

    static HolepunchException refused(HolepunchMessage error) {
        return new HolepunchException("the relay says: " + error, true, error.errorCode());
    }

    static HolepunchException unanswered(String message) {
        return new HolepunchException(message, false, 0);
    }

    /** Whether the relay has answered with an error; otherwise it has not answered in time or at all. */
    public boolean isRefused() {
        return refused;
    }

    /**
     * The error of the relay; empty if it has not answered, or with a code BEP 55 does not know, which is
     * {@link #errorCode()}.
     */
    public Optional<HolepunchError> error() {
        return refused ? HolepunchError.of(errorCode) : Optional.empty();
    }

    /** The code of the relay's error, all 32 bits of it, to be read as unsigned; 0 if it has not answered. */
    public int errorCode() {
        return errorCode;
    }
}
