/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateMeterTest {
    private final RateMeter meter = new RateMeter();

    @Test
    void theFirstTickKnowsNoRate() {
        assertThat(meter.rate(1_000, 5_000)).isZero();
    }

    @Test
    void theRateIsThatOfTheLastFiveTicks() {
        for (int second = 0; second < 10; second++) {
            meter.rate(second * 1_000L, second * 100L);
        }

        assertThat(meter.rate(10_000, 1_000)).isEqualTo(100);
        assertThat(meter.rate(11_000, 6_000)).isEqualTo((6_000 - 600) / 5);
    }

    @Test
    void fewerTicksAreEnoughForARate() {
        meter.rate(0, 0);

        assertThat(meter.rate(2_000, 5_000)).isEqualTo(2_500);
    }

    @Test
    void aClockThatStandsGivesNoRate() {
        meter.rate(1_000, 0);

        assertThat(meter.rate(1_000, 100)).isZero();
    }

    @Test
    void whatStopsIsForgottenAfterFiveTicks() {
        meter.rate(0, 0);
        for (int second = 1; second <= 5; second++) {
            meter.rate(second * 1_000L, 9_000);
        }

        assertThat(meter.rate(6_000, 9_000)).isZero();
    }
}
