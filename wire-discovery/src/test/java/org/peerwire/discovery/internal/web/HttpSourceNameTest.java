/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.SeedTorrents;
import org.peerwire.discovery.WebServer;
import org.peerwire.discovery.internal.net.FakeNames;
import org.peerwire.discovery.internal.net.GuardedResolver;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.RangeSource.Range;
import reactor.core.publisher.Mono;

/** The names of web servers that are no host to a URI. */
class HttpSourceNameTest {

    @Test
    void aNameMayHaveAnUnderscoreOrOtherLetters() {
        byte[] content = SeedTorrents.bytes(100);
        Torrent torrent = SeedTorrents.file("x", content, 16_384);
        Range range = new Range(torrent, torrent.files().get(0), 0, 100);
        GuardedResolver names = GuardedResolver.of(
                new FakeNames().with("my_mirror", "127.0.0.1").with("xn--bcher-kva", "127.0.0.1"), true);
        WebServer server = new WebServer();
        server.answer("/x", (request, response) -> response.status(206)
                .header("Content-Range", "bytes 0-99/100")
                .header("Content-Length", "100")
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(content))));
        try {
            for (String host : new String[] {"my_mirror", "b\u00fccher"}) {
                SeedUrl url = SeedUrl.parse(server.url("/x").replace("127.0.0.1", host))
                        .orElseThrow();
                Long read = new HttpSource(url, names, 0, Duration.ofSeconds(15))
                        .read(range)
                        .map(buffer -> {
                            int length = buffer.readableBytes();
                            buffer.release();
                            return length;
                        })
                        .reduce(0L, Long::sum)
                        .block(Duration.ofSeconds(20));
                assertThat(read).as(host).isEqualTo(100);
            }
        } finally {
            server.dispose();
        }
    }
}
