/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.Locale;
import org.peerwire.EncryptionPolicy;

/** What users can say about encryption. */
enum Encryption {
    PLAINTEXT(EncryptionPolicy.PLAINTEXT_ONLY),
    ALLOW(EncryptionPolicy.PREFER_PLAINTEXT),
    PREFER(EncryptionPolicy.PREFER_ENCRYPTED),
    REQUIRE(EncryptionPolicy.REQUIRE);

    private final EncryptionPolicy policy;

    Encryption(EncryptionPolicy policy) {
        this.policy = policy;
    }

    EncryptionPolicy policy() {
        return policy;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
