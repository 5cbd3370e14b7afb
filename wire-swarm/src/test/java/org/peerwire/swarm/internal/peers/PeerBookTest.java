/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.pex.CanonicalPriority;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmOptions;

class PeerBookTest {
    private static final InetSocketAddress GIVEN = DialWorld.local(1001);
    private static final InetSocketAddress LEARNED = DialWorld.local(1002);

    private final PeerBook book = book(SwarmOptions.defaults());

    private static PeerBook book(SwarmOptions options) {
        return new PeerBook(options, new Random(1), new InetSocketAddress("192.0.2.1", 1));
    }

    private void give(InetSocketAddress address) {
        book.add(address, PeerSource.USER, 0);
    }

    private boolean learn(InetSocketAddress address) {
        return book.add(address, PeerSource.TRACKER, 0);
    }

    /** Returns addresses of one port each. */
    private static InetSocketAddress host(int number) {
        return new InetSocketAddress("10.0." + number / 256 + "." + number % 256, 6881);
    }

    @Test
    void givenAddressesComeFirstAndEachOnlyOnce() {
        learn(LEARNED);
        give(GIVEN);

        assertThat(book.take(0, 1, false)).containsExactly(GIVEN);
        assertThat(book.take(0, 5, false)).containsExactly(LEARNED);
        assertThat(book.take(60_000, 5, false)).isEmpty();
    }

    @Test
    void aPeerThatClosedIsDialledAgainAfterAWhile() {
        give(GIVEN);
        book.take(0, 1, false);
        book.opened(GIVEN, 100);
        book.closed(GIVEN, 500, 0);

        assertThat(book.take(1_000, 1, false)).isEmpty();
        assertThat(book.take(2_500, 1, false)).containsExactly(GIVEN);
    }

    @Test
    void theDelayOfAGivenAddressGrowsTo5s() {
        give(GIVEN);
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
        learn(LEARNED);
        for (long now = 0; book.hasHope(); now += 60_000) {
            assertThat(book.take(now, 1, false)).containsExactly(LEARNED);
            book.failed(LEARNED, now);
        }
        assertThat(book.take(Long.MAX_VALUE / 2, 1, false)).isEmpty();
    }

    @Test
    void aPeerThatGaveABlockIsDialledSoonAgainHoweverShortItsSession() {
        learn(LEARNED);
        for (int now = 0; now < 100_000; now += 1_000) {
            assertThat(book.take(now, 1, false)).containsExactly(LEARNED);
            book.opened(LEARNED, now);
            book.closed(LEARNED, now, 1);
        }
    }

    @Test
    void theDelayIsRandomWithinAQuarter() {
        for (int port = 1; port <= 100; port++) {
            give(DialWorld.local(port));
        }
        book.take(0, 100, false).forEach(address -> book.failed(address, 0));

        assertThat(book.take(749, 100, false)).isEmpty();
        assertThat(book.take(875, 100, false)).hasSizeBetween(20, 80);
        assertThat(book.take(1_000, 100, false)).isNotEmpty();
    }

    @Test
    void otherAddressesAreDialledBeforeTheOneReached() {
        learn(LEARNED);
        book.take(0, 1, false);
        book.opened(LEARNED, 0);
        book.closed(LEARNED, 0, 0);
        for (long now = 4_000; now <= 20_000; now += 4_000) {
            book.take(now, 1, true);
            book.failed(LEARNED, now);
        }
        give(GIVEN);

        assertThat(book.take(24_000, 5, true)).containsExactly(GIVEN);
        assertThat(book.take(24_000, 5, true)).containsExactly(LEARNED);
    }

    @Test
    void aBannedAddressIsNeverDialled() {
        give(GIVEN);
        book.ban(GIVEN);
        book.ban(LEARNED);

        assertThat(learn(LEARNED)).isFalse();
        assertThat(book.take(0, 5, false)).isEmpty();
        assertThat(book.hasHope()).isFalse();
    }

