/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.TorrentOptions;
import org.peerwire.swarm.MemoryStore;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A seed and a downloader that find each other by a tracker alone, and what both tell it. */
class TrackersSwarmTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int LENGTH = 200_000;

    @TempDir
    Path folder;

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private volatile int seedPort = 1;

    private DisposableServer tracker() {
        return HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> {
                    requests.add(request.uri());
                    String port = "" + (char) (seedPort >> 8) + (char) (seedPort & 0xff);
                    byte[] body = ("d8:intervali1800e5:peers6:\177\0\0\1" + port + "e").getBytes(ISO_8859_1);
                    return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
                })
                .bindNow();
    }

    private String request() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS), "no request within 20 s");
    }

    private Torrent torrent(byte[] content) throws IOException {
        new Random(1).nextBytes(content);
        return Torrent.create(Files.write(folder.resolve("file"), content), TorrentOptions.defaults());
    }

    @Test
    void aDownloadIsToldFromItsStartToItsEnd() throws Exception {
        byte[] content = new byte[LENGTH];
        Torrent torrent = torrent(content);
        DisposableServer tracker = tracker();
        Trackers trackers = Trackers.of(
                        List.of(List.of(URI.create("http://127.0.0.1:" + tracker.port() + "/announce"))))
                .options(TrackerOptions.builder().allowLocal(true).build());
        SwarmHost host = Objects.requireNonNull(
                SwarmHost.create().listen("127.0.0.1", 0).bind().block(LIMIT));
        Swarm seed = Swarm.of(torrent).host(host).discover(trackers).connect();
        Disposable seeding = seed.seed(MemoryStore.of(torrent, content)).subscribe();
        seedPort = host.address().orElseThrow().getPort();
        assertThat(request())
                .contains("event=started")
                .contains("&port=" + seedPort + "&")
                .contains("&left=0&");

        Swarm leecher = Swarm.of(torrent).discover(trackers).connect();
        leecher.download(MemoryStore.create()).block(LIMIT);
        assertThat(request()).contains("event=started").contains("&port=1&").contains("&left=" + LENGTH + "&");
        assertThat(request())
                .contains("event=completed")
                .contains("&downloaded=" + LENGTH + "&")
                .contains("&left=0&");
        leecher.close().block(LIMIT);
        assertThat(request()).contains("event=stopped").contains("&left=0&");
        seed.close().block(LIMIT);
        assertThat(request()).contains("event=stopped").contains("&uploaded=" + LENGTH + "&");
        assertThat(requests).isEmpty();
        seeding.dispose();
        host.close().block(LIMIT);
        tracker.disposeNow();
    }
}
