/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.bencode.Samples.bytes;
import static org.peerwire.bencode.Samples.rebuilt;
import static org.peerwire.bencode.Samples.refused;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.Bencode.Decoded;
import org.peerwire.bencode.Bencode.SoftError;
import org.peerwire.bencode.BencodeException.Reason;

/** Bencode that is made to crash a decoder: A-32, for all messages that carry bencode. */
class BencodeAttackTest {

    // Case 117: the depth limit, without recursion.
    @ParameterizedTest
    @ValueSource(ints = {33, 200, 20_000, 32 * 1024, 1024 * 1024})
    void a32_deepInputIsACleanError(int depth) {
        for (String level : new String[] {"l", "d1:a"}) {
            byte[] open = bytes(level.repeat(depth));
            assertThat(refused(open, BencodeLimits.DEFAULT).reason()).isEqualTo(Reason.DEPTH);
            assertThat(refused(open, BencodeLimits.DEFAULT).offset()).isEqualTo(32 * level.length());
        }
    }

    // Case 117: the exact limit.
    @Test
    void a32_depthLimitIsInclusive() {
        for (int limit : new int[] {0, 1, 2, 32}) {
            BencodeLimits limits = BencodeLimits.DEFAULT.withMaxDepth(limit);
            byte[] fits = bytes("l".repeat(limit) + "i1e" + "e".repeat(limit));
            byte[] tooDeep = bytes("l".repeat(limit + 1) + "e".repeat(limit + 1));

            assertThat(Bencode.decode(fits, limits).encoded()).isEqualTo(fits);
            assertThat(refused(tooDeep, limits).reason()).isEqualTo(Reason.DEPTH);
        }
    }

    @Test
    void a32_siblingsDoNotAddUpToDepth() {
        assertThat(Bencode.decode(bytes("l" + "le".repeat(1000) + "e")).items()).hasSize(1000);
    }

    // Case 117: no recursion, also without a limit.
    @Test
    void a32_depthOf100_000UsesNoStack() {
        int depth = 100_000;
        BencodeLimits limits = new BencodeLimits(depth, 3 * depth);
        byte[] lists = bytes("l".repeat(depth) + "e".repeat(depth));
        byte[] dictionaries = bytes("d1:a".repeat(depth) + "i1e" + "e".repeat(depth));

        for (byte[] input : new byte[][] {lists, dictionaries}) {
            BencodeValue value = Bencode.decodeStrict(input, limits);
            BencodeValue same =
                    Bencode.decode(Unpooled.wrappedBuffer(input), limits).value();
            assertThat(value.equals(same)).isTrue();
            assertThat(value.hashCode()).isEqualTo(same.hashCode());
            assertThat(value.toString()).hasSizeLessThan(700);
            assertThat(value.items().size() + value.entries().size()).isEqualTo(1);
            assertThat(BencodeValue.list(List.of(value)).encodedLength()).isEqualTo(input.length + 2);
        }
    }

    // Case 117: 4,097 tokens.
    @Test
    void a32_tokenLimitIsInclusiveAndCountsKeys() {
        assertThat(Bencode.decode(bytes("l" + "i1e".repeat(4095) + "e")).items())
                .hasSize(4095);
        assertThat(refused(bytes("l" + "i1e".repeat(4096) + "e"), BencodeLimits.DEFAULT)
                        .reason())
                .isEqualTo(Reason.TOKENS);

        byte[] threeTokens = bytes("d1:ai1ee");
        BencodeLimits two = BencodeLimits.DEFAULT.withMaxTokens(2);
        assertThat(Bencode.decode(threeTokens, two.withMaxTokens(3)).getLong("a"))
                .hasValue(1);
        assertThat(refused(threeTokens, two).reason()).isEqualTo(Reason.TOKENS);
        assertThat(refused(threeTokens, two).offset()).isEqualTo(4);
    }

