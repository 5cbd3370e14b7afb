/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConductTest {
    private final Conduct conduct = new Conduct();

    @Test
    void aPeerThatSendsNoBlockForThreeSecondsHasStalled() {
        conduct.asked(0);

        assertThat(conduct.stalls(2_999)).isFalse();
        assertThat(conduct.stalls(3_000)).isTrue();
        assertThat(conduct.stalls(3_500)).as("told once").isFalse();
        assertThat(conduct.mayBeAsked(3_500)).isFalse();
    }

    @Test
    void aBlockEndsTheStall() {
        conduct.asked(0);
        conduct.stalls(3_000);

        conduct.answered(3_100, true, true);

        assertThat(conduct.mayBeAsked(3_100)).isTrue();
        assertThat(conduct.stalls(6_000)).isFalse();
    }

    @Test
    void aSlowPeerHasThreeTimesItsUsualAnswer() {
        conduct.asked(0);
        conduct.answered(2_000, true, true);

        assertThat(conduct.stalls(2_000 + 5_999)).isFalse();
        assertThat(conduct.stalls(2_000 + 6_000)).isTrue();
    }

    @Test
    void theSlowestPeerHasTenSeconds() {
        conduct.asked(0);
        conduct.answered(60_000, true, true);

        assertThat(conduct.stalls(60_000 + 9_999)).isFalse();
        assertThat(conduct.stalls(60_000 + 10_000)).isTrue();
    }

    @Test
    void anEndIsARefusalOnlyOfAPeerThatOwesAnAnswer() {
        conduct.asked(0);
        conduct.ended(100, false);
        assertThat(conduct.mayBeAsked(100)).isTrue();

        conduct.ended(100, true);
        assertThat(conduct.mayBeAsked(149)).isFalse();

        conduct.asked(150);
        assertThat(conduct.stalls(3_200)).isTrue();
        conduct.ended(3_200, false);
        assertThat(conduct.mayBeAsked(3_299)).as("the second refusal").isFalse();
        assertThat(conduct.mayBeAsked(3_300)).isTrue();
    }

    @Test
    void aPeerWithoutRequestsDoesNotStall() {
        conduct.asked(0);
        conduct.answered(10, false, true);

        assertThat(conduct.stalls(60_000)).isFalse();
    }

    @Test
    void thePauseDoublesWithEachRefusalAndABurstCountsOnce() {
        assertThat(conduct.refused(1_000, true)).isEqualTo(50);
        assertThat(conduct.refused(1_010, true)).as("of the same burst").isEqualTo(40);
        assertThat(conduct.mayBeAsked(1_049)).isFalse();
        assertThat(conduct.mayBeAsked(1_050)).isTrue();
        assertThat(conduct.refused(1_050, true)).isEqualTo(100);
        assertThat(conduct.refused(1_150, true)).isEqualTo(200);
    }

    @Test
    void thePauseIsAtMostHalfAMinuteAndAUsefulBlockEndsIt() {
        long now = 0;
        for (int i = 0; i < 20; i++) {
            now += conduct.refused(now, true);
        }
        assertThat(conduct.refused(now, true)).isEqualTo(30_000);

        conduct.answered(now, true, false);
        assertThat(conduct.mayBeAsked(now))
                .as("a useless block changes nothing")
                .isFalse();
        conduct.answered(now, true, true);
        assertThat(conduct.mayBeAsked(now)).isTrue();
        assertThat(conduct.refused(now, true)).isEqualTo(50);
    }
}
