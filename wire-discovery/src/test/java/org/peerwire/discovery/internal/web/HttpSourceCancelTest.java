/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.SeedTorrents;
import org.peerwire.discovery.WebServer;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.RangeSource.Range;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** A read that is cancelled on another thread while its body arrives leaves no buffer: see LeakExtension. */
class HttpSourceCancelTest {
    private static final int LENGTH = 30_000;

    private final byte[] content = SeedTorrents.bytes(LENGTH);
    private final Torrent torrent = SeedTorrents.file("x", content, LENGTH);
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final WebServer server = new WebServer();

    @AfterEach
    void stop() {
        server.dispose();
    }

    /** Releases what it gets, and says when the first buffer is here. */
    private static final class Taker extends BaseSubscriber<ByteBuf> {
        private final long demand;
        final BlockingQueue<String> signals = new LinkedBlockingQueue<>();

        Taker(long demand) {
            this.demand = demand;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(demand);
        }

        @Override
        protected void hookOnNext(ByteBuf buffer) {
            buffer.release();
            signals.add("data");
        }

        @Override
        protected void hookOnError(Throwable error) {
            signals.add(error.toString());
        }
    }

    @Test
    void aCancellationAtAnyMomentReleasesTheBody() throws Exception {
        server.answer("/x", (request, response) -> {
            requests.add(request.uri());
            return response.header("Content-Length", "" + LENGTH)
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(content)));
        });
        HttpSource source =
                new HttpSource(SeedUrl.parse(server.url("/x")).orElseThrow(), true, 5, Duration.ofSeconds(15));
        Range range = new Range(torrent, torrent.files().get(0), 0, LENGTH - 1);
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            requests.clear();
            Taker taker = new Taker(i % 8 == 0 ? 3 : Long.MAX_VALUE); // with 3, the rest waits in the client
            source.read(range).subscribe(taker);
            if (i % 8 == 0) {
                assertThat(taker.signals.poll(20, TimeUnit.SECONDS)).isEqualTo("data");
                taker.request(1 + random.nextInt(20));
            } else if (i % 8 > 1) {
                assertThat(requests.poll(20, TimeUnit.SECONDS)).isNotNull();
            }
            for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            taker.cancel();
        }
    }
}
