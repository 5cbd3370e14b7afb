/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ReputationTest {
    private final Reputation reputation = new Reputation();

    private static InetSocketAddress address(int number) {
        return InetSocketAddress.createUnresolved("peer", number);
    }

    @Test
    void theNewestAddressesAreKept() {
        for (int i = 0; i <= Reputation.MAX_ADDRESSES; i++) {
            reputation.lied(address(i));
        }

        assertThat(reputation.refuses(address(0), 0)).isFalse();
        assertThat(reputation.refuses(address(1), 0)).isTrue();
        assertThat(reputation.refuses(address(Reputation.MAX_ADDRESSES), 0)).isTrue();
    }

    @Test
    void aLiarThatCannotBeReachedRemainsALiar() {
        reputation.lied(address(1));
        reputation.unreachable(address(1), 10);

        assertThat(reputation.refuses(address(1), 11)).isTrue();
    }

    @Test
    void anUnreachableAddressIsRefusedUntilItsTime() {
        reputation.unreachable(address(1), 10);

        assertThat(reputation.refuses(address(1), 9)).isTrue();
        assertThat(reputation.refuses(address(1), 10)).isFalse();
    }
}
