/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmOptions;

/** The addresses of a swarm without wires. */
class PeerBookAloneTest {
    private static final InetSocketAddress LEARNED = new InetSocketAddress("198.51.100.7", 6881);

    private final PeerBook book =
            new PeerBook(SwarmOptions.defaults(), new Random(1), new InetSocketAddress("192.0.2.1", 1));

    private void learn(InetSocketAddress address) {
        book.add(address, PeerSource.DHT, 0);
    }

    @Test
    void anAddressReachedBeforeIsTheHopeOfASwarmWithoutWires() {
        learn(LEARNED);
        book.take(0, 1, false);
        book.opened(LEARNED, 0);
        book.closed(LEARNED, 0, 0);
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
    void aPeerThatClosesEachTimeWithoutABlockIsDialledEverLessOften() {
        learn(LEARNED);
        List<Long> dials = new ArrayList<>();
        for (long now = 0; now < 3_600_000; now += 250) {
            for (InetSocketAddress address : book.take(now, 1, true)) {
                dials.add(now);
                book.opened(address, now);
                book.closed(address, now + 100, 0);
            }
        }
        assertThat(dials).hasSizeBetween(15, 30);

        long now = dials.get(dials.size() - 1) + 256_000;
        assertThat(book.take(now, 1, true)).containsExactly(LEARNED);
        book.opened(LEARNED, now);
        book.closed(LEARNED, now + 100, 16_384);
        assertThat(book.take(now + 4_100, 1, true)).containsExactly(LEARNED);
    }
}
