/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AskingTest {
    @Test
    void aDownloadWithoutProgressNamesItsPeers() {
        assertThat(Asking.noProgress(Duration.ofSeconds(30), 0))
                .isEqualTo("no data for 30 s, and no peer is connected");
        assertThat(Asking.noProgress(Duration.ofMillis(400), 1)).isEqualTo("no data for 400 ms from 1 connected peer");
        assertThat(Asking.noProgress(Duration.ofSeconds(30), 3)).isEqualTo("no data for 30 s from 3 connected peers");
    }
}
