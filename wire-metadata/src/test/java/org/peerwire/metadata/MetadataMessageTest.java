/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.metadata.MetadataMessage.Data;
import org.peerwire.metadata.MetadataMessage.Malformed;
import org.peerwire.metadata.MetadataMessage.Other;
import org.peerwire.metadata.MetadataMessage.Reject;
import org.peerwire.metadata.MetadataMessage.Request;

class MetadataMessageTest {
    private static final int FRAME_HEADER = 6;

    /** Returns the message in a frame, after the length, the id 20 and the number of the extension. */
    private static ByteBuf frame(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)).skipBytes(FRAME_HEADER);
    }

    private static MetadataMessage decode(String text) {
        return Wires.decode(Unpooled.copiedBuffer(text, ISO_8859_1));
    }

    @Test
    void readsAndWritesTheFramesOfTheSpecification() {
        String request = "0000001b140264383a6d73675f74797065693065353a706965636569316565";
        assertThat(Wires.decode(frame(request))).isEqualTo(new Request(1));
        assertThat(MetadataMessage.request(1)).isEqualTo(frame(request));

        String reject = "0000001b140264383a6d73675f74797065693265353a706965636569316565";
        assertThat(Wires.decode(frame(reject))).isEqualTo(new Reject(1));
        assertThat(MetadataMessage.reject(1)).isEqualTo(frame(reject));

        String tiny = "00000030140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a65693565"
                + "6564313a6165";
        assertData(Wires.decode(frame(tiny)), 0, 5, "d1:ae".getBytes(ISO_8859_1));
        assertThat(MetadataMessage.data(0, "d1:ae".getBytes(ISO_8859_1))).isEqualTo(frame(tiny));
    }

    @Test
    void writesTheHeaderOfASecondPiece() {
        String header = "00003a32140264383a6d73675f74797065693165353a706965636569316531303a746f74616c5f73697a65693331"
                + "3233356565";
        ByteBuf data = MetadataMessage.data(1, new byte[31_235]);
        assertThat(data.readSlice(frame(header).readableBytes())).isEqualTo(frame(header));
        assertThat(data.readableBytes()).isEqualTo(14_851);
    }

    @Test
    void a57_findsTheEndOfADictionaryThatHoldsTwoE() {
        String trap = "00000042140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a65693565"
                + "353a75736572736c64313a61323a656565656564313a6165";
        assertData(Wires.decode(frame(trap)), 0, 5, "d1:ae".getBytes(ISO_8859_1));
    }

    @Test
    void readsWhatClientsSend() throws IOException {
        String libtorrent = "0000002f140964383a6d73675f74797065693265353a706965636569326531303a746f74616c5f73697a6569"
                + "32353637336565";
        assertThat(Wires.decode(frame(libtorrent))).isEqualTo(new Reject(2));
        String webtorrent = "0000002f140964383a6d73675f74797065693165353a706965636569326531303a746f74616c5f73697a6569"
                + "32353637336565";
        assertData(Wires.decode(frame(webtorrent)), 2, 25_673, new byte[0]);

        byte[] info = captured();
        assertThat(info).hasSize(25_673);
        InfoHash hash = InfoHash.parse("3de958b8be3a72e0cae9f577c9d1720152d4149f");
        assertThat(Metadata.of(info, InfoHashes.ofHandshake(hash)).hashes()).isEqualTo(InfoHashes.of(hash));
        assertThat(Torrent.fromInfo(info).pieceCount()).isPositive();
        assertThat(MetadataMessage.data(1, info))
                .isEqualTo(resource("captured-data-1.bin").skipBytes(FRAME_HEADER));
        assertThat(MetadataMessage.data(0, info))
                .isEqualTo(resource("captured-data-0.bin").skipBytes(FRAME_HEADER));
    }

    /**
     * Returns the info dictionary in two data messages. libtorrent, Transmission and webtorrent sent the same bytes.
     */
    static byte[] captured() throws IOException {
        ByteBuf info = Unpooled.buffer();
        for (int piece = 0; piece < 2; piece++) {
            ByteBuf frame = resource("captured-data-" + piece + ".bin").skipBytes(FRAME_HEADER);
            info.writeBytes(((Data) Wires.decode(frame)).bytes());
        }
        return ByteBufUtil.getBytes(info);
    }

    private static ByteBuf resource(String name) throws IOException {
        try (InputStream in = MetadataMessageTest.class.getResourceAsStream(name)) {
            return Unpooled.wrappedBuffer(Objects.requireNonNull(in).readAllBytes());
        }
    }

    @Test
    void a57_passesOverUnknownKeysTrailingBytesAndAnyOrder() {
        assertThat(decode("d5:piecei1e8:msg_typei0e1:zleetail")).isEqualTo(new Request(1));
        assertThat(decode("d8:msg_typei2e5:piecei3e10:total_sizei9ee\0")).isEqualTo(new Reject(3));
        assertData(decode("d8:msg_typei1e5:piecei0eexyz"), 0, -1, "xyz".getBytes(ISO_8859_1));
    }

    @Test
    void a51_keepsNumbersOutOfRangeForTheCallerToRefuse() {
        assertThat(decode("d8:msg_typei0e5:piecei-1ee")).isEqualTo(new Request(-1));
        assertThat(decode("d8:msg_typei0e5:piecei4611686018427387904ee")).isEqualTo(new Request(1L << 62));
        assertThat(MetadataMessage.reject(-1))
                .isEqualTo(Unpooled.copiedBuffer("d8:msg_typei2e5:piecei-1ee", ISO_8859_1));
    }

    @Test
    void writesCanonicalBencode() {
        for (ByteBuf message : List.of(
                MetadataMessage.request(7),
                MetadataMessage.reject(Long.MIN_VALUE),
                MetadataMessage.data(0, new byte[] {'e'}))) {
            Bencode.Decoded decoded = Bencode.decode(message, BencodeLimits.DEFAULT);
            assertThat(decoded.softErrors()).isEmpty();
            assertThat(message.readableBytes()).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 255, -1, Long.MAX_VALUE})
    void readsAnyOtherTypeAsUnknown(long type) {
        assertThat(decode("d8:msg_typei" + type + "ee")).isEqualTo(new Other(type));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "i0e",
                "de",
                "d8:msg_typei0ee",
                "d5:piecei0ee",
                "d8:msg_type1:05:piecei0ee",
                "d8:msg_typei0e5:piece1:0e",
                "d8:msg_typei2e5:piecei0e\0",
                "d8:msg_typei2e5:piecei18446744073709551615ee",
                "d8:msg_typei0e5:piecei0e",
            })
    void readsOtherBytesAsMalformed(String text) {
        assertThat(decode(text)).isEqualTo(new Malformed());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "16383, 1, 16383",
        "16384, 1, 16384",
        "16385, 2, 1",
        "31235, 2, 14851",
        "32768, 2, 16384",
        "32769, 3, 1",
        "2147483647, 131072, 16383",
    })
    void cutsMetadataIntoPieces(int size, int pieces, int last) {
        assertThat(MetadataMessage.count(size)).isEqualTo(pieces);
        assertThat(MetadataMessage.length(size, pieces - 1)).isEqualTo(last);
        if (pieces > 1) {
            assertThat(MetadataMessage.length(size, 0)).isEqualTo(16_384);
        }
    }

    private static void assertData(MetadataMessage message, long piece, long totalSize, byte[] bytes) {
        assertThat(message).isInstanceOfSatisfying(Data.class, data -> {
            assertThat(data.piece()).isEqualTo(piece);
            assertThat(data.totalSize()).isEqualTo(totalSize);
            assertThat(data.bytes()).isEqualTo(bytes);
        });
    }
}
