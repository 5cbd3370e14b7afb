/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Twenty trackers on real sockets, of which five live. */
class DeadTrackersTest {
    private static final int OF_A_KIND = 5;
    private static final Announce ANNOUNCE = Announce.of(
            InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314"), PeerId.parse("-PW0001-abcdefghijkl"), 6881);

    private final List<DatagramSocket> silent = new ArrayList<>();
    private final List<DisposableServer> servers = new ArrayList<>();
    private final List<URI> trackers = new ArrayList<>();

    /** The times in nanoseconds of the answers with peers. */
    private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        silent.forEach(DatagramSocket::close);
        servers.forEach(DisposableServer::disposeNow);
    }

    @Test
    void theFirstLivingAnswerGivesPeersAtOnce() throws IOException {
        for (int i = 0; i < OF_A_KIND; i++) {
            addSilent();
            addClosed();
            addServer("d14:failure reason4:gonee", false);
            addServer("d8:intervali1800e5:peers6:\177\0\0\1\0\1e", true);
        }
        TrackerOptions local = TrackerOptions.builder().allowLocal(true).build();

        TrackerEvent.Announced announced = Trackers.of(List.of(trackers))
                .options(local)
                .announce(ANNOUNCE)
                .ofType(TrackerEvent.Announced.class)
                .blockFirst(Duration.ofSeconds(30));

        long took = System.nanoTime() - Objects.requireNonNull(answers.poll());
        assertThat(Objects.requireNonNull(announced).peers()).containsExactly(new InetSocketAddress("127.0.0.1", 1));
        assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(1));
    }

    private void addSilent() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        silent.add(socket);
        trackers.add(URI.create("udp://127.0.0.1:" + socket.getLocalPort()));
    }

    private void addClosed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            trackers.add(URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/announce"));
        }
    }

    private void addServer(String body, boolean living) {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> response.send(Mono.fromSupplier(() -> {
                    if (living) {
                        answers.add(System.nanoTime());
                    }
                    return Unpooled.wrappedBuffer(body.getBytes(ISO_8859_1));
                })))
                .bindNow();
        servers.add(server);
        trackers.add(URI.create("http://127.0.0.1:" + server.port() + "/announce"));
    }
}
