/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any payload is a message that survives encoding and decoding, or is ignored and counted. */
class HolepunchFuzzTest {

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "",
                        "0000c00002011ae1",
                        "0000c00002011ae100000000",
                        "0100c6336407c8d500000000",
                        "0200c00002011ae100000002",
                        "0200c00002011ae1fffffffeff",
                        "000120010db80000000000000000000000011ae1",
                        "000120010db80000000000000000000000011ae100000000",
                        "000100000000000000000000ffff090101011ae100000000",
                        "020120010db80000000000000000000000011ae100000004",
                        "0302c00002011ae100000000")
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("seeds")
    @FuzzTest
    void aPayloadIsAMessageOrIgnored(byte[] bytes) {
        List<HolepunchIgnored> ignored = new ArrayList<>();
        ByteBuf payload = Unpooled.wrappedBuffer(bytes);
        HolepunchMessage.decode(payload, ignored::add)
                .ifPresentOrElse(HolepunchFuzzTest::assertRoundTrip, () -> assertThat(ignored)
                        .containsExactly(HolepunchIgnored.MALFORMED));
        assertThat(payload.readerIndex()).isZero();
    }

    private static void assertRoundTrip(HolepunchMessage message) {
        ByteBuf written = message.encode();
        assertThat(written.readableBytes()).isIn(12, 24);
        assertThat(HolepunchMessage.decode(written, reason -> assertThat(reason).isNull()))
                .contains(message);
        assertThat(message.toString()).isNotBlank();
    }
}