    @Test
    void anAddressWithoutAttemptsLeftIsReplaced() {
        for (int number = 1; number <= 1_000; number++) {
            learn(host(number));
        }
        assertThat(learn(host(2_000))).isFalse();
        for (long now = 0; book.hasHope(); now += 60_000) {
            long then = now;
            book.take(now, 1_000, false).forEach(address -> book.failed(address, then));
        }

        assertThat(learn(host(2_000))).isTrue();
        assertThat(book.size()).isEqualTo(1_000);
        assertThat(book.take(Long.MAX_VALUE / 2, 5, false)).containsExactly(host(2_000));
    }

    @Test
    void aReachedAddressIsReplacedAfterThoseThatWereNot() {
        PeerBook small = book(SwarmOptions.builder().maxAddresses(2).build());
        small.add(host(1), PeerSource.TRACKER, 0);
        small.add(host(2), PeerSource.TRACKER, 0);
        for (long now = 0; now < 600_000; now += 60_000) {
            for (InetSocketAddress address : small.take(now, 2, false)) {
                if (address.equals(host(1))) {
                    small.opened(address, now);
                    small.closed(address, now, 0);
                } else {
                    small.failed(address, now);
                }
            }
        }

        assertThat(small.add(host(3), PeerSource.PEX, 600_000)).isTrue();
        assertThat(small.contains(host(1))).isTrue();
        assertThat(small.contains(host(2))).isFalse();
    }

    @Test
    void aMoreTrustedAddressReplacesALessTrustedOneButNoBusyOne() {
        PeerBook small = book(SwarmOptions.builder().maxAddresses(2).build());
        small.add(host(1), PeerSource.PEX, 0);
        small.add(host(2), PeerSource.PEX, 0);
        List<InetSocketAddress> busy = small.take(1_000, 1, false);

        assertThat(small.add(host(3), PeerSource.DISCOVERY, 1_000)).isTrue();
        assertThat(small.add(host(4), PeerSource.USER, 1_000)).isTrue();
        assertThat(small.add(host(5), PeerSource.USER, 1_000)).isFalse();
        assertThat(small.contains(busy.get(0))).isTrue();
        assertThat(small.contains(host(3))).isFalse();
        assertThat(small.size()).isEqualTo(2);
    }

    @Test
    void theMostTrustedOriginIsKept() {
        book.add(host(1), PeerSource.PEX, 0);
        book.add(host(1), PeerSource.TRACKER, 0);
        book.add(host(1), PeerSource.PEX, 0);
        book.trustedOnly();

        assertThat(book.contains(host(1))).isTrue();
        assertThat(book.add(host(2), PeerSource.PEX, 0)).isFalse();
        assertThat(book.add(host(2), PeerSource.DISCOVERY, 0)).isFalse();
    }

    @Test
    void thePortsOfOneLearnedAddressAreLimited() {
        for (int port = 1; port <= 16; port++) {
            assertThat(learn(DialWorld.local(port))).isTrue();
        }
        assertThat(learn(DialWorld.local(17))).isFalse();
        give(DialWorld.local(18));
        assertThat(book.contains(DialWorld.local(18))).isTrue();

        give(DialWorld.local(1)); // is not learned any more
        assertThat(learn(DialWorld.local(17))).isTrue();
        book.ban(DialWorld.local(2));
        assertThat(learn(DialWorld.local(19))).isTrue();
        assertThat(learn(DialWorld.local(20))).isFalse();
    }

    @Test
    void anAddressWhereNobodyCanListenIsRefused() {
        for (String host : List.of("0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255")) {
            assertThat(book.add(new InetSocketAddress(host, 1), PeerSource.USER, 0))
                    .as(host)
                    .isFalse();
        }
        assertThat(learn(host(1))).isTrue();
        assertThat(learn(new InetSocketAddress(host(1).getAddress(), 0))).isFalse();
        assertThat(learn(InetSocketAddress.createUnresolved("peer.invalid", 1))).isFalse();
    }

    @Test
    void addressesWithDataComeFirstThenReachedOnesThenThoseOfTheHighestPriority() {
        for (int number = 1; number <= 4; number++) {
            learn(host(number));
        }
        List<InetSocketAddress> byPriority = book.take(0, 4, false);
        InetSocketAddress self = new InetSocketAddress("192.0.2.1", 1);
        assertThat(byPriority).isSortedAccordingTo(CanonicalPriority.comparator(self));

        InetSocketAddress last = byPriority.get(3);
        InetSocketAddress third = byPriority.get(2);
        List.of(last, third).forEach(address -> book.opened(address, 0));
        book.closed(last, 0, 1);
        book.closed(third, 0, 0);
        List.of(byPriority.get(0), byPriority.get(1)).forEach(address -> book.failed(address, 0));
        assertThat(book.take(60_000, 4, false)).startsWith(last, third);
    }

