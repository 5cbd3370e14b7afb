/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.WireServer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

class StormTest {
    private static final InfoHash TORRENT = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    private final CountDownLatch handshakes = new CountDownLatch(30);
    private DisposableServer server;
    private Storm storm;

    /** A server that lets nobody in, so that this shows the storm and nothing of a wire. */
    @BeforeEach
    void bind() {
        server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> {
                    handshakes.countDown();
                    return Mono.empty();
                })
                .bindNow();
        storm = Storm.against((InetSocketAddress) server.address(), TORRENT);
    }

    @AfterEach
    void unbind() {
        server.disposeNow();
    }

    @Test
    void everyHandshakeBeforeACloseIsWhole() throws InterruptedException {
        Storm.Tally tally = storm.handshakeAndClose(30);

        assertThat(tally).isEqualTo(new Storm.Tally(30, 0, 30 * 68));
        assertThat(handshakes.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aStormConnectsUntilItsTimeIsOver() {
        long start = System.nanoTime();

        Storm.Tally tally = storm.rage(8, Duration.ofMillis(300));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
        assertThat(tally.connections()).isGreaterThan(8);
        assertThat(tally.bytes()).isPositive();
    }
}
