/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.peerwire.bencode.Samples.bytes;
import static org.peerwire.bencode.Samples.read;
import static org.peerwire.bencode.Samples.rebuilt;
import static org.peerwire.bencode.Samples.refused;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.Bencode.Decoded;
import org.peerwire.bencode.Bencode.SoftError;
import org.peerwire.bencode.BencodeException.Reason;

class BencodeTest {

    // Case 116: the inputs that are refused, and case 119: integers.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "ie | SYNTAX | 1",
                "i-e | SYNTAX | 2",
                "i35412-5633e | SYNTAX | 6",
                "-10:foobar | SYNTAX | 0",
                "18446744073709551615:x | OVERFLOW | 0",
                "9223372036854775808:x | OVERFLOW | 0",
                "9223372036854775807:x | TRUNCATED | 20",
                "4294967297:x | TRUNCATED | 11",
                "2147483648:x | TRUNCATED | 11",
                "99999999:x | TRUNCATED | 9",
                "di5e1:ae | SYNTAX | 1",
                "dlei1ee | SYNTAX | 1",
                "d1:ai1e1:be | SYNTAX | 10",
                "d1:ae | SYNTAX | 4",
                "e | SYNTAX | 0",
                "d1000 | TRUNCATED | 5",
                "l2:.. | TRUNCATED | 5",
                "'' | TRUNCATED | 0",
                "i1 | TRUNCATED | 2",
                "i- | TRUNCATED | 2",
                "i+1e | SYNTAX | 1",
                "i--1e | SYNTAX | 2",
                "i1.5e | SYNTAX | 2",
                "i0x1e | SYNTAX | 2",
                "i\u06611e | SYNTAX | 1",
                "'i 1e' | SYNTAX | 1",
                "1;a | SYNTAX | 1",
                ":a | SYNTAX | 0",
                "x | SYNTAX | 0",
                "I1e | SYNTAX | 0",
                "i1ex | TRAILING_BYTES | 3",
                "i1ei2e | TRAILING_BYTES | 3",
                "lee | TRAILING_BYTES | 2",
            })
    void a32_hardErrorIsOneTypedException(String input, Reason reason, int offset) {
        BencodeException error = refused(bytes(input), BencodeLimits.DEFAULT);

        assertThat(error.reason()).isEqualTo(reason);
        assertThat(error.offset()).isEqualTo(offset);
        assertThat(error).hasMessageStartingWith("malformed bencode at byte " + offset + ": ");
        assertThat(error.getMessage()).hasLineCount(1);
        assertThatThrownBy(() -> Bencode.decodeStrict(bytes(input), BencodeLimits.DEFAULT))
                .isInstanceOf(BencodeException.class);
    }

    // The byte is from a peer and may be logged: it is shown without spaces, control characters and non-ASCII
    // characters.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"21, '!'", "7e, '~'", "20, 0x20", "0a, 0x0a", "7f, 0x7f", "ff, 0xff"})
    void messageShowsTheOctetThatIsWrong(String octet, String shown) {
        byte[] input = HexFormat.of().parseHex("64" + octet);

        assertThat(refused(input, BencodeLimits.DEFAULT)).hasMessageEndingWith("was " + shown);
    }

    @Test
    void messageOfATruncatedStringTellsBothLengths() {
        assertThat(refused(bytes("9:abc"), BencodeLimits.DEFAULT)).hasMessageEndingWith("9 bytes, only 3 are left");
    }

    // Case 116: the inputs that are tolerated.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i01e | LEADING_ZERO | i1e",
                "i00e | LEADING_ZERO | i0e",
                "i-01e | LEADING_ZERO | i-1e",
                "i0000000000000000000000000001e | LEADING_ZERO | i1e",
                "i-0e | NEGATIVE_ZERO | i0e",
                "i-00e | LEADING_ZERO, NEGATIVE_ZERO | i0e",
                "06:foobar | LEADING_ZERO | 6:foobar",
                "00: | LEADING_ZERO | 0:",
                "d01:ai1ee | LEADING_ZERO | d1:ai1ee",
                "d1:bi2e1:ai1ee | UNSORTED_KEYS | d1:ai1e1:bi2ee",
                "d2:aai2e1:ai1ee | UNSORTED_KEYS | d1:ai1e2:aai2ee",
                "d1:\u00ffi2e1:ai1ee | UNSORTED_KEYS | d1:ai1e1:\u00ffi2ee",
                "d1:ai1e1:ai2ee | DUPLICATE_KEY | d1:ai1ee",
                "d1:ai1e1:bi1e1:ai2ee | UNSORTED_KEYS | d1:ai1e1:bi1ee",
                "d0:i1e0:i2ee | DUPLICATE_KEY | d0:i1ee",
            })
    void a32_softErrorIsToleratedAndReturnedButStrictRefuses(String input, String softErrors, String canonical) {
        Decoded decoded = read(input);

        Set<SoftError> expected = EnumSet.noneOf(SoftError.class);
        Arrays.stream(softErrors.split(", ")).map(SoftError::valueOf).forEach(expected::add);
        assertThat(decoded.softErrors()).isEqualTo(expected);
        assertThat(decoded.value().encoded()).isEqualTo(bytes(input));
        assertThat(rebuilt(Bencode.decode(bytes(input))).encoded()).isEqualTo(bytes(canonical));
        assertThat(catchThrowableOfType(
                                BencodeException.class, () -> Bencode.decodeStrict(bytes(input), BencodeLimits.DEFAULT))
                        .reason())
                .isEqualTo(Reason.NOT_CANONICAL);
    }

    // Case 119, A-37: one integer out of range does not invalidate the rest of a dictionary.
    @ParameterizedTest
    @ValueSource(strings = {"i9223372036854775808e", "i-9223372036854775809e", "i99999999999999999999999e"})
    void a32_integerOutside64BitsIsToleratedReturnedAndEmpty(String integer) {
        Decoded decoded = read("d1:a" + integer + "1:bi7ee");

        assertThat(decoded.softErrors()).containsExactly(SoftError.INTEGER_OVERFLOW);
        assertThat(decoded.value().getLong("a")).isEmpty();
        assertThat(decoded.value().getLong("b")).hasValue(7);
        assertThat(catchThrowableOfType(
                                BencodeException.class,
                                () -> Bencode.decodeStrict(bytes(integer), BencodeLimits.DEFAULT))
                        .reason())
                .isEqualTo(Reason.NOT_CANONICAL);
    }

    // Case 119: the whole range of 64 bits.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 9, 10, -10, 65535, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
    void integerOf64BitsIsExact(long value) {
        byte[] encoded = bytes("i" + value + "e");

        assertThat(Bencode.decodeStrict(encoded, BencodeLimits.DEFAULT).asLong())
                .hasValue(value);
        assertThat(BencodeValue.of(value).encoded()).isEqualTo(encoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i-42e",
                "0:",
                "12:hello, world",
                "le",
                "de",
                "lli1eeld0:leee4:spame",
                "d1:ad1:bd1:cli1ei2eeeee",
                "d2:aai1e1:b0:1:\u00ffdee"
            })
    void a32_everyStrictPrefixIsTruncated(String input) {
        for (int length = 0; length < input.length(); length++) {
            assertThat(refused(bytes(input.substring(0, length)), BencodeLimits.DEFAULT)
                            .reason())
                    .as("first %d bytes", length)
                    .isEqualTo(Reason.TRUNCATED);
        }
        assertThat(Bencode.decodeStrict(bytes(input), BencodeLimits.DEFAULT).encoded())
                .isEqualTo(bytes(input));
    }

    // Case 118, A-57: real frames, whose dictionary begins at byte 6.
    @ParameterizedTest
    @CsvSource({
        "0000001b140264383a6d73675f74797065693065353a706965636569316565, 25, ''",
        "00003a32140264383a6d73675f74797065693165353a706965636569316531303a746f74616c5f73697a656933313233356565, "
                + "45, ''",
        "00000030140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a656935656564313a6165, "
                + "41, d1:ae",
        "00000042140264383a6d73675f74797065693165353a706965636569306531303a746f74616c5f73697a65693565353a75736572"
                + "736c64313a61323a656565656564313a6165, 59, d1:ae",
        "0000001b140264383a6d73675f74797065693265353a706965636569316565, 25, ''",
    })
    void valueInFrontOfOtherBytesEndsWhereItEnds(String frame, int length, String rest) {
        ByteBuf input = Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame)).skipBytes(6);

        Decoded decoded = Bencode.decode(input, BencodeLimits.DEFAULT);

        assertThat(decoded.length()).isEqualTo(length);
        assertThat(decoded.softErrors()).isEmpty();
        assertThat(decoded.value().encodedLength()).isEqualTo(length);
        assertThat(decoded.value().getLong("msg_type")).isPresent();
        assertThat(input.readerIndex()).isEqualTo(6 + length);
        assertThat(input.toString(ISO_8859_1)).isEqualTo(rest);
    }

    // Case 118: a sequence of values, followed by bytes that are not bencode.
    @Test
    void valuesAreReadOneByOne() {
        ByteBuf input = Unpooled.copiedBuffer(bytes("i1e3:abclexyz"));

        assertThat(Bencode.decode(input, BencodeLimits.DEFAULT).value()).isEqualTo(BencodeValue.of(1));
        assertThat(Bencode.decode(input, BencodeLimits.DEFAULT).value()).isEqualTo(BencodeValue.of("abc"));
        assertThat(Bencode.decode(input, BencodeLimits.DEFAULT).value().items()).isEmpty();
        BencodeException error =
                catchThrowableOfType(BencodeException.class, () -> Bencode.decode(input, BencodeLimits.DEFAULT));
        assertThat(error.offset()).isZero();
        assertThat(input.readerIndex()).as("untouched by a failure").isEqualTo(10);
    }

    @Test
    void bytesBehindTheWriterIndexAreNotRead() {
        ByteBuf input = Unpooled.copiedBuffer(bytes("5:hello")).writerIndex(6);

        assertThatThrownBy(() -> Bencode.decode(input, BencodeLimits.DEFAULT))
                .isInstanceOfSatisfying(
                        BencodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
        assertThat(input.readerIndex()).isZero();
    }

    @Test
    void resultOutlivesItsInput() {
        byte[] array = bytes("d1:a5:helloe");
        ByteBuf buffer = Unpooled.directBuffer().writeBytes(array);
        BencodeValue fromBuffer = Bencode.decode(buffer, BencodeLimits.DEFAULT).value();
        BencodeValue fromArray = Bencode.decode(array);
        assertThat(buffer.refCnt()).isEqualTo(1);
        buffer.setZero(0, buffer.capacity()).release();
        Arrays.fill(array, (byte) 0);

        assertThat(fromBuffer.getText("a")).contains("hello");
        assertThat(fromArray.getText("a")).contains("hello");
    }
}
