/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Collection;

/** What happens to the bytes behind an encrypted handshake: the methods of message stream encryption. */
public enum EncryptionMethod {
    /** Only the handshake is obfuscated, what follows is plain. */
    PLAINTEXT(1),
    /** Everything is encrypted with RC4. */
    RC4(2);

    private final int bit;

    EncryptionMethod(int bit) {
        this.bit = bit;
    }

    /** The bits of several together. */
    public static int bits(Collection<EncryptionMethod> methods) {
        return methods.stream().mapToInt(EncryptionMethod::bit).reduce(0, (a, b) -> a | b);
    }

    /** The bit that stands for it in {@code crypto_provide} and {@code crypto_select}. */
    public int bit() {
        return bit;
    }
}
