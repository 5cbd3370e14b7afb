/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.PayloadMode;
import org.peerwire.WireOptions;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The time without progress after which a swarm fails, in virtual time and without peers. */
class SilenceOfSwarmTest {
    private final byte[] content = TestTorrents.bytes(100_000);
    private final Torrent torrent = TestTorrents.of(content, 32 * 1024);
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final List<Throwable> failures = new ArrayList<>();

    @AfterEach
    void dispose() {
        clock.dispose();
    }

    private Swarm swarm(SwarmBuilder builder, Patience patience) {
        WireOptions options = WireOptions.builder()
                .payloadMode(PayloadMode.POOLED)
                .scheduler(clock)
                .build();
        return builder.host(SwarmHost.create().options(options))
                .options(SwarmOptions.builder().patience(patience).build())
                .discover(Flux.<PeerEvent>never()) // a peer may still come
                .connect();
    }

    @Test
    void aDownloadWithoutProgressFails() {
        Patience patience = Patience.UNLIMITED.withProgress(Duration.ofSeconds(45));
        swarm(Swarm.of(MagnetLink.of(torrent.hashes())), patience)
                .download(MemoryStore.create())
                .subscribe(null, failures::add);

        clock.advanceTimeBy(Duration.ofSeconds(44));
        assertThat(failures).isEmpty();
        clock.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(failures).singleElement().isInstanceOfSatisfying(SwarmException.class, e -> {
            assertThat(e.reason()).isEqualTo(SwarmException.Reason.NO_PROGRESS);
            assertThat(e).hasMessage("no data for 45 s, and no peer is connected");
        });
    }

    @Test
    void aDownloadWaitsWithoutALimitByDefault() {
        Swarm swarm = swarm(Swarm.of(torrent), Patience.UNLIMITED);
        swarm.download(MemoryStore.create()).subscribe(null, failures::add);

        clock.advanceTimeBy(Duration.ofHours(1));

        assertThat(failures).isEmpty();
        assertThat(swarm.isDisposed()).isFalse();
        swarm.dispose();
        clock.advanceTimeBy(Duration.ofSeconds(1));
    }

    @Test
    void aMagnetLinkWaitsWithoutALimitByDefault() {
        Swarm swarm = swarm(Swarm.of(MagnetLink.of(torrent.hashes())), Patience.UNLIMITED);
        swarm.torrent().subscribe(null, failures::add);

        clock.advanceTimeBy(Duration.ofHours(1));

        assertThat(failures).isEmpty();
        assertThat(swarm.isDisposed()).isFalse();
        swarm.dispose();
        clock.advanceTimeBy(Duration.ofSeconds(1));
    }

    @Test
    void aSwarmThatIsAskedForNothingHasTheTimeOfTheWorld() {
        Swarm swarm =
                swarm(Swarm.of(torrent), Patience.of(Duration.ofSeconds(5)).withProgress(Duration.ofSeconds(5)));
        swarm.events().subscribe(event -> {}, failures::add);

        clock.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(swarm.isDisposed()).isFalse();
        swarm.pieces().subscribe(piece -> {}, failures::add);
        clock.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(failures).isEmpty();
        clock.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(failures).hasSize(1);
        assertThat(swarm.isDisposed()).isTrue();
    }
}
