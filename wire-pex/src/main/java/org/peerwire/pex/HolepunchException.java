/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Optional;

/** A failed rendezvous: the relay refused it or did not answer. See {@link UtHolepunch#rendezvous}. */
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
        return new HolepunchException("the relay refused: " + error, true, error.errorCode());
    }

    static HolepunchException unanswered(String message) {
        return new HolepunchException(message, false, 0);
    }

    /** Returns true if the relay answered with an error, and false if it did not answer in time. */
    public boolean isRefused() {
        return refused;
    }

    /**
     * Returns the error of the relay, or empty if it did not answer or BEP 55 does not define {@link #errorCode()}.
     */
    public Optional<HolepunchError> error() {
        return refused ? HolepunchError.of(errorCode) : Optional.empty();
    }

    /** Returns the unsigned 32-bit code of the error, or 0 if the relay did not answer. */
    public int errorCode() {
        return errorCode;
    }
}
