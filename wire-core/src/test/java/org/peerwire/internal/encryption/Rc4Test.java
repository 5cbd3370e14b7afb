/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rc4Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY = HEX.parseHex("0102030405");

    private static byte[] keystream(String key, int length) {
        return new Rc4(HEX.parseHex(key)).apply(new byte[length]);
    }

    // case 105: the offsets of RFC 6229, of which 1024 is our first byte
    @ParameterizedTest
    @CsvSource({
        "0102030405, 1024, 30abbcc7c20b01609f23ee2d5f6bb7df",
        "0102030405060708090a0b0c0d0e0f10, 1024, bdf0324e6083dcc6d3cedd3ca8c53c16",
        "0102030405060708090a0b0c0d0e0f10, 4096, a36a4c301ae8ac13610ccbc12256cacc"
    })
    void keystreamIsThatOfRfc6229WithoutItsFirst1024Bytes(String key, int offset, String expected) {
        byte[] stream = keystream(key, offset - 1024 + 16);

        assertThat(HEX.formatHex(stream, offset - 1024, stream.length)).isEqualTo(expected);
    }

    // case 105
    @Test
    void keystreamGoesOnHoweverTheDataIsCut() {
        byte[] whole = keystream("0102030405", 64);
        for (int cut = 0; cut <= whole.length; cut++) {
            Rc4 cipher = new Rc4(KEY);
            ByteBuf data = Unpooled.buffer().writeZero(whole.length);

            cipher.apply(data.slice(0, cut));
            cipher.apply(data.slice(cut, whole.length - cut));

            assertThat(data.array()).startsWith(whole);
        }
    }

    @Test
    void bothWaysOfApplyingAreTheSame() {
        byte[] stream = keystream("0102030405", 37);
        ByteBuf from = Unpooled.directBuffer().writeZero(3).writeZero(37).skipBytes(3);
        ByteBuf to = Unpooled.directBuffer(4, 64).writeInt(7);

        new Rc4(KEY).apply(from, to);

        assertThat(to.readInt()).isEqualTo(7);
        assertThat(to).isEqualTo(Unpooled.wrappedBuffer(stream));
        from.release();
        to.release();
    }

    // case 114
    @Test
    void a69_whatIsEncryptedIntoAnotherBufferIsLeftAsItIs() {
        byte[] caller = "a constant that is shared".getBytes(US_ASCII);
        ByteBuf from = Unpooled.wrappedBuffer(caller).asReadOnly();

        new Rc4(KEY).apply(from, Unpooled.buffer());

        assertThat(new String(caller, US_ASCII)).isEqualTo("a constant that is shared");
        assertThat(from.readerIndex()).isZero();
    }

    @Test
    void decryptingUndoesEncrypting() {
        byte[] text = new byte[1000];
        new Random(1).nextBytes(text);

        byte[] encrypted = new Rc4(KEY).apply(text.clone());

        assertThat(encrypted).isNotEqualTo(text);
        assertThat(new Rc4(KEY).apply(encrypted)).isEqualTo(text);
    }
}
