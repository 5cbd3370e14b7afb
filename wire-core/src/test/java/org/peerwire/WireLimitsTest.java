/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.bencode.BencodeLimits;

class WireLimitsTest {

    /** A setter of one limit. */
    private interface Setter {
        WireLimits.Builder set(WireLimits.Builder builder, int value);
    }

    private static Arguments number(
            String name, ToIntFunction<WireLimits> getter, Setter setter, int usual, int least, int most) {
        return Arguments.of(name, getter, setter, usual, least, most);
    }

    static Stream<Arguments> numbers() {
        int large = 16_777_216;
        return Stream.of(
                number("1", WireLimits::maxMessageLength, WireLimits.Builder::maxMessageLength, 1 << 20, 1024, large),
                number("2", WireLimits::maxBlockLength, WireLimits.Builder::maxBlockLength, 16_384, 1, 131_072),
                number("3", WireLimits::maxPieces, WireLimits.Builder::maxPieces, 2_097_152, 1, 1 << 30),
                number(
                        "4",
                        WireLimits::maxExtendedHandshakeLength,
                        WireLimits.Builder::maxExtendedHandshakeLength,
                        32_768,
                        64,
                        1 << 20),
                number(
                        "5",
                        WireLimits::maxExtendedHandshakes,
                        WireLimits.Builder::maxExtendedHandshakes,
                        100,
                        1,
                        1_000_000),
                number(
                        "6",
                        WireLimits::extendedHandshakeBurst,
                        WireLimits.Builder::extendedHandshakeBurst,
                        8,
                        1,
                        1_000_000),
                number(
                        "7",
                        WireLimits::maxExtendedMessageLength,
                        WireLimits.Builder::maxExtendedMessageLength,
                        65_536,
                        0,
                        large),
                number(
                        "8",
                        WireLimits::maxUnknownMessageLength,
                        WireLimits.Builder::maxUnknownMessageLength,
                        16_384,
                        0,
                        1 << 20),
                number("9", WireLimits::maxHashes, WireLimits.Builder::maxHashes, 512, 2, 8_192),
                number("10", WireLimits::maxQueuedUploads, WireLimits.Builder::maxQueuedUploads, 500, 1, 65_536),
                number("11", WireLimits::maxFastServes, WireLimits.Builder::maxFastServes, 3, 0, 1_000_000),
                number("12", WireLimits::maxAllowedFast, WireLimits.Builder::maxAllowedFast, 128, 0, 65_536),
                number("13", WireLimits::maxSuggested, WireLimits.Builder::maxSuggested, 16, 0, 65_536));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void eachNumberHasItsDefaultAndItsRange(
            String name, ToIntFunction<WireLimits> getter, Setter setter, int usual, int least, int most) {
        assertThat(getter.applyAsInt(WireLimits.defaults())).isEqualTo(usual);
        // the smallest message must still hold a block
        WireLimits.Builder small = WireLimits.builder().maxBlockLength(1);
        assertThat(getter.applyAsInt(setter.set(small, least).build())).isEqualTo(least);
        WireLimits.Builder roomy = WireLimits.builder().maxMessageLength(1 << 20);
        assertThat(getter.applyAsInt(setter.set(roomy, most).build())).isEqualTo(most);
        for (int wrong : new int[] {least - 1, most + 1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> setter.set(WireLimits.builder(), wrong));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KEEP_ALIVE, 100, 10",
        "UNKNOWN_MESSAGE, 20, 60",
        "UNKNOWN_EXTENSION, 100,",
        "EXTENDED_WITHOUT_BIT, 0,",
        "SPARE_BITS, 0,",
        "LATE_BITFIELD, 64,",
        "UNSOLICITED_BLOCK, 16, 60",
        "RAPID_CHOKE, 100, 60",
        "DUPLICATE_BLOCK, 2097152, 60",
        "UNKNOWN_REJECT, 64,",
        "CHOKED_REQUEST, 300,",
        "INVALID_REQUEST, 300,",
        "INVALID_HASH_REQUEST, 100,",
        "REPEATED_REQUEST, 2000, 10",
        "EXCESS_REQUEST, 2000, 10",
        "REPEATED_HAVE, 2097152, 60"
    })
    void eachAnomalyHasItsTolerance(Ignored kind, long most, Long seconds) {
        assertThat(WireLimits.defaults().tolerance(kind))
                .isEqualTo(new Tolerance(most, seconds == null ? null : Duration.ofSeconds(seconds)));
    }

    @Test
    void noAnomalyIsToleratedWithoutLimit() {
        assertThat(Arrays.stream(Ignored.values()).map(WireLimits.defaults()::tolerance))
                .allMatch(tolerance -> tolerance.most() <= 2_097_152);
    }

    @Test
    void requestsOverTheQueueAreToleratedByItsLength() {
        WireLimits limits = WireLimits.builder().maxQueuedUploads(50).build();

        assertThat(limits.tolerance(Ignored.EXCESS_REQUEST).most()).isEqualTo(200);
    }

    @Test
    void laterChangesOfABuilderDoNotChangeItsLimits() {
        WireLimits.Builder builder = WireLimits.builder()
                .tolerance(Ignored.PORT, Tolerance.of(7))
                .extendedHandshakeStructure(new BencodeLimits(2, 3));
        WireLimits built = builder.build();
        builder.tolerance(Ignored.PORT, Tolerance.NONE).maxHashes(2);
        WireLimits changed =
                built.mutate().tolerance(Ignored.PORT, Tolerance.UNLIMITED).build();

        assertThat(built.tolerance(Ignored.PORT)).isEqualTo(Tolerance.of(7));
        assertThat(built.maxHashes()).isEqualTo(512);
        assertThat(changed.tolerance(Ignored.PORT)).isEqualTo(Tolerance.UNLIMITED);
        assertThat(changed.extendedHandshakeStructure()).isEqualTo(new BencodeLimits(2, 3));
        assertThat(WireLimits.defaults().tolerance(Ignored.PORT)).isNotEqualTo(Tolerance.of(7));
    }

    @Test
    void optionsCarryTheLimits() {
        WireOptions options = WireOptions.builder()
                .limits(limits -> limits.maxHashes(2))
                .limits(limits -> limits.maxPieces(9))
                .build();

        assertThat(options.limits().maxHashes()).isEqualTo(2);
        assertThat(options.limits().maxPieces()).isEqualTo(9);
        assertThat(options.mutate()
                        .limits(WireLimits.defaults())
                        .build()
                        .limits()
                        .maxPieces())
                .isEqualTo(2_097_152);
        assertThat(options.limits().maxPieces()).isEqualTo(9);
    }

    @Test
    void toleranceOutsideItsRangeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Tolerance.of(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Tolerance.of(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> Tolerance.of(1, Duration.ofDays(366)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireLimits.builder().maxMessageLength(1024).build())
                .withMessageContaining("maxMessageLength must be 16393 or more");
    }
}
