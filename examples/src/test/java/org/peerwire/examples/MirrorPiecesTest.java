/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.examples.SeedOfBytes.SOON;

import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmOptions;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The program copies pieces to an HTTP server, which can be slow. */
class MirrorPiecesTest {
    private static final int MIB = 1024 * 1024;
    private static final int HELD = 4;

    @TempDir
    private Path temp;

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Sinks.Empty<Void> open = Sinks.empty();
    private volatile int slowAfter = Integer.MAX_VALUE;
    private volatile int status = 201;
    private final DisposableServer bucket =
            HttpServer.create().host("127.0.0.1").port(0).handle(this::put).bindNow(SOON);

    @AfterEach
    void stop() {
        bucket.disposeNow(SOON);
    }

    private Publisher<Void> put(HttpServerRequest request, HttpServerResponse response) {
        assertThat(request.method()).isEqualTo(HttpMethod.PUT);
        String key = URLDecoder.decode(request.uri().substring(1), UTF_8);
        return request.receive()
                .aggregate()
                .asByteArray()
                .doOnNext(bytes -> objects.put(key, bytes))
                .then(Mono.defer(() -> objects.size() < slowAfter ? Mono.empty() : open.asMono()))
                .then(Mono.defer(() -> response.status(status).send()));
    }

    private String url() {
        return "http://127.0.0.1:" + bucket.port();
    }

    private byte[] joined(String file) {
        TreeMap<Long, byte[]> parts = new TreeMap<>();
        objects.forEach((key, bytes) -> {
            if (key.startsWith(file + "/")) {
                parts.put(Long.parseLong(key.substring(file.length() + 1)), bytes);
            }
        });
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach((offset, bytes) -> {
            assertThat(offset).isEqualTo(all.size());
            all.writeBytes(bytes);
        });
        return all.toByteArray();
    }

    @Test
    void copiesAllFiles() throws Exception {
        try (SeedOfBytes seed = new SeedOfBytes(temp, 2 * MIB + 1, RateLimit.unlimited())) {
            MirrorPieces.main(new String[] {seed.metainfo.toString(), url(), "127.0.0.1", seed.port()});

            assertThat(joined("seeded things/video.bin")).isEqualTo(seed.content);
            assertThat(joined("seeded things/a short one.txt")).isEqualTo(new byte[SeedOfBytes.SHORT]);
        }
    }

    @Test
    void aSlowStoreSlowsThePeers() throws Exception {
        try (SeedOfBytes seed = new SeedOfBytes(temp, 32 * MIB, RateLimit.unlimited())) {
            slowAfter = 10;
            Swarm swarm = Swarm.of(seed.torrent)
                    .options(SwarmOptions.builder().piecesInFlight(HELD).build())
                    .peers(seed.address())
                    .connect();
            Sinks.One<Boolean> done = Sinks.one();
            Disposable program = new MirrorPieces(seed.torrent, url())
                    .mirror(swarm)
                    .subscribe(null, done::tryEmitError, () -> done.tryEmitValue(true));
            SeedOfBytes.await(() -> objects.size() == 10);

            // 10 objects are 9 pieces. The program holds the piece of the blocked request, and the next one.
            long sent = seed.sentWhenQuiet();
            assertThat(sent)
                    .isGreaterThan(9 * SeedOfBytes.PIECE)
                    .isLessThanOrEqualTo((9 + 2 + HELD) * SeedOfBytes.PIECE);
            assertThat(SeedOfBytes.stats(swarm).held()).isLessThanOrEqualTo(HELD);
            assertThat(objects).hasSize(10);

            open.tryEmitEmpty();
            assertThat(done.asMono().block(SOON)).isTrue();
            assertThat(joined("seeded things/video.bin")).isEqualTo(seed.content);
            program.dispose();
            swarm.close().block(SOON);
        }
    }

    @Test
    void aStoreThatRefusesEndsTheCopy() throws Exception {
        try (SeedOfBytes seed = new SeedOfBytes(temp, MIB, RateLimit.unlimited())) {
            status = 507;
            Swarm swarm = Swarm.of(seed.torrent).peers(seed.address()).connect();

            assertThatThrownBy(() ->
                            new MirrorPieces(seed.torrent, url()).mirror(swarm).block(SOON))
                    .hasMessageStartingWith("the store must take seeded things/");
            swarm.close().block(SOON);
        }
    }
}
