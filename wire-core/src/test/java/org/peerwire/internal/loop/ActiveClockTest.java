/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class ActiveClockTest {
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final ActiveClock clock = clockThatBeginsLate();

    private ActiveClock clockThatBeginsLate() {
        advance(5_000);
        return new ActiveClock(scheduler);
    }

    private void advance(long millis) {
        scheduler.advanceTimeBy(Duration.ofMillis(millis));
    }

    @Test
    void timeBeginsWithTheConnection() {
        assertThat(clock.now()).isZero();
        assertThat(clock.active()).isZero();

        advance(1_500);

        assertThat(clock.now()).isEqualTo(1_500);
        assertThat(clock.active()).isEqualTo(1_500);
    }

    @Test
    void activeTimeStandsStillDuringAPause() {
        advance(1_000);
        clock.pause();
        advance(700);

        assertThat(clock.isPaused()).isTrue();
        assertThat(clock.active()).isEqualTo(1_000);
        assertThat(clock.now()).isEqualTo(1_700);
    }

    @Test
    void pausesAddUp() {
        for (int i = 0; i < 3; i++) {
            advance(100);
            clock.pause();
            advance(1_000);
            assertThat(clock.resume()).isTrue();
        }
        advance(50);

        assertThat(clock.active()).isEqualTo(350);
        assertThat(clock.isPaused()).isFalse();
    }

    @Test
    void secondPauseDoesNotMoveTheFirst() {
        clock.pause();
        advance(100);
        clock.pause();
        advance(100);

        assertThat(clock.active()).isZero();
        clock.resume();
        assertThat(clock.active()).isZero();
    }

    @Test
    void resumeWithoutAPauseChangesNothing() {
        advance(100);

        assertThat(clock.resume()).isFalse();
        assertThat(clock.active()).isEqualTo(100);
    }

    @Test
    void idleTimeCountsFromTheLastRead() {
        advance(300);
        assertThat(clock.idle(clock.active())).isEqualTo(300);

        clock.onRead();
        advance(200);

        assertThat(clock.idle(clock.active())).isEqualTo(200);
    }

    @Test
    void idleTimeLeavesPausesOut() {
        clock.onRead();
        advance(100);
        clock.pause();
        advance(60_000);
        clock.resume();
        advance(100);

        assertThat(clock.idle(clock.active())).isEqualTo(200);
    }

    @Test
    void readDuringAPauseEndsTheIdleTime() {
        advance(100);
        clock.pause();
        advance(500);
        clock.onRead();
        advance(500);
        clock.resume();

        assertThat(clock.idle(clock.active())).isZero();
    }
}
