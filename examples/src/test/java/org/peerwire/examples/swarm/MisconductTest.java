/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Mono;

/** Peers that unchoke and do not serve, beside an honest one, over real TCP on the loopback interface. */
class MisconductTest {
    private static final int LENGTH = 40 * TestData.PIECE_LENGTH + 123;

    @TempDir
    private Path temp;

    private final TestSeeds seeding = new TestSeeds();

    @AfterEach
    void stop() {
        seeding.dispose();
    }

    private SwarmEvent.Completed download(Torrent torrent, InetSocketAddress... peers) {
        SwarmSettings settings = SwarmSettings.dialling(List.of(peers));
        return TestData.await(new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {}).run());
    }

    @Test
    void tenSilentPeersDoNotDelayAnHonestOne() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        InetSocketAddress honest = seeding.start(torrent, source, blocks -> new Throttle(blocks, 1024 * 1024));
        List<InetSocketAddress> peers = new ArrayList<>(List.of(honest));
        for (int i = 0; i < 10; i++) {
            peers.add(seeding.start(torrent, source, blocks -> request -> Mono.never()));
        }
        long start = System.nanoTime();

        SwarmEvent.Completed completed = download(torrent, peers.toArray(InetSocketAddress[]::new));

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("20 s is the request timeout")
                .isLessThan(Duration.ofSeconds(12));
    }

    @Test
    void aPeerThatRejectsEveryRequestIsAskedEverLessOften() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        Torrent torrent = TestData.torrent(source);
        AtomicInteger rejected = new AtomicInteger();
        InetSocketAddress honest = seeding.start(torrent, source, blocks -> new Throttle(blocks, 256 * 1024));
        InetSocketAddress rejecting = seeding.start(torrent, source, blocks -> request -> {
            rejected.incrementAndGet();
            return Mono.empty();
        });

        SwarmEvent.Completed completed = download(torrent, honest, rejecting);

        assertThat(completed.path()).hasSameBinaryContentAs(source);
        assertThat(rejected).hasValueLessThan(100);
    }
}
