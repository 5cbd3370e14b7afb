/* SPDX-License-Identifier: MIT */
package org.peerwire.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IgnoredCountsTest {
    private enum Kind {
        EARLY,
        LATE,
        NEVER
    }

    private final IgnoredCounts<Kind> counts = IgnoredCounts.of(Kind.class);

    @Test
    void onlyKindsThatHappenedAreListed() {
        counts.count(Kind.LATE);
        counts.count(Kind.EARLY);
        counts.count(Kind.LATE);

        assertThat(counts.toMap()).containsExactly(Map.entry(Kind.EARLY, 1L), Map.entry(Kind.LATE, 2L));
    }

    @Test
    void theMapIsASnapshotThatCannotBeChanged() {
        Map<Kind, Long> before = counts.toMap();
        counts.count(Kind.EARLY);

        assertThat(before).isEmpty();
        assertThatThrownBy(() -> before.put(Kind.EARLY, 1L)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void countsFromManyThreadsAddUp() {
        IntStream.range(0, 10_000).parallel().forEach(i -> counts.count(Kind.EARLY));

        assertThat(counts.toMap()).containsEntry(Kind.EARLY, 10_000L);
    }
}
