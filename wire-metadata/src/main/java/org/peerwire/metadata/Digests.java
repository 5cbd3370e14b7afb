/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two hash functions of the protocol. Every Java platform has both. */
final class Digests {

    private Digests() {}

    static MessageDigest sha1() {
        return digest("SHA-1");
    }

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
