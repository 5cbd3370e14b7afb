/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Arrays;
import java.util.Optional;

/** Why a relay does not introduce two peers, by BEP 55. */
public enum HolepunchError {
    /** The address is none a peer can have, or the relay does not bring these two together. */
    NO_SUCH_PEER(1),
    /** The relay has no wire to the target. */
    NOT_CONNECTED(2),
    /** The target does not speak {@code ut_holepunch}. */
    NO_SUPPORT(3),
    /** The target is the relay, or the peer that asks. */
    NO_SELF(4);

    private final int code;

    HolepunchError(int code) {
        this.code = code;
    }

    /** The number in the message, 1 to 4. */
    public int code() {
        return code;
    }

    /** The error with this number; empty for a number BEP 55 does not know. */
    public static Optional<HolepunchError> of(int code) {
        return Arrays.stream(values()).filter(error -> error.code == code).findAny();
    }

    /** The name of a code, or its unsigned number. */
    static String describe(int code) {
        return of(code).map(HolepunchError::name).orElseGet(() -> "error code " + Integer.toUnsignedString(code));
    }
}
