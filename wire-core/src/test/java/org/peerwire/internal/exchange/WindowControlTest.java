/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.RequestWindow;
import org.peerwire.message.BlockRequest;

class WindowControlTest {
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;

    private final WindowControl window = new WindowControl(new RequestWindow(4, 100, Duration.ofSeconds(2)));
    private long now;

    /** Receives blocks for a second. */
    private void second(int blocks) {
        for (int i = 0; i < blocks; i++) {
            window.onBlock(BLOCK);
        }
        now += 1_000;
        window.tick(now);
    }

    @Test
    void windowBeginsWithItsMinimum() {
        assertThat(window.size()).isEqualTo(4);
    }

    @Test
    void windowGrowsByOneWithEachBlockWhileTheRateGrows() {
        second(3);
        assertThat(window.size()).isEqualTo(7);
        second(6);
        assertThat(window.size()).isEqualTo(13);
        second(12);
        assertThat(window.size()).isEqualTo(25);
    }

    @Test
    void slowStartStopsAtTheMaximum() {
        second(500);

        assertThat(window.size()).isEqualTo(100);
    }

    @Test
    void steadyRateIsRequestedAheadForTheConfiguredTime() {
        second(10);
        second(10);
        second(10);

        assertThat(window.size()).as("two seconds of ten blocks").isEqualTo(20);
    }

    @Test
    void windowFollowsAFallingAndARisingRate() {
        second(10);
        second(20);
        second(20);
        assertThat(window.size()).isEqualTo(40);

        second(5);
        assertThat(window.size()).isEqualTo(10);
        second(30);
        assertThat(window.size()).isEqualTo(60);
    }

    @Test
    void windowStaysWithinItsBounds() {
        second(10);
        second(10);
        second(1_000);
        assertThat(window.size()).isEqualTo(100);

        second(0);
        assertThat(window.size()).isEqualTo(4);
    }

    @Test
    void idleSecondsDoNotEndTheSlowStart() {
        second(0);
        second(0);
        second(0);
        second(5);

        assertThat(window.size()).isEqualTo(9);
    }

    @Test
    void longerTickCountsWithItsLength() {
        second(10);
        second(10);
        for (int i = 0; i < 20; i++) {
            window.onBlock(BLOCK);
        }
        now += 2_000;
        window.tick(now);

        assertThat(window.size()).isEqualTo(20);
    }

    @Test
    void tickWithoutTimeChangesNothing() {
        second(10);
        int before = window.size();

        window.tick(now);
        window.tick(now);

        assertThat(window.size()).isEqualTo(before);
    }

    @Test
    void fixedWindowNeverMoves() {
        WindowControl fixed = new WindowControl(RequestWindow.fixed(7));
        for (int i = 1; i <= 5; i++) {
            fixed.onBlock(BLOCK);
            fixed.tick(i * 1_000L);
        }

        assertThat(fixed.size()).isEqualTo(7);
    }
}
