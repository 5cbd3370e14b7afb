/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.math.BigInteger;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;

/** A secret exponent and its public key, for a Diffie-Hellman exchange modulo a prime of 768 bits. */
final class KeyPair {
    /** Bytes of a secret exponent. */
    static final int SECRET_LENGTH = 20;
    /** Bytes of a public key and of a shared secret, always, with leading zeros. */
    static final int LENGTH = 96;

    private static final BigInteger PRIME = new BigInteger(
            "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
                    + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
            16);

    private static final BigInteger LARGEST = PRIME.subtract(BigInteger.TWO);

    private final BigInteger secret;
    private final byte[] publicKey;

    /** Computes the public key. Slow: not for an event loop. */
    KeyPair(byte[] secret) {
        this.secret = new BigInteger(1, secret);
        this.publicKey = padded(BigInteger.TWO.modPow(this.secret, PRIME));
    }

    /** Returns the public key, 96 bytes. */
    byte[] publicKey() {
        return publicKey;
    }

    /** Returns the shared secret, 96 bytes. Slow: not for an event loop. */
    byte[] agree(byte[] theirs) {
        return padded(new BigInteger(1, theirs).modPow(secret, PRIME));
    }

    /** Refuses the keys that make the secret known to everybody: 0, 1, P-1, and numbers that are not below P. */
    static void check(byte[] publicKey) {
        BigInteger y = new BigInteger(1, publicKey);
        if (y.compareTo(BigInteger.TWO) < 0 || y.compareTo(LARGEST) > 0) {
            throw new HandshakeException(
                    Reason.ENCRYPTION,
                    "the peer's public key is degenerate: " + (y.bitLength() < 64 ? y.toString() : "P-1 or more"));
        }
    }

    /** Returns a number as 96 bytes; with its sign it may have 97, or fewer than 96. */
    private static byte[] padded(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[LENGTH];
        int length = Math.min(bytes.length, LENGTH);
        System.arraycopy(bytes, bytes.length - length, padded, LENGTH - length, length);
        return padded;
    }
}
