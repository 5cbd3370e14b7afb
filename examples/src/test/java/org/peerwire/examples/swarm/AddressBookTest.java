/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressBookTest {
    private static final InetSocketAddress GIVEN = TestData.local(1001);
    private static final InetSocketAddress LEARNED = TestData.local(1002);

    private final AddressBook book = new AddressBook();

    @Test
    void givenAddressesComeFirstAndEachOnlyOnce() {
        book.learn(LEARNED);
        book.give(GIVEN);

        assertThat(book.take(0, 1)).containsExactly(GIVEN);
        assertThat(book.take(0, 5)).containsExactly(LEARNED);
        assertThat(book.take(60_000, 5)).isEmpty();
    }

    @Test
    void aPeerThatClosedIsDialledAgainAfterAWhile() {
        book.give(GIVEN);
        book.take(0, 1);
        book.opened(GIVEN, 100);
        book.closed(GIVEN, 500);

        assertThat(book.take(1_000, 1)).isEmpty();
        assertThat(book.take(2_500, 1)).containsExactly(GIVEN);
    }

    @Test
    void theDelayOfAGivenAddressGrowsTo5s() {
        book.give(GIVEN);
        long now = 0;
        for (long wait : new long[] {2_000, 2_000, 4_000, 5_000, 5_000}) {
            assertThat(book.take(now, 1)).containsExactly(GIVEN);
            book.failed(GIVEN, now);
            assertThat(book.take(now + wait - 1, 1)).isEmpty();
            now += wait;
        }
        assertThat(book.hasHope()).isTrue();
    }

    @Test
    void aLearnedAddressHasALimitedNumberOfAttempts() {
        book.learn(LEARNED);
        for (long now = 0; book.hasHope(); now += 60_000) {
            assertThat(book.take(now, 1)).containsExactly(LEARNED);
            book.failed(LEARNED, now);
        }
        assertThat(book.take(Long.MAX_VALUE / 2, 1)).isEmpty();
    }

    @Test
    void aBannedAddressIsNeverDialled() {
        book.give(GIVEN);
        book.ban(GIVEN);
        book.ban(LEARNED);

        assertThat(book.learn(LEARNED)).isFalse();
        assertThat(book.take(0, 5)).isEmpty();
        assertThat(book.hasHope()).isFalse();
    }

    @Test
    void anAddressWithoutAttemptsLeftIsReplaced() {
        for (int port = 1; port <= 1_000; port++) {
            book.learn(TestData.local(port));
        }
        assertThat(book.learn(TestData.local(2_000))).isFalse();
        for (long now = 0; book.hasHope(); now += 60_000) {
            long then = now;
            book.take(now, 1_000).forEach(address -> book.failed(address, then));
        }

        assertThat(book.learn(TestData.local(2_000))).isTrue();
        assertThat(book.take(Long.MAX_VALUE / 2, 5)).containsExactly(TestData.local(2_000));
    }

    @Test
    void bansAreBounded() {
        for (int port = 1; port <= 1_001; port++) {
            book.ban(TestData.local(port));
        }
        assertThat(book.learn(TestData.local(1_001))).isFalse();
        assertThat(book.learn(TestData.local(1))).isTrue();
    }

    @Test
    void theBookIsBounded() {
        for (int port = 1; port < 5_000; port++) {
            book.learn(TestData.local(port));
        }
        assertThat(book.take(0, 10_000)).hasSize(1_000);
    }
}
