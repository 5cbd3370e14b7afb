/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private final Silence silence = new Silence(Duration.ofSeconds(30));

    @Test
    void silenceIsReportedOncePerSpan() {
        assertThat(silence.check(0, 0)).isZero();
        assertThat(silence.check(29_999, 0)).isZero();
        assertThat(silence.check(30_000, 0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(silence.check(30_250, 0)).isZero();
        assertThat(silence.check(60_000, 0)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void dataEndsTheSilence() {
        silence.check(0, 0);
        assertThat(silence.check(29_000, 1)).isZero();
        assertThat(silence.check(58_000, 1)).isZero();
        assertThat(silence.check(59_000, 1)).isEqualTo(Duration.ofSeconds(30));
    }
}
