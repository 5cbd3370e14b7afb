/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetadataTallyTest {
    private final MetadataTally tally = new MetadataTally();

    @Test
    void namesOnlyEventsThatHappened() {
        assertThat(tally).hasToString("no peers");
        tally.peers = 1;
        assertThat(tally).hasToString("1 peer");
        tally.silent = 1;
        assertThat(tally).hasToString("of 1 peer 1 did not send the claimed metadata");
        tally.peers = 5;
        tally.withoutMetadata = 2;
        tally.tooLarge = 1;
        tally.wrong = 3;
        tally.attempts = 4;
        assertThat(tally)
                .hasToString("of 5 peers 2 had no metadata, 1 claimed too much, 3 sent wrong data, "
                        + "1 did not send the claimed metadata; wrong results: 4");
    }
}
