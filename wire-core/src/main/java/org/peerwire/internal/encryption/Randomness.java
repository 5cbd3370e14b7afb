/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.security.SecureRandom;

/** The source of secrets and pads. May block: not for an event loop. */
public interface Randomness {
    /** Returns the secret exponent of a key exchange, 20 bytes. */
    byte[] secret();

    /** Returns a pad of a random length, at most 512 bytes. */
    byte[] pad();

    /** The source of the operating system. */
    static Randomness secure() {
        return new Randomness() {
            @Override
            public byte[] secret() {
                return bytes(KeyPair.SECRET_LENGTH);
            }

            @Override
            public byte[] pad() {
                return bytes(new SecureRandom()
                        .nextInt(Exchange.MAX_PAD)); // at most 511, because a draft of the specification allows no more
            }

            private byte[] bytes(int length) {
                byte[] bytes = new byte[length];
                new SecureRandom().nextBytes(bytes);
                return bytes;
            }
        };
    }
}
