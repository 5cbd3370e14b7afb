/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;

class KeyPairTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String PRIME =
            "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
                    + "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a362100000000000905";

    private static byte[] number(String lastByte) {
        return HEX.parseHex(PRIME + lastByte);
    }

    private static byte[] small(int value) {
        byte[] bytes = new byte[96];
        bytes[95] = (byte) value;
        return bytes;
    }

    private static byte[] ones() {
        byte[] bytes = new byte[96];
        Arrays.fill(bytes, (byte) -1);
        return bytes;
    }

    // case 104
    @Test
    void twoSidesAgreeWithFixedKeys() {
        KeyPair a = new KeyPair(Vector.XA);
        KeyPair b = new KeyPair(Vector.XB);

        assertThat(a.publicKey()).isEqualTo(Vector.YA);
        assertThat(b.publicKey()).isEqualTo(Vector.YB);
        assertThat(a.agree(b.publicKey())).isEqualTo(Vector.S);
        assertThat(b.agree(a.publicKey())).isEqualTo(Vector.S);
    }

    // case 104
    @Test
    void twoSidesAgreeWithRandomKeys() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] xa = new byte[20];
            byte[] xb = new byte[20];
            random.nextBytes(xa);
            random.nextBytes(xb);
            KeyPair a = new KeyPair(xa);
            KeyPair b = new KeyPair(xb);

            assertThat(a.publicKey()).hasSize(96);
            assertThat(a.agree(b.publicKey())).hasSize(96).isEqualTo(b.agree(a.publicKey()));
        }
    }

    // case 104
    @Test
    void a60_degenerateKeysAreRefused() {
        for (byte[] key : new byte[][] {small(0), small(1), number("62"), number("63"), number("64"), ones()}) {
            assertThatThrownBy(() -> KeyPair.check(key))
                    .as(HEX.formatHex(key))
                    .isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                            .isEqualTo(HandshakeException.Reason.ENCRYPTION));
        }
    }

    @Test
    void a60_theSmallestAndTheLargestKeyAreAccepted() {
        assertThatCode(() -> KeyPair.check(small(2))).doesNotThrowAnyException();
        assertThatCode(() -> KeyPair.check(number("61"))).doesNotThrowAnyException();
        assertThat(new BigInteger(1, number("63")).isProbablePrime(20)).isTrue();
    }

    // Once in 256 handshakes; unpadded the mark would begin with 969d6474.
    @Test
    void a66_leadingZerosAreSentAndHashed() {
        KeyPair pair = new KeyPair(new byte[] {0x03, 0x1d}); // 797

        byte[] shared = pair.agree(Vector.YB);

        assertThat(HEX.formatHex(pair.publicKey())).startsWith("00000000").hasSize(192);
        assertThat(HEX.formatHex(shared)).startsWith("007e1100").hasSize(192);
        assertThat(HEX.formatHex(new Secrets(shared, Sha1.DIGEST).mark()))
                .isEqualTo("cefc06b893b5e868c9bd6903f5968aa0e2e8722a");
    }

    @Test
    void whatFollowsFromTheSharedNumberIsThatOfTheSpecification() {
        Secrets secrets = new Secrets(Vector.S, Sha1.DIGEST);

        assertThat(HEX.formatHex(secrets.mark())).isEqualTo("f71fd11472c8a312c692d89b94d81d13bc6d5b81");
        assertThat(HEX.formatHex(secrets.hiddenKey(Vector.SKEY))).isEqualTo("60304ccb3d0a5d151afce0ed1133bf5de7ba1eb6");
        assertThat(HEX.formatHex(secrets.unhide(secrets.hiddenKey(Vector.SKEY))))
                .isEqualTo("c53e104df251973b6f2678b56ce4c0ec074aa6b0");
        assertThat(HEX.formatHex(secrets.initiatorKey(Vector.SKEY).apply(new byte[32])))
                .isEqualTo("0b61510c6f7656ae15b7bd02522cbf58e22cf642be00f52cdcd8aee3d80d4895");
        assertThat(HEX.formatHex(secrets.responderKey(Vector.SKEY).apply(new byte[32])))
                .isEqualTo("3e3b2361cfd9ff262b7cd1c0edc90f9a3a8fb4daebce8e9f8ffa09d195448e83");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 19, 20})
    void keysAreNeverShorterThanTheirPlace(int secretLength) {
        byte[] secret = new byte[secretLength];
        secret[secretLength - 1] = 1;

        assertThat(new KeyPair(secret).publicKey()).isEqualTo(small(2));
        assertThat(InfoHash.of(Vector.SKEY.bytes())).isEqualTo(Vector.SKEY);
    }
}
