/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A download that ends before its first piece is complete. */
class InterruptedDownloadTest {
    @TempDir
    private Path temp;

    private final byte[] content = TestTorrents.bytes(300_000);
    private final Torrent torrent = TestTorrents.of(content, 1024 * 1024);
    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    @Test
    void aDownloadThatEndsBeforeItsFirstPieceIsNotInTheWayOfTheNext() throws IOException {
        InetSocketAddress seed = seeds.start(
                torrent,
                content,
                blocks -> block -> block.offset() < 100_000 ? blocks.read(block) : Mono.never(),
                Long.MAX_VALUE);
        Path folder = temp.resolve("copy");
        Leecher first = Leecher.of(Swarm.of(torrent).peers(seed), FileStore.in(folder));
        first.start();
        Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .concatMap(tick -> first.swarm.stats())
                .takeUntil(stats -> stats.received() > 50_000)
                .blockLast(Leecher.SOON);

        first.swarm.close().block(Leecher.SOON);

        if (Files.exists(folder)) {
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        }
        Leecher next = Leecher.of(Swarm.of(torrent).peers(seeds.start(torrent, content)), FileStore.in(folder));
        next.download();
        assertThat(folder.resolve("test.bin")).hasBinaryContent(content);
        next.swarm.close().block(Leecher.SOON);
    }
}
