/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Allocation;
import org.peerwire.bencode.Bencode.Decoded;
import org.peerwire.bencode.Bencode.SoftError;
import org.peerwire.bencode.BencodeException.Reason;
import org.peerwire.message.GoldenMessages;

/** Decodes any bytes to a value or a {@link BencodeException}. A value keeps the bytes that it was read from. */
class BencodeFuzzTest {
    /** The cost of a frame object for each nested list, and of the exception with its stack trace. */
    private static final long BYTES_PER_BYTE = 64;

    static Stream<byte[]> seeds() {
        Stream<byte[]> extended = GoldenMessages.all().stream()
                .filter(golden -> golden.hex().startsWith("14", 8))
                .map(golden -> Arrays.copyOfRange(golden.bytes(), 6, golden.bytes().length));
        Stream<String> small = Stream.of(
                "i0e",
                "i-0e",
                "i007e",
                "i-9223372036854775808e",
                "i9223372036854775808e",
                "0:",
                "03:abc",
                "999999999:x",
                "le",
                "de",
                "d1:bi1e1:ai2ee",
                "d1:ai1e1:ai2ee",
                "d2:\u00ff\u00feli1eee",
                "lllleeee",
                "d1:ad1:ad1:adeeee");
        return Stream.concat(extended, small.map(text -> text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void bytesAreAValueOrATypedException(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        Decoded decoded = decode(in);
        if (decoded == null) {
            assertThat(in.readerIndex())
                    .as("an input that is refused is not read")
                    .isZero();
            assertRefused(input, null);
            return;
        }
        int length = decoded.length();
        assertThat(in.readerIndex()).isEqualTo(length);
        byte[] own = Arrays.copyOf(input, length);
        BencodeValue value = decoded.value();
        assertThat(value.encoded()).isEqualTo(own);
        assertThat(value.encodedLength()).isEqualTo(length);
        assertThat(Bencode.decode(own)).isEqualTo(value).hasSameHashCodeAs(value);
        assertThat(value.toString()).isNotEmpty();
        if (length < input.length) {
            assertRefused(input, Reason.TRAILING_BYTES);
        }
        assertRefused(Arrays.copyOf(own, length - 1), Reason.TRUNCATED);
        assertCanonical(decoded, own);
    }

    private static @Nullable Decoded decode(ByteBuf in) {
        Allocation.atMost(BYTES_PER_BYTE * in.readableBytes(), () -> {
            try {
                Bencode.decode(in.duplicate(), BencodeLimits.DEFAULT);
            } catch (BencodeException refused) {
                // the second decoding checks it
            }
        });
        try {
            return Bencode.decode(in, BencodeLimits.DEFAULT);
        } catch (BencodeException refused) {
            assertThat(refused.offset()).isBetween(0, in.readableBytes());
            return null;
        }
    }

    private static void assertRefused(byte[] input, @Nullable Reason reason) {
        try {
            Bencode.decode(input);
        } catch (BencodeException refused) {
            if (reason != null) {
                assertThat(refused.reason()).isEqualTo(reason);
            }
            return;
        }
        throw new AssertionError("must be refused, was decoded: " + Arrays.toString(input));
    }

    /** Asserts that a value built from the parts is canonical, and that it equals a canonical input. */
    private static void assertCanonical(Decoded decoded, byte[] own) {
        boolean canonical = decoded.softErrors().isEmpty();
        assertThat(isStrict(own)).isEqualTo(canonical);
        BencodeValue rebuilt = rebuild(decoded.value());
        if (!decoded.softErrors().contains(SoftError.INTEGER_OVERFLOW)) {
            assertThat(isStrict(rebuilt.encoded())).isTrue();
        }
        if (canonical) {
            assertThat(rebuilt.encoded()).isEqualTo(own);
        }
        assertThat(rebuild(Bencode.decode(rebuilt.encoded()))).isEqualTo(rebuilt);
    }

    private static boolean isStrict(byte[] input) {
        try {
            Bencode.decodeStrict(input, BencodeLimits.DEFAULT);
            return true;
        } catch (BencodeException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.NOT_CANONICAL);
            return false;
        }
    }

    /** Recurses at most to the depth of the limits. */
    private static BencodeValue rebuild(BencodeValue value) {
        return switch (value.kind()) {
            case INTEGER ->
                value.asLong().isPresent() ? BencodeValue.of(value.asLong().getAsLong()) : value;
            case STRING -> BencodeValue.of(value.asBytes().orElseThrow());
            case LIST -> {
                List<BencodeValue> items = value.items();
                yield BencodeValue.list(
                        items.stream().map(BencodeFuzzTest::rebuild).toList());
            }
            case DICTIONARY -> {
                Map<String, BencodeValue> rebuilt = new LinkedHashMap<>();
                value.entries().forEach((key, child) -> {
                    assertThat(value.get(key)).isEqualTo(child);
                    rebuilt.put(key, rebuild(child));
                });
                yield BencodeValue.dictionary(rebuilt);
            }
        };
    }
}
