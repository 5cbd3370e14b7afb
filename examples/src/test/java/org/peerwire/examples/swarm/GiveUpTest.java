/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests the time without progress after which a download fails, in virtual time and without peers. */
class GiveUpTest {
    @TempDir
    private Path temp;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<SwarmEvent> events = new ArrayList<>();

    private Disposable download(Patience patience) throws IOException {
        Torrent torrent = TestData.torrent(TestData.file(temp.resolve("file.bin"), 100_000));
        Target target = new Target(torrent.hashes(), null, List.of());
        SwarmSettings settings = SwarmSettings.accepting("127.0.0.1", 0).withPatience(patience);
        return new Downloader(target, temp.resolve("copy"), settings, events::add, clock)
                .run()
                .subscribe(null, failures::add);
    }

    @Test
    void aDownloadWithoutProgressFails() throws IOException {
        Disposable running = download(Patience.UNLIMITED.withProgress(Duration.ofSeconds(45)));

        clock.advanceTimeBy(Duration.ofSeconds(45));
        assertThat(failures).isEmpty();
        clock.advanceTimeBy(Duration.ofSeconds(1));
        running.dispose();

        assertThat(failures)
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("no data for 45 s, and no peer is connected; give other peers with --peer, or more time"
                        + " with --give-up");
    }

    @Test
    void aDownloadWaitsWithoutALimitByDefault() throws IOException {
        Disposable running = download(Patience.UNLIMITED);

        clock.advanceTimeBy(Duration.ofHours(10));
        running.dispose();

        assertThat(failures).isEmpty();
        assertThat(events).contains(new SwarmEvent.Waiting(Duration.ofSeconds(10), 0));
    }
}
