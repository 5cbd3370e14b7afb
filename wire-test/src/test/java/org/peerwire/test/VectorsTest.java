/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.MessageAssert.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Handshake;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.MessageType;
import org.peerwire.message.PieceSet;

/** Tests that the library reads and writes the golden bytes. */
class VectorsTest {
    private static final BlockRequest BLOCK = new BlockRequest(1, 16_384, 16_384);

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    }

    static Stream<Field> messages() {
        return Arrays.stream(Vectors.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> !field.getName().startsWith("HANDSHAKE")
                        && !field.getName().endsWith("_HEADER"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageIsEncodedAsItWasDecoded(Field vector) throws IllegalAccessException {
        String hex = (String) vector.get(null);
        Message message = MessageCodec.decode(bytes(hex));

        assertThat(message).isEncodedAs(hex);
        assertThat(message.type()).isNotEqualTo(MessageType.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {Vectors.HANDSHAKE, Vectors.HANDSHAKE_EXTENDED_FAST_DHT, Vectors.HANDSHAKE_EXTENDED_FAST_DHT_V2})
    void everyHandshakeIsWrittenAsItWasRead(String hex) {
        ByteBuf written = Unpooled.buffer();
        Handshake.read(bytes(hex)).writeTo(written);

        assertThat(written).isEqualTo(bytes(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {Vectors.PIECE_HEADER, Vectors.METADATA_DATA_HEADER})
    void aHeaderIsAMessageWhenItsBytesFollow(String hex) {
        ByteBuf start = bytes(hex);
        ByteBuf whole = Unpooled.buffer().writeBytes(start, 0, start.readableBytes());
        whole.writeZero((int) start.getUnsignedInt(0) + 4 - start.readableBytes());

        assertThat(MessageCodec.decode(start)).isNull();
        assertThat(MessageCodec.decode(whole)).isNotNull();
    }

    @Test
    void theirNamesSayWhatTheyAre() {
        ByteBuf text = Unpooled.wrappedBuffer("block".getBytes(StandardCharsets.US_ASCII));
        assertThat(new Message.KeepAlive()).isEncodedAs(Vectors.KEEP_ALIVE);
        assertThat(new Message.Choke()).isEncodedAs(Vectors.CHOKE);
        assertThat(new Message.Unchoke()).isEncodedAs(Vectors.UNCHOKE);
        assertThat(new Message.Interested()).isEncodedAs(Vectors.INTERESTED);
        assertThat(new Message.NotInterested()).isEncodedAs(Vectors.NOT_INTERESTED);
        assertThat(new Message.Have(4_660)).isEncodedAs(Vectors.HAVE);
        assertThat(new Message.Bitfield(PieceSet.of(16, 0, 2, 9))).isEncodedAs(Vectors.BITFIELD);
        assertThat(new Message.Bitfield(PieceSet.of(16, 0, 2, 9, 10))).isEncodedAs(Vectors.BITFIELD_SPARE_BIT);
        assertThat(new Message.Request(BLOCK)).isEncodedAs(Vectors.REQUEST);
        assertThat(new Message.Piece(1, 16_384, text)).isEncodedAs(Vectors.PIECE);
        assertThat(new Message.Cancel(BLOCK)).isEncodedAs(Vectors.CANCEL);
        assertThat(new Message.Port(6881)).isEncodedAs(Vectors.PORT);
        assertThat(new Message.SuggestPiece(7)).isEncodedAs(Vectors.SUGGEST_PIECE);
        assertThat(new Message.HaveAll()).isEncodedAs(Vectors.HAVE_ALL);
        assertThat(new Message.HaveNone()).isEncodedAs(Vectors.HAVE_NONE);
        assertThat(new Message.RejectRequest(BLOCK)).isEncodedAs(Vectors.REJECT_REQUEST);
        assertThat(new Message.AllowedFast(1_059)).isEncodedAs(Vectors.ALLOWED_FAST);
        assertThat(new Message.Extended(7, bytes("00001234"))).isEncodedAs(Vectors.LT_DONTHAVE);
        assertThat(new Message.Extended(3, bytes("01"))).isEncodedAs(Vectors.UPLOAD_ONLY);
    }
}
