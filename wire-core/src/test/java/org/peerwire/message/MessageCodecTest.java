/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.GoldenMessages.Golden;

class MessageCodecTest {

    static List<Golden> golden() {
        return GoldenMessages.all();
    }

    // cases 9, 10, 11, 17, 24, 130
    @ParameterizedTest
    @MethodSource("golden")
    void messageEncodesToItsGoldenBytes(Golden golden) {
        ByteBuf out = Unpooled.buffer();

        MessageCodec.encode(golden.message(), out);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(golden.hex());
        assertThat(MessageCodec.length(golden.message())).isEqualTo(golden.hex().length() / 2 - 4);
    }

    // cases 9, 10, 11, 17, 24, 130
    @ParameterizedTest
    @MethodSource("golden")
    void goldenBytesDecodeToTheMessage(Golden golden) {
        ByteBuf in = Unpooled.wrappedBuffer(golden.bytes());

        assertThat(MessageCodec.decode(in)).isEqualTo(golden.message());
        assertThat(in.isReadable()).isFalse();
    }

    // case 9
    @Test
    void streamOfAllMessagesDecodesToTheSameList() {
        ByteBuf stream = Unpooled.buffer();
        golden().forEach(golden -> stream.writeBytes(golden.bytes()));
        List<Message> decoded = new ArrayList<>();

        for (Message next = MessageCodec.decode(stream); next != null; next = MessageCodec.decode(stream)) {
            decoded.add(next);
        }

        assertThat(decoded).isEqualTo(golden().stream().map(Golden::message).toList());
    }

    // cases 14, 15
    @ParameterizedTest
    @MethodSource("golden")
    void truncatedMessageIsNeitherReadNorRefused(Golden golden) {
        byte[] bytes = golden.bytes();
        for (int length = 0; length < bytes.length; length++) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);

