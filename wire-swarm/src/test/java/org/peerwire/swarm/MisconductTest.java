/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;

/** Peers that unchoke and do not serve, beside an honest one, over real TCP on the loopback interface. */
class MisconductTest {
    private static final int PIECE = 32 * 1024;
    private static final int LENGTH = 40 * PIECE + 123;

    private final byte[] content = TestTorrents.bytes(LENGTH);
    private final Torrent torrent = TestTorrents.of(content, PIECE);
    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private void download(List<InetSocketAddress> peers) {
        Leecher leecher = Leecher.of(torrent, peers.toArray(InetSocketAddress[]::new));
        seeds.add(leecher);
        leecher.download();
        assertThat(leecher.content(torrent)).isEqualTo(content);
    }

    @Test
    void tenSilentPeersDoNotDelayAnHonestOne() {
        List<InetSocketAddress> peers = new ArrayList<>(List.of(seeds.start(torrent, content, 1024 * 1024)));
        for (int i = 0; i < 10; i++) {
            peers.add(seeds.start(torrent, content, blocks -> request -> Mono.never(), Long.MAX_VALUE));
        }
        long start = System.nanoTime();

        download(peers);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("20 s is the request timeout")
                .isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void aPeerThatRejectsEveryRequestIsAskedEverLessOften() {
        AtomicInteger rejected = new AtomicInteger();
        InetSocketAddress honest = seeds.start(torrent, content, 256 * 1024);
        InetSocketAddress rejecting = seeds.start(
                torrent,
                content,
                blocks -> request -> {
                    rejected.incrementAndGet();
                    return Mono.empty();
                },
                Long.MAX_VALUE);

        download(List.of(honest, rejecting));

        assertThat(rejected).hasValueLessThan(100);
    }
}
