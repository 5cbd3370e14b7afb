/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.metadata.MetadataException.Reason;

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

    @ParameterizedTest
    @CsvSource({
        "NO_PEERS, 'no peer is left (3 peers); try other peers'",
        "UNSUPPORTED, 'no peer has the metadata (3 peers); try later, or other peers'",
        "TOO_LARGE, 'the size must be at most 16777216 bytes, the peers claim more (3 peers); raise the limit, or try other "
                + "peers'",
        "INVALID, 'the data of the peers does not match the info hash (3 peers); try other peers'",
        "TIMED_OUT, 'no progress for 120 s (3 peers); try later, or more peers'",
    })
    void explainsAFailureWithItsNumbersAndTheNextStep(Reason reason, String message) {
        tally.peers = 3;
        assertThat(tally.explain(reason, MetadataOptions.defaults())).isEqualTo(message);
    }
}
