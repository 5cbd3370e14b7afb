/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WiresOnHeapTest {
    @Test
    void aWireCountsUntilNothingHoldsIt() {
        WirePair pair = WirePair.open(Peers.alice(), Peers.bob());

        long open = WiresOnHeap.count();
        pair.dispose();
        pair = null;

        assertThat(open).isGreaterThanOrEqualTo(2);
        assertThat(WiresOnHeap.count()).as("of " + open).isLessThanOrEqualTo(open - 2);
    }
}
