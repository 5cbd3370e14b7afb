/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.peerwire.WireOptions;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.swarm.SwarmOptions;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A web server on a real socket that is busy, and a swarm on a virtual clock that waits for it. */
class WebSeedRetryTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void aBusyServerIsAskedAgainWhenItWantsToBe() throws InterruptedException {
        byte[] content = SeedTorrents.bytes(16 * 1024);
        Torrent torrent = SeedTorrents.file("x", content, content.length);
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Queue<Long> requests = new ConcurrentLinkedQueue<>();
        BlockingQueue<SwarmEvent.SourceFailed> failures = new LinkedBlockingQueue<>();
        WebServer server = new WebServer();
        server.answer("/x", (request, response) -> {
            requests.add(clock.now(TimeUnit.MILLISECONDS));
            return requests.size() == 1
                    ? response.status(503).header("Retry-After", "100").send()
                    : response.header("Content-Length", "" + content.length).sendByteArray(Mono.just(content));
        });
        SwarmHost host = SwarmHost.create()
                .options(WireOptions.builder().scheduler(clock).build());
        Swarm swarm = Swarm.of(torrent)
                .host(host)
                .sources(WebSeeds.of(
                        List.of(server.url("/x")),
                        WebSeedOptions.builder().allowLocal(true).build()))
                .options(SwarmOptions.builder()
                        .patience(Patience.of(Duration.ofHours(1)))
                        .build())
                .connect();
        swarm.events().ofType(SwarmEvent.SourceFailed.class).subscribe(failures::add);
        var length =
                swarm.pieces().map(piece -> piece.data().readableBytes()).next().toFuture();

        SwarmEvent.SourceFailed busy = failures.poll(30, TimeUnit.SECONDS);
        assertThat(busy).isNotNull();
        assertThat(busy.reason()).isEqualTo("the server answered with status 503: it is busy");
        assertThat(busy.retry()).isEqualTo(Duration.ofSeconds(100));

        // a request that comes too early has an earlier time
        for (int second = 0; second < 100; second++) {
            clock.advanceTimeBy(Duration.ofSeconds(1));
            Thread.sleep(5);
        }

        assertThat(Mono.fromFuture(length).block(SOON)).isEqualTo(content.length);
        assertThat(requests).containsExactly(0L, 100_000L);
        swarm.close().block(SOON);
        server.dispose();
        clock.dispose();
    }
}
