/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.peerwire.InfoHash;

/**
 * The peer's half of message stream encryption with RC4. It sends no pads, so that every byte has a known position, and
 * shares no code with the library, which is under test.
 */
final class KeyExchange {
    static final int KEY_LENGTH = 96;
    private static final int HASH_LENGTH = 20;
    private static final int VC_LENGTH = 8;

    /** The bytes of an initiator before its handshake: key, two hashes, VC, method, two lengths. */
    static final int INITIATOR_LENGTH = KEY_LENGTH + 2 * HASH_LENGTH + VC_LENGTH + 4 + 2 + 2;

    /** The bytes of a responder before its handshake: key, VC, method, one length. */
    static final int RESPONDER_LENGTH = KEY_LENGTH + VC_LENGTH + 4 + 2;

    private static final int RC4 = 2;
    private static final int DISCARDED = 1024;
    private static final BigInteger PRIME = new BigInteger(
            "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
                    + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
            16);

    /** The same in every trial: the peer of a test has no secret to keep. */
    private static final BigInteger SECRET = new BigInteger("9d1e0b6a4f17c3528ba3d0e9f6172c4b58d7a610", 16);

    private static final byte[] PUBLIC_KEY = padded(BigInteger.TWO.modPow(SECRET, PRIME));

    private final InfoHash torrent;
    private final byte[] shared;
    private final Cipher out;
    private final Cipher in;

    /** Computes the shared secret with the public key of the wire. */
    KeyExchange(byte[] theirKey, InfoHash torrent, boolean initiating) {
        this.torrent = torrent;
        this.shared = padded(new BigInteger(1, theirKey).modPow(SECRET, PRIME));
        this.out = cipher(initiating ? "keyA" : "keyB");
        this.in = cipher(initiating ? "keyB" : "keyA");
    }

    static byte[] publicKey() {
        return PUBLIC_KEY.clone();
    }

    /** Returns the 20 bytes that end the first pad of an initiator. */
    byte[] mark() {
        return sha1("req1", shared);
    }

    /** Returns the bytes that an initiator sends after its key, with this handshake at their end. */
    byte[] initiation(byte[] handshake) {
        byte[] hidden = sha1("req2", torrent.bytes());
        byte[] mask = sha1("req3", shared);
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] ^= mask[i];
        }
        ByteBuffer head = ByteBuffer.allocate(VC_LENGTH + 4 + 2 + 2 + handshake.length);
        head.putLong(0).putInt(RC4).putShort((short) 0).putShort((short) handshake.length);
        return join(mark(), hidden, encrypt(head.put(handshake).array()));
    }

    /** Returns the bytes that a responder sends after its key, with this handshake at their end. */
    byte[] response(byte[] handshake) {
        ByteBuffer head = ByteBuffer.allocate(VC_LENGTH + 4 + 2);
        return join(encrypt(head.putLong(0).putInt(RC4).putShort((short) 0).array()), encrypt(handshake));
    }

    byte[] encrypt(byte[] plain) {
        return out.update(plain);
    }

    byte[] decrypt(byte[] encrypted) {
        return in.update(encrypted);
    }

    static byte[] join(byte[]... parts) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts));
    }

    private Cipher cipher(String name) {
        try {
            Cipher cipher = Cipher.getInstance("RC4");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(sha1(name, shared, torrent.bytes()), "RC4"));
            cipher.update(new byte[DISCARDED]);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha1(String name, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(name.getBytes(US_ASCII));
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] padded(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[KEY_LENGTH];
        int length = Math.min(bytes.length, KEY_LENGTH);
        System.arraycopy(bytes, bytes.length - length, padded, KEY_LENGTH - length, length);
        return padded;
    }
}
