/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tests of a download that ends before its first piece is complete. */
class InterruptedDownloadTest {
    @TempDir
    private Path temp;

    @Test
    void aDownloadThatFailsBeforeItsFirstPieceIsNotInTheWayOfTheNext() throws IOException {
        Path source = TestData.file(temp.resolve("file.bin"), 300_000);
        Torrent torrent = Torrent.create(
                source, TorrentOptions.builder().pieceLength(1024 * 1024).build());
        Path copy = temp.resolve("copy").resolve("file.bin");
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        Sinks.One<Boolean> written = Sinks.one();
        Disposable seed = new Seeder(
                        torrent,
                        source,
                        SwarmSettings.accepting("127.0.0.1", 0),
                        blocks -> block -> block.offset() < 100_000 ? blocks.read(block) : Mono.never(),
                        event -> {
                            if (event instanceof SwarmEvent.Listening here) {
                                listening.tryEmitValue(here.address());
                            }
                        })
                .run()
                .subscribe();
        SwarmSettings settings = SwarmSettings.dialling(List.of(TestData.await(listening.asMono())));
        Downloader first = new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {
            if (event instanceof SwarmEvent.Progress && Files.exists(copy)) {
                written.tryEmitValue(true);
            }
        });
        TestData.await(Mono.firstWithSignal(first.run().then(Mono.empty()), written.asMono()));
        seed.dispose();

        TestData.await(Mono.fromCallable(() -> Files.exists(copy))
                .filter(exists -> !exists)
                .repeatWhenEmpty(often -> often.delayElements(Duration.ofMillis(10))));
        try (Stream<Path> left = Files.list(temp.resolve("copy"))) {
            assertThat(left).isEmpty();
        }
    }
}
