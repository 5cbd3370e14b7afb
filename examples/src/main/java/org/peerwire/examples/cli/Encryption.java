/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.util.Locale;
import org.peerwire.EncryptionPolicy;

/** The values of the option {@code --encryption}. */
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

    /** Returns the value as on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
