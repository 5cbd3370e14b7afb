/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.swarm.Downloader;
import org.peerwire.examples.swarm.Seeder;
import org.peerwire.examples.swarm.SwarmEvent;
import org.peerwire.examples.swarm.SwarmSettings;
import org.peerwire.examples.swarm.Target;
import org.peerwire.examples.swarm.TestData;
import org.peerwire.metadata.Torrent;
import org.peerwire.test.Storm;
import org.peerwire.test.WiresOnHeap;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Hostile connections to a seed; {@code bench attack storm} is the long form. */
class StormTest {
    private static final int MAX_PEERS = 200;
    private static final int LENGTH = 1024 * 1024;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long CLEAN_NANOS = 3_000_000_000L;

    @TempDir
    private Path temp;

    private final AtomicInteger open = new AtomicInteger();
    private Torrent torrent;
    private InetSocketAddress address;
    private Disposable seed;
    private Storm storm;
    private long before;

    @BeforeEach
    void seed() throws IOException {
        before = WiresOnHeap.count();
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        torrent = TestData.torrent(source);
        Sinks.One<InetSocketAddress> listening = Sinks.one();
        SwarmSettings settings = SwarmSettings.accepting("127.0.0.1", 0).withMaxPeers(MAX_PEERS);
        seed = new Seeder(torrent, source, settings, event -> {
                    if (event instanceof SwarmEvent.Listening here) {
                        listening.tryEmitValue(here.address());
                    } else if (event instanceof SwarmEvent.Connected) {
                        open.incrementAndGet();
                    } else if (event instanceof SwarmEvent.Disconnected) {
                        open.decrementAndGet();
                    }
                })
                .run()
                .subscribe();
        address = TestData.await(listening.asMono());
        storm = Storm.against(address, torrent.hashes().wire());
    }

    @AfterEach
    void stop() {
        seed.dispose();
    }

    private boolean downloads() {
        SwarmSettings settings = SwarmSettings.dialling(List.of(address));
        return new Downloader(Target.of(torrent), temp.resolve("copy"), settings, event -> {})
                .run()
                .thenReturn(true)
                .timeout(SOON, Mono.just(false))
                .blockOptional()
                .orElse(false);
    }

    /** Lets an honest peer download at once, and counts what is left of the others a little later. */
    private void assertUnharmed() {
        SoftAssertions all = new SoftAssertions();
        all.assertThat(downloads())
                .as("an honest peer downloads within " + SOON)
                .isTrue();
        Waiting.until(System.nanoTime() + CLEAN_NANOS, () -> open.get() == 0 && WiresOnHeap.count() <= before);
        all.assertThat(open).as("open wires of the seed").hasValue(0);
        all.assertThat(WiresOnHeap.count()).as("wires on the heap").isLessThanOrEqualTo(before);
        all.assertAll();
    }

    @Test
    void handshakesThatCloseAtOnceKeepNobodyOut() {
        Storm.Tally tally = storm.handshakeAndClose(MAX_PEERS + 50);

        assertThat(tally.connections()).isEqualTo(MAX_PEERS + 50);
        assertUnharmed();
    }

    @Test
    void aStormKeepsNobodyOutAndLeavesNothing() {
        Storm.Tally tally = storm.rage(64, Duration.ofSeconds(3));

        assertThat(tally.connections()).isPositive();
        assertUnharmed();
    }
}
