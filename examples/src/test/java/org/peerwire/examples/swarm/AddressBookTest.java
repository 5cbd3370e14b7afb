/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressBookTest {
    private static final InetSocketAddress GIVEN = TestData.local(1001);
    private static final InetSocketAddress LEARNED = TestData.local(1002);

    private final AddressBook book = new AddressBook(new Random(1));

    @Test
    void givenAddressesComeFirstAndEachOnlyOnce() {
        book.learn(LEARNED);
        book.give(GIVEN);

        assertThat(book.take(0, 1, false)).containsExactly(GIVEN);
        assertThat(book.take(0, 5, false)).containsExactly(LEARNED);
        assertThat(book.take(60_000, 5, false)).isEmpty();
    }

    @Test
    void aPeerThatClosedIsDialledAgainAfterAWhile() {
        book.give(GIVEN);
        book.take(0, 1, false);
        book.opened(GIVEN, 100);
        book.closed(GIVEN, 500, false);

        assertThat(book.take(1_000, 1, false)).isEmpty();
        assertThat(book.take(2_500, 1, false)).containsExactly(GIVEN);
    }

    @Test
    void theDelayOfAGivenAddressGrowsTo5s() {
        book.give(GIVEN);
        long now = 0;
        for (long wait : new long[] {1_000, 2_000, 4_000, 5_000, 5_000}) {
            assertThat(book.take(now, 1, false)).containsExactly(GIVEN);
            book.failed(GIVEN, now);
            assertThat(book.take(now + wait * 3 / 4 - 1, 1, false)).isEmpty();
            now += wait;
        }
        assertThat(book.hasHope()).isTrue();
    }

    @Test
    void aLearnedAddressHasALimitedNumberOfAttempts() {
        book.learn(LEARNED);
        for (long now = 0; book.hasHope(); now += 60_000) {
            assertThat(book.take(now, 1, false)).containsExactly(LEARNED);
            book.failed(LEARNED, now);
        }
        assertThat(book.take(Long.MAX_VALUE / 2, 1, false)).isEmpty();
    }

    @Test
    void aPeerThatGaveABlockIsDialledSoonAgainHoweverShortItsSession() {
        book.learn(LEARNED);
        for (int now = 0; now < 100_000; now += 1_000) {
            assertThat(book.take(now, 1, false)).containsExactly(LEARNED);
            book.opened(LEARNED, now);
            book.closed(LEARNED, now, true);
        }
    }

    @Test
    void theDelayIsRandomWithinAQuarter() {
        for (int port = 1; port <= 100; port++) {
            book.give(TestData.local(port));
        }
        book.take(0, 100, false).forEach(address -> book.failed(address, 0));

        assertThat(book.take(749, 100, false)).isEmpty();
        assertThat(book.take(875, 100, false)).hasSizeBetween(20, 80);
        assertThat(book.take(1_000, 100, false)).isNotEmpty();
    }

    @Test
    void anAddressReachedBeforeIsTheHopeOfASwarmWithoutWires() {
        book.learn(LEARNED);
        book.take(0, 1, false);
        book.opened(LEARNED, 0);
        book.closed(LEARNED, 0, false);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += 4_000;
            assertThat(book.take(now, 1, true)).containsExactly(LEARNED);
            book.failed(LEARNED, now);
            assertThat(book.take(now + 749, 1, true)).isEmpty();
        }

        assertThat(book.hasHope()).isTrue();
        assertThat(book.take(now + 4_000, 1, false)).as("with a wire").isEmpty();
    }

    @Test
    void otherAddressesAreDialledBeforeTheOneReached() {
        book.learn(LEARNED);
        book.take(0, 1, false);
        book.opened(LEARNED, 0);
        book.closed(LEARNED, 0, false);
        for (long now = 4_000; now <= 20_000; now += 4_000) {
            book.take(now, 1, true);
            book.failed(LEARNED, now);
        }
        book.give(GIVEN);

        assertThat(book.take(24_000, 5, true)).containsExactly(GIVEN);
        assertThat(book.take(24_000, 5, true)).containsExactly(LEARNED);
    }

    @Test
    void aBannedAddressIsNeverDialled() {
        book.give(GIVEN);
        book.ban(GIVEN);
        book.ban(LEARNED);

        assertThat(book.learn(LEARNED)).isFalse();
        assertThat(book.take(0, 5, false)).isEmpty();
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
            book.take(now, 1_000, false).forEach(address -> book.failed(address, then));
        }

        assertThat(book.learn(TestData.local(2_000))).isTrue();
        assertThat(book.take(Long.MAX_VALUE / 2, 5, false)).containsExactly(TestData.local(2_000));
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
        assertThat(book.take(0, 10_000, false)).hasSize(1_000);
    }
}
