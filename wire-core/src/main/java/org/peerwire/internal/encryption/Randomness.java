/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.security.SecureRandom;

/** Where secrets and pads come from. May block: not to be asked on an event loop. */
public interface Randomness {
    /** The secret exponent of a key exchange, 20 bytes. */
    byte[] secret();

    /** A pad of a random length that suits the peer, at most 512 bytes. */
    byte[] pad();

    /** The system's. */
    static Randomness secure() {
        return new Randomness() {
            @Override
            public byte[] secret() {
                return bytes(KeyPair.SECRET_LENGTH);
            }

            @Override
            public byte[] pad() {
                return bytes(new SecureRandom().nextInt(Exchange.MAX_PAD)); // one less: 511 is the limit of a draft
            }

            private byte[] bytes(int length) {
                byte[] bytes = new byte[length];
                new SecureRandom().nextBytes(bytes);
                return bytes;
            }
        };
    }
}
