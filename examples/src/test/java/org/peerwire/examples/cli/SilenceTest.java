/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private final Silence silence = new Silence(Duration.ofSeconds(30), Duration.ofSeconds(10));

    @Test
    void silenceIsReportedOncePerSpan() {
        assertThat(silence.check(0, 0, false)).isZero();
        assertThat(silence.check(29_999, 0, false)).isZero();
        assertThat(silence.check(30_000, 0, false)).isEqualTo(Duration.ofSeconds(30));
        assertThat(silence.check(30_250, 0, false)).isZero();
        assertThat(silence.check(60_000, 0, false)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void dataEndsTheSilence() {
        silence.check(0, 0, false);
        assertThat(silence.check(29_000, 1, false)).isZero();
        assertThat(silence.check(58_000, 1, false)).isZero();
        assertThat(silence.check(59_000, 1, false)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void silenceWithoutPeersIsReportedMoreOften() {
        silence.check(0, 0, false);
        assertThat(silence.check(10_000, 0, false)).isZero();
        assertThat(silence.check(12_000, 0, true)).isEqualTo(Duration.ofSeconds(12));
        assertThat(silence.check(21_999, 0, true)).isZero();
        assertThat(silence.check(22_000, 0, true)).isEqualTo(Duration.ofSeconds(22));
        assertThat(silence.check(32_000, 0, false)).isZero();
    }
}
