/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Attack A-89. */
class TrackersTest {
    private static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");
    private static final PeerId ID = PeerId.parse("-PW0001-abcdefghijkl");
    private static final TrackerOptions LOCAL =
            TrackerOptions.builder().allowLocal(true).build();

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> senders = new LinkedBlockingQueue<>();
    private DisposableServer server;
    private URI uri;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> {
                    requests.add(request.uri());
                    senders.add(Objects.requireNonNull(request.remoteAddress())
                            .getAddress()
                            .getHostAddress());
                    return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(
                            ("d8:completei1e8:intervali1800e5:peers6:\177\0\0\1\0\1e").getBytes(ISO_8859_1))));
                })
                .bindNow();
        uri = URI.create("http://127.0.0.1:" + server.port() + "/announce");
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    private String request() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS), "no request within 20 s");
    }

    @Test
    void anAnnouncementGivesPeersAndStopsAtItsCancellation() throws Exception {
        PeerEvent first =
                Tracker.of(uri, LOCAL).peers(Announce.of(HASH, ID, 6881)).blockFirst(Duration.ofSeconds(20));
        assertThat(first).isEqualTo(new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 1)));
        assertThat(request()).contains("event=started").contains("left=16384").contains("port=6881");
        assertThat(request()).contains("event=stopped").contains("numwant=0");
    }

    @Test
    void theLocalAddressIsTheOneThatTheTrackerSees() throws Exception {
        TrackerOptions bound = LOCAL.toBuilder()
                .localAddress(InetAddress.getByName("127.0.0.3"))
                .build();
        Tracker.of(uri, bound).peers(Announce.of(HASH, ID, 6881)).blockFirst(Duration.ofSeconds(20));
        assertThat(senders.poll(20, TimeUnit.SECONDS)).isEqualTo("127.0.0.3");

        try (DatagramSocket tracker = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            URI overUdp = URI.create("udp://127.0.0.1:" + tracker.getLocalPort());
            Disposable announce = Tracker.of(overUdp, bound)
                    .peers(Announce.of(HASH, ID, 6881))
                    .subscribe();
            DatagramPacket connect = new DatagramPacket(new byte[100], 100);
            tracker.setSoTimeout(20_000);
            tracker.receive(connect);
            announce.dispose();
            assertThat(connect.getAddress().getHostAddress()).isEqualTo("127.0.0.3");
        }
    }

    @Test
    void aSwarmIsAnnouncedUntilItIsClosed() throws Exception {
        Trackers trackers = Trackers.of(List.of(List.of(uri))).options(LOCAL);
        CompletableFuture<TrackerEvent> event = trackers.events().next().toFuture();
        Swarm swarm = Swarm.of(InfoHashes.of(HASH)).discover(trackers).connect();
        Disposable wires = swarm.wires().subscribe();
        assertThat(trackers.source()).isEqualTo(PeerSource.TRACKER);
        assertThat(request())
                .contains("event=started")
                .contains("info_hash=%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14")
                .contains("left=16384");
        TrackerEvent.Announced announced = (TrackerEvent.Announced) event.get(20, TimeUnit.SECONDS);
        assertThat(announced.tracker()).isEqualTo(uri);
        assertThat(announced.seeders()).hasValue(1);
        swarm.close().block(Duration.ofSeconds(20));
        assertThat(request()).contains("event=stopped");
        wires.dispose();
    }

    @Test
    void bothHashesOfAHybridAreAnnounced() throws Exception {
        Swarm swarm = Swarm.of(InfoHashes.hybrid(HASH, InfoHashV2.parse("ab".repeat(32))))
                .discover(Trackers.of(List.of(List.of(uri))).options(LOCAL))
                .connect();
        Disposable wires = swarm.wires().subscribe();
        assertThat(List.of(hash(request()), hash(request())))
                .containsExactlyInAnyOrder(
                        "%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14", "%AB".repeat(20));
        swarm.close().block(Duration.ofSeconds(20));
        wires.dispose();
    }

    @Test
    void aProgramThatEndsCanWaitUntilTheTrackerIsTold() throws Exception {
        Trackers trackers = Trackers.of(List.of(List.of(uri))).options(LOCAL);
        trackers.ended().block(Duration.ofSeconds(20));
        CompletableFuture<TrackerEvent> event = trackers.events().next().toFuture();
        Disposable announcing = trackers.announce(Announce.of(HASH, ID, 1)).subscribe();
        event.get(20, TimeUnit.SECONDS);
        assertThat(request()).contains("event=started");
        Disposable ended = trackers.ended().subscribe();
        assertThat(ended.isDisposed()).isFalse();

        announcing.dispose();
        trackers.ended().block(Duration.ofSeconds(20));

        assertThat(requests).singleElement().asString().contains("event=stopped");
    }

    private static String hash(String request) {
        return request.replaceFirst(".*info_hash=([^&]*).*", "$1");
    }

    @Test
    void aTrackerOfAStrangerIsNotReachedInTheLocalNetwork() throws Exception {
        MagnetLink link = MagnetLink.of(InfoHashes.of(HASH)).withTrackers(List.of(List.of(uri.toString())));
        TrackerEvent event =
                Trackers.of(link).announce(Announce.of(HASH, ID, 1)).blockFirst(Duration.ofSeconds(20));
        assertThat(event).isInstanceOfSatisfying(TrackerEvent.Failed.class, failed -> {
            assertThat(failed.failure().reason()).isEqualTo(TrackerException.Reason.LOCAL_ADDRESS);
            assertThat(failed.failure())
                    .hasMessage("127.0.0.1 is on the local network (127.0.0.1), where a tracker is only asked if"
                            + " TrackerOptions.allowLocal is set");
        });
        assertThat(requests).isEmpty();
        MagnetLink query = link.withTrackers(List.of(List.of(uri + "?reboot=1")));
        event = Trackers.of(query)
                .options(LOCAL)
                .announce(Announce.of(HASH, ID, 1))
                .blockFirst(Duration.ofSeconds(20));
        assertThat(event).isInstanceOf(TrackerEvent.Failed.class);
        assertThat(requests).isEmpty();
    }

    @Test
    void unusableTrackersOfALinkAreSkipped() {
        MagnetLink link = MagnetLink.of(InfoHashes.of(HASH))
                .withTrackers(List.of(
                        List.of("wss://a/announce", "http://b/announce", "http:// c"),
                        List.of("udp://d", "", "udp://d:1"),
                        List.of("http://b/announce"),
                        List.of("http://[::1", "x")));
        MagnetLink inside = link.withTrackers(List.of(List.of("udp://my_tracker:1", "http://b\u00fccher/a")));
        assertThat(Trackers.of(inside).tiers().get(0)).hasSize(2);
        assertThat(Trackers.of(link).tiers())
                .containsExactly(List.of(URI.create("http://b/announce")), List.of(URI.create("udp://d:1")));
    }

    @Test
    void unusableTrackersOfTheUserAreRefused() {
        assertThatThrownBy(() -> Trackers.of(List.of(List.of(URI.create("wss://a/announce")))))
                .isInstanceOf(TrackerException.class)
                .hasMessage("the scheme of a tracker must be http, https or udp, was wss://a/announce");
        assertThatThrownBy(() -> Tracker.http(URI.create("udp://a:1"))).isInstanceOf(TrackerException.class);
        assertThatThrownBy(() -> Tracker.udp(URI.create("http://a"))).isInstanceOf(TrackerException.class);
        assertThat(Tracker.udp(URI.create("udp://a:1"))).hasToString("udp://a:1");
        assertThat(Tracker.http(URI.create("https://a")).uri()).isEqualTo(URI.create("https://a"));
    }

    @Test
    void theOptionsAreChecked() {
        assertThatThrownBy(() -> TrackerOptions.builder().patience(Duration.ofMillis(99)))
                .hasMessage("patience must be PT0.1S to PT1H, was PT0.099S");
        assertThatThrownBy(() -> new Announce(HASH, ID, 65_536, 0, 0, Mono.empty(), Mono.never()))
                .hasMessage("port must be 0 to 65535, was 65536");
        TrackerOptions options =
                TrackerOptions.builder()
                        .everyTier(true)
                        .userAgent("x")
                        .minInterval(Duration.ofSeconds(7))
                        .build()
                        .toBuilder()
                        .udpTimeout(Duration.ofSeconds(8))
                        .build();
        assertThat(options.everyTier()).isTrue();
        assertThat(options.userAgent()).isEqualTo("x");
        assertThat(options.minInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.udpTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(options.allowLocal()).isFalse();
    }
}
