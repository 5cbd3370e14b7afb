/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.WireLimits;

class PeerAdviceTest {
    private final PeerAdvice advice = new PeerAdvice(
            WireLimits.builder().maxAllowedFast(3).maxSuggested(3).build());

    @Test
    void peerThatHasSaidNothingAllowsNothing() {
        assertThat(advice.allowsAny()).isFalse();
        assertThat(advice.isAllowedFast(0)).isFalse();
        assertThat(advice.allowedFast()).isEmpty();
        assertThat(advice.suggested()).isEmpty();
        assertThat(advice.requestQueue()).isZero();
    }

    @Test
    void allowedPiecesAreKeptInTheirOrder() {
        assertThat(advice.allow(7)).isTrue();
        assertThat(advice.allow(2)).isTrue();

        assertThat(advice.allowedFast()).containsExactly(7, 2);
        assertThat(advice.isAllowedFast(2)).isTrue();
        assertThat(advice.isAllowedFast(3)).isFalse();
        assertThat(advice.allowsAny()).isTrue();
    }

    @Test
    void pieceOverTheLimitIsNotAllowed() {
        advice.allow(1);
        advice.allow(2);
        advice.allow(3);

        assertThat(advice.allow(4)).isFalse();
        assertThat(advice.isAllowedFast(4)).isFalse();
        assertThat(advice.allowedFast()).containsExactly(1, 2, 3);
    }

    @Test
    void repeatedPieceIsWithinTheLimit() {
        advice.allow(1);
        advice.allow(2);
        advice.allow(3);

        assertThat(advice.allow(1)).isTrue();
        assertThat(advice.allowedFast()).containsExactly(1, 2, 3);
    }

    @Test
    void newestSuggestionComesFirstAndTheOldestIsRemoved() {
        for (int piece = 1; piece <= 4; piece++) {
            advice.suggest(piece);
        }

        assertThat(advice.suggested()).containsExactly(4, 3, 2);
    }

    @Test
    void repeatedSuggestionMovesToTheFront() {
        advice.suggest(1);
        advice.suggest(2);
        advice.suggest(1);

        assertThat(advice.suggested()).containsExactly(1, 2);
    }

    @Test
    void piecesThatTheTorrentDoesNotHaveAreRemoved() {
        List.of(4, 5, 6).forEach(advice::allow);
        List.of(4, 5, 6).forEach(advice::suggest);

        advice.pieceCount(5);

        assertThat(advice.allowedFast()).containsExactly(4);
        assertThat(advice.isAllowedFast(5)).isFalse();
        assertThat(advice.suggested()).containsExactly(4);
        assertThat(advice.allow(0)).as("a place that has become free").isTrue();
    }

    @Test
    void listsThatWereHandedOutDoNotChange() {
        advice.allow(1);
        List<Integer> before = advice.allowedFast();

        advice.allow(2);

        assertThat(before).containsExactly(1);
    }

    @Test
    void limitOfZeroKeepsNothing() {
        PeerAdvice nothing = new PeerAdvice(
                WireLimits.builder().maxAllowedFast(0).maxSuggested(0).build());

        assertThat(nothing.allow(0)).isFalse();
        nothing.suggest(0);

        assertThat(nothing.allowsAny()).isFalse();
        assertThat(nothing.suggested()).isEmpty();
    }
}