    @Test
    void aPeerThatOthersTellIsDialledWithinASecond() {
        for (int number = 1; number <= 100; number++) {
            book.add(host(number), PeerSource.PEX, 5_000);
        }
        assertThat(book.take(5_500, 200, false)).hasSizeBetween(20, 80);
        assertThat(book.take(6_000, 200, false)).isNotEmpty();
        assertThat(book.take(60_000, 200, false)).isEmpty();
    }

    @Test
    void aFlappingPeerIsDialledEverLessOften() {
        learn(LEARNED);
        List<Long> dials = new ArrayList<>();
        for (long now = 0; now < 600_000; now += 250) {
            for (InetSocketAddress address : book.take(now, 1, false)) {
                dials.add(now);
                book.opened(address, now);
                book.closed(address, now + 100, 0);
            }
        }
        assertThat(dials).hasSize(4);
        assertThat(dials.get(3) - dials.get(2)).isGreaterThan(dials.get(2) - dials.get(1));
        assertThat(dials.get(2) - dials.get(1)).isGreaterThan(dials.get(1) - dials.get(0));
    }

    @Test
    void bansAreBounded() {
        for (int port = 1; port <= 1_001; port++) {
            book.ban(DialWorld.local(port));
        }
        assertThat(learn(DialWorld.local(1_001))).isFalse();
        assertThat(learn(DialWorld.local(1))).isTrue();
    }

    @Test
    void theBookIsBounded() {
        for (int number = 1; number < 5_000; number++) {
            learn(host(number));
        }
        assertThat(book.take(0, 10_000, false)).hasSize(1_000);
    }

    /** A long random sequence of all calls must leave the sets of the book consistent. */
    @Test
    void whateverHappensNoAddressIsLostOrTakenTwice() {
        Random random = new Random(7);
        PeerBook busyBook = book(SwarmOptions.builder().maxAddresses(50).build());
        Set<InetSocketAddress> busy = new HashSet<>();
        PeerSource[] sources = PeerSource.values();
        for (long now = 0; now < 1_000_000; now += 50) {
            InetSocketAddress address = host(random.nextInt(100));
            switch (random.nextInt(5)) {
                case 0, 1 -> busyBook.add(address, sources[random.nextInt(4)], now);
                case 2 ->
                    busyBook.take(now, 3, random.nextBoolean())
                            .forEach(taken -> assertThat(busy.add(taken)).isTrue());
                default -> {
                    for (InetSocketAddress taken : List.copyOf(busy)) {
                        if (random.nextBoolean()) {
                            busyBook.failed(taken, now);
                        } else {
                            busyBook.opened(taken, now);
                            busyBook.closed(taken, now, random.nextInt(2));
                        }
                        busy.remove(taken);
                    }
                }
            }
            assertThat(busyBook.size()).isLessThanOrEqualTo(50);
        }
        List<InetSocketAddress> last = busyBook.take(Long.MAX_VALUE / 2, 100, false);
        assertThat(last).doesNotHaveDuplicates().hasSizeBetween(1, 50).allMatch(busyBook::contains);
    }

    @Test
    void booksWithoutAnAddressOfTheirOwnPreferDifferentPeers() {
        List<List<InetSocketAddress>> orders = new ArrayList<>();
        for (int seed = 1; seed <= 2; seed++) {
            PeerBook book = new PeerBook(SwarmOptions.defaults(), new Random(seed), new InetSocketAddress(0));
            for (int i = 1; i <= 20; i++) {
                book.add(new InetSocketAddress("198.51.100." + i, 1), PeerSource.TRACKER, 0);
            }
            orders.add(book.take(0, 20, false));
        }

        assertThat(orders.get(0)).hasSize(20).isNotEqualTo(orders.get(1));
    }
}
