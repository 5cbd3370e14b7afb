/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.rate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.peerwire.swarm.RateLimit;

class RatesTest {
    private static final int BLOCK = 16 * 1024;

    private static int blocks(RateLimit limit) {
        int blocks = 0;
        while (limit.tryTake(BLOCK, 0)) {
            blocks++;
        }
        return blocks;
    }

    @Test
    void bytesAreTakenFromEveryLimit() {
        RateLimit wire = RateLimit.of(10 * BLOCK);
        RateLimit swarm = RateLimit.of(100 * BLOCK);
        Rates rates = Rates.of(swarm, RateLimit.unlimited()).after(wire);

        assertThat(rates.tryTake(BLOCK, 0)).isTrue();

        assertThat(blocks(wire)).isEqualTo(blocks(RateLimit.of(10 * BLOCK)) - 1);
        assertThat(blocks(swarm)).isEqualTo(blocks(RateLimit.of(100 * BLOCK)) - 1);
    }

    @Test
    void aRefusalTakesNothingFromTheLimitsBefore() {
        RateLimit wire = RateLimit.of(1_000 * BLOCK);
        RateLimit host = RateLimit.of(BLOCK);
        Rates rates = Rates.of(wire, host);
        blocks(host);

        for (int i = 0; i < 1_000; i++) {
            assertThat(rates.tryTake(BLOCK, 0)).isFalse();
        }

        assertThat(blocks(wire)).isEqualTo(blocks(RateLimit.of(1_000 * BLOCK)));
    }

    @Test
    void returnedBytesGoToEveryLimit() {
        RateLimit wire = RateLimit.of(BLOCK);
        RateLimit host = RateLimit.of(BLOCK);
        Rates rates = Rates.of(wire, host);
        while (rates.tryTake(BLOCK, 0)) {}

        rates.giveBack(BLOCK);

        assertThat(wire.tryTake(BLOCK, 0)).isTrue();
        assertThat(host.tryTake(BLOCK, 0)).isTrue();
    }

    @Test
    void theLongestWaitCounts() {
        RateLimit wire = RateLimit.of(BLOCK);
        RateLimit host = RateLimit.of(10 * BLOCK);
        Rates rates = Rates.of(host).after(wire);
        blocks(wire);
        blocks(host);

        assertThat(rates.nanosUntilReady(0)).isEqualTo(wire.nanosUntilReady(0)).isPositive();
    }

    @Test
    void aLimitMayBeginAndEndWhileInUse() {
        RateLimit swarm = RateLimit.of(Long.MAX_VALUE);
        Rates rates = Rates.of(swarm);
        assertThat(rates.isUnlimited()).isTrue();

        swarm.change(1);
        assertThat(rates.isUnlimited()).isFalse();
        assertThat(rates.tryTake(BLOCK, 0)).isTrue();
        assertThat(rates.tryTake(BLOCK, 0)).isFalse();

        swarm.change(Long.MAX_VALUE);
        assertThat(rates.tryTake(BLOCK, 0)).isTrue();
    }

    @Test
    void noLimitCostsNothing() {
        Rates none = Rates.of(RateLimit.unlimited());

        assertThat(none.isUnlimited()).isTrue();
        assertThat(none.after(RateLimit.unlimited())).isSameAs(none);
        assertThat(none.nanosUntilReady(0)).isZero();
        assertThat(Rates.unlimited().tryTake(Integer.MAX_VALUE, 0)).isTrue();
    }
}
