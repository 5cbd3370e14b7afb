/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final int BLOCK = 16 * 1024;
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long SECOND = 1_000_000_000;
    private static final long TICK = SECOND / 200;

    /** Takes all blocks that it can from a time on, as a caller with a timer of 5 ms, and returns their bytes. */
    private static long take(RateLimit limit, long from, long duration) {
        long taken = 0;
        for (long passed = 0; passed < duration; passed += TICK) {
            while (limit.tryTake(BLOCK, from + passed)) {
                taken += BLOCK;
            }
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(longs = {110 * KIB, 500 * KIB, MIB, 10 * MIB, 100 * MIB})
    void theRateIsExactWithinFivePercentOverFiveSeconds(long rate) {
        RateLimit limit = RateLimit.of(rate);

        assertThat(take(limit, 0, 5 * SECOND)).isCloseTo(5 * rate, Percentage.withPercentage(5.1));
        assertThat(take(limit, 5 * SECOND, 5 * SECOND)).isCloseTo(5 * rate, Percentage.withPercentage(5));
    }

    @ParameterizedTest
    @ValueSource(longs = {KIB, 10 * KIB, 50 * KIB})
    void aRateOfFewBlocksIsExactWithinOneBlock(long rate) {
        RateLimit limit = RateLimit.of(rate);

        assertThat(take(limit, 0, 5 * SECOND)).isCloseTo(5 * rate, within(BLOCK + rate / 10));
        assertThat(take(limit, 5 * SECOND, 100 * SECOND)).isCloseTo(100 * rate, within((long) BLOCK));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -3 * SECOND, 0, Long.MAX_VALUE - 2 * SECOND, Long.MAX_VALUE})
    void aClockMayBeginAnywhere(long origin) {
        RateLimit limit = RateLimit.of(MIB);
        limit.giveBack(BLOCK);

        assertThat(take(limit, origin, 5 * SECOND)).isCloseTo(5 * MIB, Percentage.withPercentage(5));
        assertThat(limit.tryTake(BLOCK, origin + 6 * SECOND)).isTrue();
    }

    @Test
    void anIdleLimitHoldsNoMoreThanATenthOfASecond() {
        RateLimit limit = RateLimit.of(MIB);
        take(limit, 0, SECOND);

        long year = 365 * 24 * 3600 * SECOND;
        assertThat(take(limit, year, TICK)).isBetween(MIB / 10, MIB / 10 + BLOCK);
    }

    @Test
    void returnedBytesMayBeTakenAgain() {
        RateLimit limit = RateLimit.of(MIB);
        long first = take(limit, 0, TICK);
        assertThat(limit.tryTake(BLOCK, 0)).isFalse();

        limit.giveBack((int) first);

        assertThat(take(limit, 0, TICK)).isEqualTo(first);
    }

    @Test
    void returnedBytesNeverOverfillTheBucket() {
        RateLimit limit = RateLimit.of(MIB);
        for (int i = 0; i < 10_000; i++) {
            limit.giveBack(Integer.MAX_VALUE);
        }

        assertThat(take(limit, 0, TICK)).isLessThanOrEqualTo(MIB / 10 + BLOCK);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, Long.MAX_VALUE - 1})
    void extremeRatesDoNotOverflow(long rate) {
        RateLimit limit = RateLimit.of(rate);
        assertThat(limit.tryTake(Integer.MAX_VALUE, Long.MAX_VALUE)).isTrue();

        boolean isFast = rate > MIB;
        assertThat(limit.tryTake(BLOCK, Long.MAX_VALUE)).isEqualTo(isFast);
        assertThat(limit.nanosUntilReady(Long.MAX_VALUE))
                .isEqualTo(
                        isFast
                                ? 0
                                : Integer.MAX_VALUE / rate * SECOND
                                        + Integer.MAX_VALUE % rate * SECOND / rate
                                        - SECOND / 10);
        limit.giveBack(Integer.MAX_VALUE);
        assertThat(limit.tryTake(BLOCK, Long.MAX_VALUE)).isTrue();
    }

    @Test
    void theTimeUntilReadyIsTheTimeOfTheNextTake() {
        RateLimit limit = RateLimit.of(100 * KIB);
        assertThat(limit.nanosUntilReady(7)).isZero();
        take(limit, 0, TICK);

        long wait = limit.nanosUntilReady(0);

        assertThat(wait).isPositive();
        assertThat(limit.tryTake(BLOCK, wait - 1)).isFalse();
        assertThat(limit.nanosUntilReady(wait)).isZero();
        assertThat(limit.tryTake(BLOCK, wait)).isTrue();
    }

    @Test
    void aCallerWhoseTimeIsOlderGainsNothing() {
        RateLimit limit = RateLimit.of(MIB);
        take(limit, SECOND, TICK);

        assertThat(limit.tryTake(BLOCK, 0)).isFalse();
        limit.giveBack(BLOCK);
        assertThat(limit.tryTake(BLOCK, 0)).isTrue();
        assertThat(take(limit, SECOND + TICK, SECOND)).isCloseTo(MIB, within(2L * BLOCK));
    }

    @Test
    void aRaisedRateShortensTheDebt() {
        RateLimit limit = RateLimit.of(1);
        assertThat(limit.tryTake(BLOCK, 0)).isTrue(); // a debt of four hours

        limit.change(MIB);

        assertThat(limit.bytesPerSecond()).isEqualTo(MIB);
        assertThat(take(limit, 0, 5 * SECOND)).isCloseTo(5 * MIB, Percentage.withPercentage(5));
    }

    @Test
    void aLoweredRateAppliesAtOnce() {
        RateLimit limit = RateLimit.of(100 * MIB);
        take(limit, 0, SECOND);

        limit.change(MIB);

        assertThat(take(limit, SECOND, 5 * SECOND)).isCloseTo(5 * MIB, Percentage.withPercentage(5));
    }

    @Test
    void aRateThatChangesOftenGivesNoBurstForEachChange() {
        RateLimit limit = RateLimit.of(MIB);
        long taken = 0;
        for (int i = 0; i < 1_000; i++) {
            limit.change(i % 2 == 0 ? MIB + 1 : MIB);
            taken += take(limit, i * TICK, TICK);
        }

        assertThat(taken).isCloseTo(5 * MIB, Percentage.withPercentage(5));
    }

    @Test
    void aLimitMayBecomeUnlimitedAndLimitedAgain() {
        RateLimit limit = RateLimit.of(1);
        limit.tryTake(BLOCK, 0);

        limit.change(Long.MAX_VALUE);
        assertThat(limit.isUnlimited()).isTrue();
        assertThat(limit.tryTake(BLOCK, 0)).isTrue();
        limit.change(MIB);

        assertThat(take(limit, 0, 5 * SECOND)).isCloseTo(5 * MIB, Percentage.withPercentage(5));
    }

    @Test
    void threadsThatShareALimitGetItTogether() throws InterruptedException {
        RateLimit limit = RateLimit.of(50 * MIB);
        AtomicLong taken = new AtomicLong();
        AtomicLong clock = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (long now = 0; now < 5 * SECOND; now = clock.addAndGet(TICK / 100)) {
                    if (limit.tryTake(BLOCK, now)) {
                        limit.giveBack(BLOCK);
                        if (limit.tryTake(BLOCK, now)) {
                            taken.addAndGet(BLOCK);
                        }
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(taken.get()).isCloseTo(250 * MIB, Percentage.withPercentage(5));
    }

    @Test
    void theAbsenceOfALimitIsNotChanged() {
        assertThat(RateLimit.unlimited().isUnlimited()).isTrue();
        assertThat(RateLimit.unlimited().tryTake(Integer.MAX_VALUE, 0)).isTrue();
        assertThat(RateLimit.unlimited().nanosUntilReady(0)).isZero();
        assertThatIllegalStateException().isThrownBy(() -> RateLimit.unlimited().change(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(0))
                .withMessage("bytesPerSecond must be at least 1, was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.of(1).change(-1));
    }
}
