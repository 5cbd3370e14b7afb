/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The HASH of message stream encryption: SHA-1 of a short ASCII prefix and some bytes. */
@FunctionalInterface
public interface Sha1 {
    /** The hash function. */
    Sha1 DIGEST = Sha1::digest;

    /** Returns the hash, 20 bytes. */
    byte[] of(String label, byte[]... parts);

    private static byte[] digest(String label, byte[]... parts) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(label.getBytes(StandardCharsets.US_ASCII));
            for (byte[] part : parts) {
                sha1.update(part);
            }
            return sha1.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-1
        }
    }
}
