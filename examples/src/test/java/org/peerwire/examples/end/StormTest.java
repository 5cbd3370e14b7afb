/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.examples.TestData;
import org.peerwire.examples.TestSeeds;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.FileStore;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.test.Storm;
import org.peerwire.test.WiresOnHeap;
import reactor.core.publisher.Mono;

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
    private final TestSeeds seeds = new TestSeeds();
    private Storm storm;
    private long before;

    @BeforeEach
    void seed() throws IOException {
        before = WiresOnHeap.count();
        Path source = TestData.file(temp.resolve("file.bin"), LENGTH);
        torrent = TestData.torrent(source);
        address = seeds.start(torrent, source, builder -> builder.options(
                        SwarmOptions.builder().maxWires(MAX_PEERS).build())
                .handle(wire -> {
                    open.incrementAndGet();
                    wire.onClose().onErrorComplete().subscribe(null, null, open::decrementAndGet);
                    return Mono.empty();
                }));
        storm = Storm.against(address, torrent.hashes().wire());
    }

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    private boolean downloads() {
        Swarm swarm = Swarm.of(torrent).peers(address).connect();
        return swarm.download(FileStore.in(temp.resolve("copy")))
                .thenReturn(true)
                .timeout(SOON, Mono.just(false))
                .doFinally(end -> swarm.dispose())
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
