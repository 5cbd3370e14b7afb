/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens that allow an address to announce (BEP 5): the first eight bytes of an HMAC over the IP address. The secret
 * changes every five minutes, and that before it is still accepted, so a token is good for five to ten minutes.
 */
final class Tokens {
    static final long ROTATION_MILLIS = 5 * 60_000;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LENGTH = 8;

    private final RandomGenerator random;
    private final LongSupplier clock;
    private Mac current;
    private Mac previous;
    private long rotated;

    Tokens(RandomGenerator random, LongSupplier clock) {
        this.random = random;
        this.clock = clock;
        this.current = secret();
        this.previous = current;
        this.rotated = clock.getAsLong();
    }

    String create(InetAddress address) {
        rotate();
        return token(current, address);
    }

    boolean isValid(String token, InetAddress address) {
        rotate();
        return isEqual(token, token(current, address)) || isEqual(token, token(previous, address));
    }

    private static boolean isEqual(String one, String two) {
        return MessageDigest.isEqual(one.getBytes(ISO_8859_1), two.getBytes(ISO_8859_1));
    }

    private void rotate() {
        long age = clock.getAsLong() - rotated;
        if (age >= ROTATION_MILLIS) {
            previous = age >= 2 * ROTATION_MILLIS ? secret() : current;
            current = secret();
            rotated += age;
        }
    }

    private static String token(Mac secret, InetAddress address) {
        return new String(secret.doFinal(address.getAddress()), 0, LENGTH, ISO_8859_1);
    }

    private Mac secret() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
