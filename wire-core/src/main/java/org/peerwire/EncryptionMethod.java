/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Collection;

/** The encryption of the bytes after an encrypted handshake: the methods of message stream encryption. */
public enum EncryptionMethod {
    /** Plain bytes after an obfuscated handshake. */
    PLAINTEXT(1),
    /** RC4 for all bytes. */
    RC4(2);

    private final int bit;

    EncryptionMethod(int bit) {
        this.bit = bit;
    }

    /** Returns the bits of several methods together. */
    public static int bits(Collection<EncryptionMethod> methods) {
        return methods.stream().mapToInt(EncryptionMethod::bit).reduce(0, (a, b) -> a | b);
    }

    /** Returns the bit of the method in {@code crypto_provide} and {@code crypto_select}. */
    public int bit() {
        return bit;
    }
}
