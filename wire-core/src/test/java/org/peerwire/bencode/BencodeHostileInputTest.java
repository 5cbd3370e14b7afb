/* SPDX-License-Identifier: MIT */
package org.peerwire.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.bencode.Samples.bytes;
import static org.peerwire.bencode.Samples.rebuilt;
import static org.peerwire.bencode.Samples.refused;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.Bencode.Decoded;
import org.peerwire.bencode.BencodeException.Reason;

class BencodeHostileInputTest {

    // Case 117, HARDENING A-32: the depth limit, and no stack use.
    @ParameterizedTest
    @ValueSource(ints = {33, 200, 20_000, 32 * 1024, 1024 * 1024})
    void deepInputIsACleanError(int depth) {
        for (String level : new String[] {"l", "d1:a"}) {
            byte[] open = bytes(level.repeat(depth));
            assertThat(refused(open, BencodeLimits.DEFAULT).reason()).isEqualTo(Reason.DEPTH);
            assertThat(refused(open, BencodeLimits.DEFAULT).offset()).isEqualTo(32 * level.length());
        }
    }

    // Case 117: the limit itself.
    @Test
    void depthLimitIsInclusive() {
        for (int limit : new int[] {0, 1, 2, 32}) {
            BencodeLimits limits = BencodeLimits.DEFAULT.withMaxDepth(limit);
            byte[] fits = bytes("l".repeat(limit) + "i1e" + "e".repeat(limit));
            byte[] tooDeep = bytes("l".repeat(limit + 1) + "e".repeat(limit + 1));

            assertThat(Bencode.decode(fits, limits).encoded()).isEqualTo(fits);
            assertThat(refused(tooDeep, limits).reason()).isEqualTo(Reason.DEPTH);
        }
    }

    @Test
    void siblingsDoNotAddUpToDepth() {
        assertThat(Bencode.decode(bytes("l" + "le".repeat(1000) + "e")).items()).hasSize(1000);
    }

    // Case 117: nothing recurses when the caller lifts the limit.
    @Test
    void depthOf100_000UsesNoStack() {
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

    // Case 117, HARDENING A-32: 4,097 tokens.
    @Test
    void tokenLimitIsInclusiveAndCountsKeys() {
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

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new BencodeLimits(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BencodeLimits.DEFAULT.withMaxTokens(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BencodeLimits.DEFAULT).isEqualTo(new BencodeLimits(32, 4096));
    }

    // HARDENING R1: only one type of exception, whatever the bytes.
    @Test
    void randomBytesGiveAValueOrTheOneException() {
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

    // HARDENING R1: a real message with a few bytes changed.
    @Test
    void damagedMessageGivesAValueOrTheOneException() {
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

    /** Decodes and reads everything in a value; 1 if there was one. */
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
