/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.message.Feature;

class HandshakeBytesTest {
    private static final String PROTOCOL = "13426974546f7272656e742070726f746f636f6c";
    private static final String INFO_HASH = "0102030405060708090a0b0c0d0e0f1011121314";
    private static final String PEER_ID = "2d5257303030312d6162636465666768696a6b6c";

    // cases 2, 4
    @ParameterizedTest
    @CsvSource({"0000000000000000", "0000000000100005", "0000000000100015"})
    void handshakeIsItsGoldenBytesBothWays(String reserved) {
        String golden = PROTOCOL + reserved + INFO_HASH + PEER_ID;
        Handshake handshake = new Handshake(
                new Features(Long.parseLong(reserved, 16)),
                InfoHash.parse(INFO_HASH),
                PeerId.parse("-RW0001-abcdefghijkl"));
        ByteBuf out = Unpooled.buffer();

        handshake.writeTo(out);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(golden).hasSize(2 * Handshake.LENGTH);
        assertThat(Handshake.read(out)).isEqualTo(handshake);
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void goldenFeaturesHaveTheirNames() {
        ByteBuf in =
                Unpooled.wrappedBuffer(HexFormat.of().parseHex(PROTOCOL + "0000000000100015" + INFO_HASH + PEER_ID));

        assertThat(Handshake.read(in).features())
                .isEqualTo(Features.of(Feature.EXTENSION_PROTOCOL, Feature.FAST, Feature.DHT, Feature.V2_UPGRADE));
    }

    static IntStream protocolBytes() {
        return IntStream.range(0, 20);
    }

    // case 5
    @ParameterizedTest
    @MethodSource("protocolBytes")
    void anyOtherProtocolByteIsRefused(int index) {
        byte[] bytes = HexFormat.of().parseHex(PROTOCOL + "0000000000000000" + INFO_HASH + PEER_ID);
        bytes[index] ^= 0x20;

        assertThatThrownBy(() -> Handshake.read(Unpooled.wrappedBuffer(bytes)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shortHandshakeIsRefused() {
        byte[] bytes = HexFormat.of().parseHex(PROTOCOL + "0000000000000000" + INFO_HASH + PEER_ID);

        assertThatThrownBy(() -> Handshake.read(Unpooled.wrappedBuffer(bytes, 0, 67)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    // case 2
    @Test
    void hashAndIdAreTheSameFromBytesAndFromText() {
        byte[] hash = HexFormat.of().parseHex(INFO_HASH);

        assertThat(InfoHash.of(hash))
                .isEqualTo(InfoHash.parse(INFO_HASH))
                .isEqualTo(InfoHash.parse("0102030405060708090A0B0C0D0E0F1011121314"))
                .hasToString(INFO_HASH);
        assertThat(PeerId.parse(PEER_ID))
                .isEqualTo(PeerId.parse("-RW0001-abcdefghijkl"))
                .hasToString("-RW0001-abcdefghijkl");
        hash[0] = 99;
        assertThat(InfoHash.of(hash)).isNotEqualTo(InfoHash.parse(INFO_HASH));
    }

    @Test
    void otherLengthsAreNoHashAndNoId() {
        assertThatThrownBy(() -> InfoHash.of(new byte[19])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InfoHash.of(new byte[32])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PeerId.parse("short")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InfoHash.parse(INFO_HASH + "00")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashAndIdOfTheSameBytesAreNotEqual() {
        assertThat((Object) InfoHash.of(new byte[20])).isNotEqualTo(PeerId.of(new byte[20]));
    }

    @Test
    void randomIdsKeepTheirPrefixAndDiffer() {
        PeerId one = PeerId.random("-XX0001-");

        assertThat(one.toString()).startsWith("-XX0001-");
        assertThat(one).isNotEqualTo(PeerId.random("-XX0001-"));
        assertThat(PeerId.random().toString()).matches("-PW\\d{4}-.{12}");
    }
}
