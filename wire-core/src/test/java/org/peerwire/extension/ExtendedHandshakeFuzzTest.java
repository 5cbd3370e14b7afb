/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.message.GoldenMessages;

/**
 * Decodes any sequence of values as extended handshakes. No view throws or leaves its range, and each merge is a
 * handshake again.
 */
class ExtendedHandshakeFuzzTest {

    static Stream<byte[]> seeds() {
        List<byte[]> handshakes = GoldenMessages.all().stream()
                .filter(golden -> golden.hex().startsWith("1400", 8))
                .map(golden -> Arrays.copyOfRange(golden.bytes(), 6, golden.bytes().length))
                .toList();
        ByteBuf all = Unpooled.buffer();
        handshakes.forEach(all::writeBytes);
        byte[] together = new byte[all.readableBytes()];
        all.readBytes(together);
        return Stream.concat(
                handshakes.stream(),
                Stream.of(
                        together,
                        text("d1:md3:abci1e3:xyzi1eee"),
                        text("d1:md3:abci256e3:defi-1e3:ghi1:1e1:pi0e4:reqqi-1e1:v3:\0a\0e"),
                        text("d1:mle1:p3:abc4:reqqi99999999999999999999e6:yourip3:abce"),
                        text("d1:md0:i3ee4:ipv44:abcd4:ipv616:0123456789abcdefe")));
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @MethodSource("seeds")
    @FuzzTest
    void noHandshakeLeavesItsRanges(byte[] input) {
        ExtendedHandshake merged = ExtendedHandshake.empty();
        for (BencodeValue value : values(input)) {
            ExtendedHandshake handshake = ExtendedHandshake.of(value);
            assertInRange(handshake);
            assertThat(ExtendedHandshake.of(Bencode.decode(value.encoded()))).isEqualTo(handshake);
            ExtendedHandshake before = merged;
            merged = before.merge(handshake);
            assertInRange(merged);
            assertThat(merged.merge(handshake)).isEqualTo(merged);
            assertThat(merged.extensions()).doesNotContainValue(0);
            for (String name : merged.extensions().keySet()) {
                assertThat(handshake.supports(name) || before.supports(name)).isTrue();
            }
            ExtendedHandshake again = ExtendedHandshake.of(decodeGenerously(merged.dictionary()));
            assertThat(again).isEqualTo(merged);
            assertThat(again.extensions()).isEqualTo(merged.extensions());
        }
    }

    /** Returns the values at the start of the input, up to the first malformed one. */
    private static List<BencodeValue> values(byte[] input) {
        List<BencodeValue> values = new ArrayList<>();
        ByteBuf in = Unpooled.wrappedBuffer(input);
        try {
            while (in.isReadable()) {
                values.add(Bencode.decode(in, BencodeLimits.DEFAULT).value());
            }
        } catch (BencodeException end) {
            assertThat(end.reason()).isNotNull();
        }
        return values;
    }

    /** Decodes with more tokens than a message may have, because merged handshakes grow. */
    private static BencodeValue decodeGenerously(BencodeValue value) {
        return Bencode.decode(value.encoded(), BencodeLimits.DEFAULT.withMaxTokens(1 << 24));
    }

    private static void assertInRange(ExtendedHandshake handshake) {
        assertThat(handshake.extensions().values()).allMatch(id -> id >= 0 && id <= 255);
        for (String name : handshake.extensions().keySet()) {
            assertThat(handshake.supports(name))
                    .isEqualTo(handshake.extensions().get(name) != 0);
        }
        handshake.client().ifPresent(client -> {
            assertThat(client.codePointCount(0, client.length()))
                    .isLessThanOrEqualTo(ExtendedHandshake.MAX_CLIENT_LENGTH);
            assertThat(client.codePoints().anyMatch(Character::isISOControl)).isFalse();
        });
        handshake.listenPort().ifPresent(port -> assertThat(port).isBetween(1, 65_535));
        handshake.requestQueue().ifPresent(requests -> assertThat(requests).isBetween(1, 65_536));
        handshake.metadataSize().ifPresent(size -> assertThat(size).isPositive());
        handshake.yourIp().ifPresent(address -> assertThat(address.getAddress().length)
                .isIn(4, 16));
        handshake.ipv4().ifPresent(address -> assertThat(address.getAddress()).hasSize(4));
        handshake.ipv6().ifPresent(address -> assertThat(address.getAddress().length)
                .isIn(4, 16));
        assertThat(!handshake.conflicts().isEmpty()).isEqualTo(sharesNumbers(handshake));
        assertThat(handshake.uploadOnly() && handshake.dictionary().get("upload_only") == null)
                .isFalse();
        assertThat(handshake.prefersEncryption() && handshake.dictionary().get("e") == null)
                .isFalse();
        assertThat(handshake).hasSameHashCodeAs(ExtendedHandshake.of(handshake.dictionary()));
    }

    private static boolean sharesNumbers(ExtendedHandshake handshake) {
        List<Integer> used =
                handshake.extensions().values().stream().filter(id -> id != 0).toList();
        return used.stream().distinct().count() < used.size();
    }
}
