/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class OptionsTest {
    private static final Duration TOO_SHORT = Duration.ofNanos(999_999);
    private static final Duration TOO_LONG = Duration.ofDays(365).plusNanos(1);

    @Test
    void theDefaultsOfAnExchangeAreThoseOfTheDocumentation() {
        MetadataOptions options = MetadataOptions.defaults();
        assertThat(options.maxSize()).isEqualTo(16 * 1024 * 1024);
        assertThat(options.window()).isEqualTo(4);
        assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(options.idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.maxAttempts()).isEqualTo(32);
        assertThat(options.maxSizes()).isEqualTo(4);
        assertThat(options.scheduler()).isSameAs(Schedulers.parallel());
    }

    @Test
    void anExchangeHasTheOptionsThatWereSet() {
        Scheduler clock = Schedulers.immediate();
        MetadataOptions.Builder builder = MetadataOptions.builder()
                .maxSize(MetadataOptions.MAX_SIZE)
                .window(4_096)
                .requestTimeout(Duration.ofMillis(1))
                .idleTimeout(Duration.ofDays(365))
                .maxAttempts(1)
                .maxSizes(Integer.MAX_VALUE)
                .scheduler(clock);
        MetadataOptions options = builder.build();
        builder.window(1);
        assertThat(options.mutate().maxSize(1).build().maxSize()).isEqualTo(1);
        assertThat(options.maxSize()).isEqualTo(MetadataOptions.MAX_SIZE);
        assertThat(options.window()).isEqualTo(4_096);
        assertThat(options.requestTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(options.idleTimeout()).isEqualTo(Duration.ofDays(365));
        assertThat(options.maxAttempts()).isEqualTo(1);
        assertThat(options.maxSizes()).isEqualTo(Integer.MAX_VALUE);
        assertThat(options.scheduler()).isSameAs(clock);
    }

    static Stream<Arguments> valuesOutOfRange() {
        MetadataOptions.Builder builder = MetadataOptions.builder();
        return Stream.of(
                refused(() -> builder.maxSize(0), "maxSize must be 1 to 67108864, was 0"),
                refused(() -> builder.maxSize(67_108_865), "maxSize must be 1 to 67108864, was 67108865"),
                refused(() -> builder.window(0), "window must be 1 to 4096, was 0"),
                refused(() -> builder.window(4_097), "window must be 1 to 4096, was 4097"),
                refused(
                        () -> builder.requestTimeout(TOO_SHORT),
                        "requestTimeout must be 1 ms to 365 days, was " + TOO_SHORT),
                refused(() -> builder.idleTimeout(TOO_LONG), "idleTimeout must be 1 ms to 365 days, was " + TOO_LONG),
                refused(() -> builder.maxAttempts(0), "maxAttempts must be 1 or more, was 0"),
                refused(() -> builder.maxSizes(-1), "maxSizes must be 1 or more, was -1"));
    }

    private static Arguments refused(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest
    @MethodSource("valuesOutOfRange")
    void aValueOutOfRangeIsRefusedWithTheRange(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    // ---- the options of a torrent ----

    @Test
    void aTorrentHasTheOptionsThatWereSet() {
        TorrentOptions.Builder builder = TorrentOptions.builder()
                .pieceLength(TorrentOptions.MAX_PIECE_LENGTH)
                .isPrivate(true)
                .trackers(List.of(List.of("http://a")))
                .comment("hi")
                .creationDate(Instant.EPOCH);
        TorrentOptions options = builder.build();
        builder.isPrivate(false);
        assertThat(options.mutate().pieceLength(0).build().pieceLength()).isZero();
        assertThat(options.pieceLength()).isEqualTo(TorrentOptions.MAX_PIECE_LENGTH);
        assertThat(options.isPrivate()).isTrue();
        assertThat(options.trackers()).containsExactly(List.of("http://a"));
        assertThat(options.comment()).contains("hi");
        assertThat(options.creationDate()).contains(Instant.EPOCH);
    }

    @Test
    void aTorrentIsPublicAndPlainByDefault() {
        TorrentOptions options = TorrentOptions.defaults();
        assertThat(options.pieceLength()).isZero();
        assertThat(options.isPrivate()).isFalse();
        assertThat(options.trackers()).isEmpty();
        assertThat(options.comment()).isEmpty();
        assertThat(options.creationDate()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 8192, 16383, 24576, 33554432})
    void aPieceLengthOtherThanAPowerOfTwoInRangeIsRefused(int pieceLength) {
        assertThatThrownBy(() -> TorrentOptions.builder().pieceLength(pieceLength))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pieceLength must be 0 or a power of two from 16384 to 16777216, was " + pieceLength);
    }
}
