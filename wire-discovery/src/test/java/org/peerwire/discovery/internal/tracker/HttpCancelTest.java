/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A request that is cancelled on another thread while its answer arrives leaves no buffer: see LeakExtension. */
class HttpCancelTest {

    @Test
    void aCancellationAtAnyMomentReleasesTheAnswer() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> {
                    requests.add(request.uri());
                    return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(new byte[30_000])));
                })
                .bindNow();
        HttpTracker tracker =
                new HttpTracker(URI.create("http://127.0.0.1:" + server.port() + "/announce"), Settings.local());
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Disposable request = tracker.announce(Requests.of(AnnounceEvent.STARTED), Family.IPV4)
                    .subscribe(answer -> {}, error -> {});
            assertThat(requests.poll(20, TimeUnit.SECONDS)).isNotNull();
            for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            request.dispose();
        }
        server.disposeNow();
    }
}
