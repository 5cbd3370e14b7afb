/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Arrays;
import java.util.Optional;

/** The error codes of a relay (BEP 55). */
public enum HolepunchError {
    /** The address is invalid, or the relay does not introduce these two peers. */
    NO_SUCH_PEER(1),
    /** The relay has no wire to the target. */
    NOT_CONNECTED(2),
    /** The target does not support {@code ut_holepunch}. */
    NO_SUPPORT(3),
    /** The target is the relay or the peer that asks. */
    NO_SELF(4);

    private final int code;

    HolepunchError(int code) {
        this.code = code;
    }

    /** Returns the code in the message, 1 to 4. */
    public int code() {
        return code;
    }

    /** Returns the error with a code, or empty for a code that BEP 55 does not define. */
    public static Optional<HolepunchError> of(int code) {
        return Arrays.stream(values()).filter(error -> error.code == code).findAny();
    }

    /** Returns the name of a code, or its unsigned number. */
    static String describe(int code) {
        return of(code).map(HolepunchError::name).orElseGet(() -> "error code " + Integer.toUnsignedString(code));
    }
}
