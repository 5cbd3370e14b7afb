/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.Locale;
import org.peerwire.EncryptionPolicy;

/** What users can say about encryption. */
enum Encryption {
    PLAINTEXT,
    ALLOW,
    PREFER,
    REQUIRE;

    EncryptionPolicy policy() {
        return switch (this) {
            case PLAINTEXT -> EncryptionPolicy.PLAINTEXT_ONLY;
            case ALLOW -> EncryptionPolicy.PREFER_PLAINTEXT;
            case PREFER -> EncryptionPolicy.PREFER_ENCRYPTED;
            case REQUIRE -> EncryptionPolicy.REQUIRE;
        };
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