    // Claimed lengths and depths cause no allocation.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "999999999:abcd",
                "d1:a2147483647:",
                "9223372036854775807:x",
                "18446744073709551616:x",
                "l4294967295:xxxx",
                "i99999999999999999999999999999999",
            })
    void a32_claimedLengthsAllocateNothing(String input) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(refused(bytes(input), BencodeLimits.DEFAULT)).isNotNull(); // loads the classes before the count
        long before = threads.getCurrentThreadAllocatedBytes();
        refused(bytes(input), BencodeLimits.DEFAULT);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(256 * 1024);
    }

    // 32 KiB of digits are too large a number, and must not be computed.
    @Test
    void a32_thousandsOfDigitsAreASoftErrorOrAnOverflow() {
        String digits = "9".repeat(32 * 1024);
        Decoded number = Samples.read("d1:ai" + digits + "e1:bi7ee");
        assertThat(number.softErrors()).containsExactly(SoftError.INTEGER_OVERFLOW);
        assertThat(number.value().getLong("a")).isEmpty();
        assertThat(number.value().getLong("b")).hasValue(7);
        assertThat(refused(bytes(digits + ":x"), BencodeLimits.DEFAULT).reason())
                .isEqualTo(Reason.OVERFLOW);
        assertThat(Samples.read("i" + "0".repeat(32 * 1024) + "1e").value().asLong())
                .hasValue(1);
    }

    // An info hash is computed over the received bytes, canonical or not.
    @Test
    void a32_originalBytesAreKeptAlsoIfTheyAreNotCanonical() {
        String odd = "d1:bi01e1:a02:xx1:ai-0e1:ci9223372036854775808ee";
        Decoded decoded = Samples.read("d4:info" + odd + "e");
        assertThat(decoded.softErrors()).containsExactlyInAnyOrder(SoftError.values());
        assertThat(Objects.requireNonNull(decoded.value().get("info")).encoded())
                .isEqualTo(bytes(odd));
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new BencodeLimits(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BencodeLimits.DEFAULT.withMaxTokens(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BencodeLimits.DEFAULT).isEqualTo(new BencodeLimits(32, 4096));
    }

    // All inputs fail with the same type of exception.
    @Test
    void a32_randomBytesGiveAValueOrTheOneException() {
        Random random = new Random(20_260_701);
        byte[] alphabet = bytes("idlee0123456789:-ab\u0000\u00ff");
        int values = 0;
        for (int round = 0; round < 300_000; round++) {
            byte[] input = new byte[random.nextInt(24)];
            for (int i = 0; i < input.length; i++) {
                input[i] = random.nextInt(16) == 0
                        ? (byte) random.nextInt()
                        : alphabet[random.nextInt(i == 0 ? 4 : alphabet.length)];
            }
            values += readsAll(input);
        }
        assertThat(values).isPositive();
    }

    // A real message with a few changed bytes.
    @Test
    void a32_damagedMessageGivesAValueOrTheOneException() {
        byte[] message =
                bytes("d1:md11:ut_metadatai2e6:ut_pexi1ee13:metadata_sizei31235e4:reqqi250e1:v5:x 1.06:yourip4:abcde");
        Random random = new Random(42);
        int values = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] damaged = message.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] = message[random.nextInt(message.length)];
            }
            values += readsAll(damaged);
        }
        assertThat(values).isPositive();
    }

    /** Decodes an input and reads all parts of its value. Returns 1 for a value and 0 for an exception. */
    private static int readsAll(byte[] input) {
        Decoded decoded;
        try {
            decoded = Bencode.decode(Unpooled.wrappedBuffer(input), BencodeLimits.DEFAULT);
        } catch (BencodeException e) {
            assertThat(e.offset()).isBetween(0, input.length);
            return 0;
        }
        BencodeValue value = decoded.value();
        assertThat(value.encoded()).isEqualTo(Arrays.copyOf(input, decoded.length()));
        assertThat(value.toString()).isNotEmpty().hasSizeLessThan(700);
        byte[] canonical = rebuilt(value).encoded();
        assertThat(Bencode.decodeStrict(canonical, BencodeLimits.DEFAULT).encoded())
                .isEqualTo(canonical);
        if (decoded.softErrors().isEmpty()) {
            assertThat(canonical).isEqualTo(value.encoded());
        }
        return 1;
    }
}
