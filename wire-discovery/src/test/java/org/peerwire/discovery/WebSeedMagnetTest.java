/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmHost;
import reactor.core.Disposable;

/** A magnet link with a web seed ({@code ws}), whose only peer knows the metadata and has no piece. */
class WebSeedMagnetTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PIECE = 32 * 1024;
    private static final List<Integer> LENGTHS = List.of(PIECE + 7, 1, 2 * PIECE + 500, 3, 90_000);
    private static final List<String> PATHS = List.of("a", "b/c", "b/d", "e f", "g");

    /** The pieces begin in one file and end in another, and so do the ranges. */
    @Test
    void theDataComesFromTheWebSeedAndTheMetadataFromAPeer() {
        byte[] content =
                SeedTorrents.bytes(LENGTHS.stream().mapToInt(Integer::intValue).sum());
        Torrent torrent = SeedTorrents.folder("things", PATHS, LENGTHS, content, PIECE);
        WebServer server = new WebServer();
        int from = 0;
        for (int i = 0; i < PATHS.size(); i++) {
            int to = from + LENGTHS.get(i);
            server.file("/pub/things/" + PATHS.get(i).replace(" ", "%20"), Arrays.copyOfRange(content, from, to));
            from = to;
        }
        SwarmHost host = Objects.requireNonNull(
                SwarmHost.create().listen("127.0.0.1", 0).bind().block(SOON));
        Swarm knower = Swarm.of(torrent).host(host).connect();
        Disposable knowing = knower.events().subscribe();
        MagnetLink link =
                MagnetLink.parse("magnet:?xt=urn:btih:" + torrent.hashes().v1() + "&x.pe=127.0.0.1:"
                        + host.address().orElseThrow().getPort() + "&ws="
                        + URLEncoder.encode(server.url("/pub/"), StandardCharsets.UTF_8));
        Swarm swarm = Swarm.of(link)
                .sources(WebSeeds.of(
                        link.webSeeds(),
                        WebSeedOptions.builder().allowLocal(true).build()))
                .connect();

        byte[] received = new byte[content.length];
        swarm.pieces()
                .doOnNext(piece -> piece.data()
                        .getBytes(
                                0, received, piece.index() * PIECE, piece.data().readableBytes()))
                .then()
                .block(SOON);

        assertThat(received).isEqualTo(content);
        assertThat(swarm.stats().map(all -> all.sources().get(0).received()).block(SOON))
                .isEqualTo(content.length);
        assertThat(server.requests).allMatch(request -> request.contains(" bytes="));
        swarm.close().block(SOON);
        knower.close().block(SOON);
        host.close().block(SOON);
        knowing.dispose();
        server.dispose();
    }
}