            assertThat(MessageCodec.decode(in)).isNull();
            assertThat(in.readableBytes()).isEqualTo(length);
        }
    }

    // case 8
    @ParameterizedTest
    @CsvSource({
        "CHOKE, 0",
        "UNCHOKE, 1",
        "INTERESTED, 2",
        "NOT_INTERESTED, 3",
        "HAVE, 4",
        "BITFIELD, 5",
        "REQUEST, 6",
        "PIECE, 7",
        "CANCEL, 8",
        "PORT, 9",
        "SUGGEST_PIECE, 13",
        "HAVE_ALL, 14",
        "HAVE_NONE, 15",
        "REJECT_REQUEST, 16",
        "ALLOWED_FAST, 17",
        "EXTENDED, 20",
        "HASH_REQUEST, 21",
        "HASHES, 22",
        "HASH_REJECT, 23"
    })
    void typeHasTheIdOfItsSpecification(MessageType type, int id) {
        assertThat(type.id()).isEqualTo(id);
        assertThat(MessageType.of(id)).isEqualTo(type);
    }

    @Test
    void fastAndVersionTwoTypesAreThoseOfTheirSpecifications() {
        assertThat(Arrays.stream(MessageType.values()).filter(type -> type.feature() == Feature.FAST))
                .containsExactly(
                        MessageType.SUGGEST_PIECE,
                        MessageType.HAVE_ALL,
                        MessageType.HAVE_NONE,
                        MessageType.REJECT_REQUEST,
                        MessageType.ALLOWED_FAST);
        assertThat(Arrays.stream(MessageType.values()).filter(type -> type.feature() == Feature.V2_UPGRADE))
                .containsExactly(MessageType.HASH_REQUEST, MessageType.HASHES, MessageType.HASH_REJECT);
    }

    static Stream<Arguments> wrongLengths() {
        return Arrays.stream(MessageType.values())
                .filter(type -> type.id() >= 0 && type.isFixedLength())
                .flatMap(type -> IntStream.of(1, type.minLength(), type.minLength() + 2)
                        .distinct()
                        .filter(length -> length > 0 && length != type.minLength() + 1)
                        .mapToObj(length -> Arguments.of(type, length)));
    }

    // cases 13, 14, 15, A-02
    @ParameterizedTest
    @MethodSource("wrongLengths")
    void wrongLengthOfFixedMessageIsRefusedByName(MessageType type, int length) {
        MalformedMessageException error = refused(type.id(), length);

        assertThat(error.messageId()).isEqualTo(type.id());
        assertThat(error)
                .hasMessageContaining(type.name())
                .hasMessageContaining(String.valueOf(length - 1))
                .hasMessageContaining(String.valueOf(type.minLength()));
    }

    // length 0 has no id, so it is always a keep-alive
    @Test
    void lengthZeroIsAlwaysKeepAlive() {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex("0000000000000005"));

        assertThat(MessageCodec.decode(in)).isEqualTo(new Message.KeepAlive());
        assertThat(in.readableBytes()).isEqualTo(4);
    }

    // cases 14, 66
    @ParameterizedTest
    @CsvSource({
        "PIECE, 1",
        "PIECE, 8",
        "EXTENDED, 1",
        "HASHES, 1",
        "HASHES, 48",
        "HASHES, 50",
        "HASHES, 80",
        "HASHES, 82"
    })
    void variableMessageOfAWrongLengthIsRefused(MessageType type, int length) {
        MalformedMessageException error = refused(type.id(), length);

        assertThat(error.messageId()).isEqualTo(type.id());
        assertThat(error).hasMessageContaining(type.name());
    }

    @ParameterizedTest
    @CsvSource({"PIECE, 9", "EXTENDED, 2", "HASHES, 49", "HASHES, 81", "BITFIELD, 1", "BITFIELD, 2"})
    void shortestVariableMessagesAreAccepted(MessageType type, int length) {
        ByteBuf in = frame(type.id(), length);

        assertThat(MessageCodec.decode(in)).extracting(Message::type).isEqualTo(type);
        assertThat(in.isReadable()).isFalse();
    }

    // case 14: a request with 11 bytes of body, and choke with one byte too many
    @ParameterizedTest
    @ValueSource(strings = {"0000000c060000000000000000000040", "000000020021"})
    void framingAttackIsRefused(String hex) {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));

        assertThat(catchThrowableOfType(MalformedMessageException.class, () -> MessageCodec.decode(in)))
                .isNotNull();
    }

    // the codec has no limits, so it waits for the claimed bytes without allocating
    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "80000000", "7fffffff07", "ffffffff07000000000000000000"})
    void hugePrefixWaitsForItsBytes(String hex) {
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));

        assertThat(MessageCodec.decode(in)).isNull();
        assertThat(in.readerIndex()).isZero();
    }

    static IntStream unknownIds() {
        return IntStream.range(0, 256).filter(id -> MessageType.of(id) == MessageType.UNKNOWN);
    }

    // case 22, A-06
    @ParameterizedTest
    @MethodSource("unknownIds")
    void unknownIdIsKeptWithItsPayload(int id) {
        byte[] frame = {0, 0, 0, 3, (byte) id, 7, 8};
        Message message = MessageCodec.decode(Unpooled.wrappedBuffer(frame));

        assertThat(message).isEqualTo(new Message.Unknown(id, Unpooled.wrappedBuffer(new byte[] {7, 8})));
        assertThat(encoded(message)).isEqualTo(frame);
    }

    @Test
    void unknownIdsAreAllThatNoSpecificationUses() {
        assertThat(unknownIds().boxed()).hasSize(256 - 19).contains(10, 11, 12, 18, 19, 24, 255);
    }

    // case 16: the codec keeps the bits, the engine checks them
    @Test
    void fieldsAboveTheSignedRangeKeepTheirBits() {
        byte[] request = HexFormat.of().parseHex("0000000d06ffffffff8000000000000000");
        Message message = MessageCodec.decode(Unpooled.wrappedBuffer(request));

        assertThat(message).isEqualTo(new Message.Request(new BlockRequest(-1, Integer.MIN_VALUE, 0)));
        assertThat(encoded(message)).isEqualTo(request);
    }

    @Test
    void portIsUnsigned() {
        assertThat(MessageCodec.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex("0000000309ffff"))))
                .isEqualTo(new Message.Port(65_535));
    }

    // case 18
    @Test
    void whateverIsAcceptedEncodesToTheSameBytes() {
        Random random = new Random(18);
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] frame = new byte[4 + random.nextInt(60)];
            random.nextBytes(frame);
            frame[0] = frame[1] = frame[2] = 0;
            frame[3] = (byte) (frame.length - 4);
            if (frame.length > 4) {
                frame[4] = (byte) random.nextInt(26);
            }
            Message message;
            try {
                message = MessageCodec.decode(Unpooled.wrappedBuffer(frame));
            } catch (MalformedMessageException e) {
                continue;
            }
            accepted++;
            assertThat(encoded(message)).isEqualTo(frame);
        }
        assertThat(accepted).isGreaterThan(5_000);
    }

    // case 18
    @ParameterizedTest
    @ValueSource(strings = {"00000000", "0000000100", "000000031400aa", "0000000107"})
    void seedIsRefusedOrRoundTrips(String hex) {
        byte[] frame = HexFormat.of().parseHex(hex);
        try {
            assertThat(encoded(MessageCodec.decode(Unpooled.wrappedBuffer(frame))))
                    .isEqualTo(frame);
        } catch (MalformedMessageException e) {
            assertThat(hex).isEqualTo("0000000107");
        }
    }

    // case 114
    @Test
    void encodingLeavesTheCarriedBufferAlone() {
        ByteBuf data = Unpooled.buffer().writeBytes(new byte[] {1, 2, 3, 4}).skipBytes(1);
        Message piece = new Message.Piece(0, 0, data);

        assertThat(encoded(piece)).isEqualTo(encoded(piece)).endsWith(2, 3, 4);
        assertThat(data.readerIndex()).isEqualTo(1);
        assertThat(data.refCnt()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void headAndCarriedBufferAreTheWholeMessage(Golden golden) {
        ByteBuf out = Unpooled.buffer();

        MessageCodec.encodeHead(golden.message(), out);
        if (golden.message() instanceof Buffered buffered) {
            out.writeBytes(buffered.content().duplicate());
        }

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(golden.hex());
    }

    @Test
    void slicedPieceSharesAndRetainsTheInput() {
        ByteBuf in = Unpooled.buffer().writeBytes(HexFormat.of().parseHex("070000000100004000626c6f636b"));

        Message.Piece piece = (Message.Piece) MessageCodec.decodeBody(in, 14, true);
        assertThat(in.refCnt()).isEqualTo(2);
        in.setByte(9, 'c');

        assertThat(ByteBufUtil.hexDump(piece.data())).isEqualTo("636c6f636b");
        piece.release();
        assertThat(in.release()).isTrue();
    }

    @Test
    void copiedPieceNeedsNoReleaseAndOutlivesTheInput() {
        ByteBuf in = Unpooled.buffer().writeBytes(HexFormat.of().parseHex("070000000100004000626c6f636b"));

        Message.Piece piece = (Message.Piece) MessageCodec.decodeBody(in, 14, false);
        in.release();
        piece.release();

        assertThat(ByteBufUtil.hexDump(piece.data())).isEqualTo("626c6f636b");
    }

    private static MalformedMessageException refused(int id, int length) {
        MalformedMessageException error =
                catchThrowableOfType(MalformedMessageException.class, () -> MessageCodec.decode(frame(id, length)));
        assertThat(error).isNotNull();
        return error;
    }

    private static ByteBuf frame(int id, int length) {
        return Unpooled.buffer().writeInt(length).writeByte(id).writeZero(length - 1);
    }

    private static byte[] encoded(@Nullable Message message) {
        ByteBuf out = Unpooled.buffer();
        assertThat(message).isNotNull();
        MessageCodec.encode(message, out);
        return ByteBufUtil.getBytes(out);
    }
}
