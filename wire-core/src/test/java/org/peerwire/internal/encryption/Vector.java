/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.peerwire.InfoHash;

/** An exchange whose bytes were computed by another implementation. */
final class Vector {
    static final InfoHash SKEY = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    static final byte[] XA = hex("101112131415161718191a1b1c1d1e1f20212223");
    static final byte[] XB = hex("808182838485868788898a8b8c8d8e8f90919293");
    static final byte[] YA = hex("792c3d978edb1712be835b8a9bcf544a5b4fc3edf4c44b66c5269bb4906696e1"
            + "67541e42f6485a64d704d9f28b428a023f44820075b9e731e27d8d5a754030009928656cc51208d37df5834b72a12aa9"
            + "54860c16916ff7d4ddd34c3e6bcfa5e6");
    static final byte[] YB = hex("17c6baff1805f918c3b7fe6c294fcb3e40aebf56ef6aa1f61f9fd418bf27e913"
            + "2a03c844b49a23837ddc9e3483d12a4d7b3c215816b87d564bc9c9774a2b2069d6b9343bbbf4e0c40126d274c1fba9e4"
            + "e9285e016dba0cc3b19ddb1a0f991653");
    static final byte[] S = hex("4305b1e6fcac62ba932a56f12e64deb9e30eee65732e6d281a2126b7658f1ded"
            + "328bf813b110b79011b965dde1d24ed77f74037c0b41d7a7672cd36ce8c1c2b0af811674758073bdd53dee1371bf0bdf"
            + "69f647be5ae5ed374bcc1f0a1f0e11a6");
    static final byte[] HANDSHAKE = hex("13426974546f7272656e742070726f746f636f6c0000000000100005"
            + "0102030405060708090a0b0c0d0e0f10111213142d5257303030312d6162636465666768696a6b6c");
    static final byte[] STEP_3 = hex("f71fd11472c8a312c692d89b94d81d13bc6d5b8160304ccb3d0a5d151afce0ed1133bf5de7ba1eb6"
            + "0b61510c6f7656ae15b7bd01522cbf1cf16e9f36ea6f875eb9b6dac3a87f27e1433993e2da2327bf7ff27fee2be73068eb21682e16"
            + "0d50f3ea176fd35201ddab381f18d15f2690ebfb0822dfa90a1d8c9bf85fee");
    static final byte[] STEP_4_RC4 = hex("3e3b2361cfd9ff262b7cd1c2edc9");
    static final byte[] STEP_4_PLAINTEXT = hex("3e3b2361cfd9ff262b7cd1c1edc9");
    static final byte[] ANSWER = hex("13426974546f7272656e742070726f746f636f6c0000000000100005"
            + "0102030405060708090a0b0c0d0e0f10111213142d5257303030312d6d6e6f707172737475767778");
    static final byte[] ANSWER_RC4 =
            hex("1cd853fbe0b599bcebf1fbda79a3fa30e1e0f8b42a987fbd9e3d20d08758c3a6d6854d497e68b317"
                    + "92074618f105dd7f8e94d4fc6586d2da319eb58f2b156dc5a476f3cd");

    private Vector() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Returns the arrays, one after the other. */
    static Randomness fixed(byte[] secret, byte[]... pads) {
        Deque<byte[]> left = new ArrayDeque<>(List.of(pads));
        return new Randomness() {
            @Override
            public byte[] secret() {
                return secret;
            }

            @Override
            public byte[] pad() {
                return left.remove();
            }
        };
    }
}
