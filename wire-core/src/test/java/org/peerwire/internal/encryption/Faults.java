/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.peerwire.HandshakeException;

final class Faults {
    private Faults() {}

    static void assertFails(ThrowingCallable feeding, String why) {
        assertThatThrownBy(feeding)
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                        .isEqualTo(HandshakeException.Reason.ENCRYPTION));
    }
}
