/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.Tracker;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.TrackerOptions;
import org.peerwire.discovery.Trackers;
import org.peerwire.discovery.internal.net.GuardedResolver;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Trackers over TLS, with certificates that nobody but the test has issued. */
class HttpsTrackerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String NAMES = "dns:tracker,ip:127.0.0.1";
    private static final String ANSWER = "d8:intervali1800e5:peers6:\177\0\0\1\32\341e";
    private static final Announce ANNOUNCE = Announce.of(
            InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314"), PeerId.parse("-PW0001-abcdefghijkl"), 6881);
    private static final String UNTRUSTED = "the certificate of the tracker is not trusted: unable to find valid"
            + " certification path to requested target; if it is yours, trust it with TrackerOptions.httpClient";
    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 6881);

    private static TestCertificate certificate;
    private static TestCertificate another;

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private DisposableServer server;

    @BeforeAll
    static void create(@TempDir Path folder) throws Exception {
        certificate = TestCertificate.of(folder, NAMES);
        another = TestCertificate.of(folder, NAMES);
    }

    @BeforeEach
    void start() throws Exception {
        SslContext context = certificate.server();
        server = HttpServer.create()
                .host("127.0.0.1")
                .secure(spec -> spec.sslContext(context))
                .handle((request, response) -> {
                    requests.add(request.uri());
                    return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(ANSWER.getBytes(ISO_8859_1))));
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    private static UnaryOperator<HttpClient> trust(TestCertificate certificate) throws Exception {
        var context = certificate.client();
        return client -> client.secure(spec -> spec.sslContext(context));
    }

    private Mono<TrackerAnswer> announce(String host, UnaryOperator<HttpClient> change) {
        TrackerSettings settings = new TrackerSettings(
                Schedulers.parallel(),
                GuardedResolver.of(Settings.NAMES, true),
                null,
                true,
                false,
                SOON,
                SOON,
                SOON,
                "Peerwire",
                change);
        return new HttpTracker(URI.create("https://" + host + ":" + server.port() + "/announce"), settings)
                .announce(Requests.of(AnnounceEvent.STOPPED), Family.IPV4);
    }

    private void assertRefused(Mono<TrackerAnswer> announce, String message) {
        assertThatThrownBy(() -> announce.block(SOON))
                .isInstanceOfSatisfying(
                        TrackerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONNECTION))
                .hasMessage(message);
        assertThat(requests).isEmpty();
    }

    // ---- trusted ----

    @Test
    void aTrackerWhoseCertificateIsTrustedGivesPeers() throws Exception {
        for (String host : List.of("tracker", "127.0.0.1")) {
            assertThat(announce(host, trust(certificate)).block(SOON).peers())
                    .as(host)
                    .containsExactly(PEER);
        }
    }

    /** The example of {@link TrackerOptions#httpClient()}. */
    @Test
    void aCertificateIsTrustedByTheOptions() throws Exception {
        TrackerOptions options = TrackerOptions.builder()
                .allowLocal(true)
                .httpClient(trust(certificate))
                .build();

        PeerEvent first = Tracker.of(url(), options).peers(ANNOUNCE).blockFirst(SOON);

        assertThat(first).isEqualTo(new PeerEvent.Added(PEER));
        assertThat(requests.poll(20, TimeUnit.SECONDS)).contains("event=started");
        assertThat(requests.poll(20, TimeUnit.SECONDS)).contains("event=stopped");
    }

    private URI url() {
        return URI.create("https://127.0.0.1:" + server.port() + "/announce");
    }

    // ---- refused ----

    @Test
    void anUnknownCertificateIsOneFailureOfOneLine() {
        TrackerOptions options = TrackerOptions.builder().allowLocal(true).build();

        List<TrackerEvent> events = Trackers.of(List.of(List.of(url())))
                .options(options)
                .announce(ANNOUNCE)
                .timeout(Mono.never(), event -> Mono.delay(Duration.ofSeconds(1)), Flux.empty())
                .collectList()
                .block(SOON);

        assertThat(events).singleElement().isInstanceOfSatisfying(TrackerEvent.Failed.class, failed -> {
            assertThat(failed.tracker()).isEqualTo(url());
            assertThat(failed.failure()).hasMessage(UNTRUSTED);
        });
        assertThat(requests).isEmpty();
    }

    @Test
    void anUnknownCertificateIsRefused() throws Exception {
        assertRefused(announce("tracker", UnaryOperator.identity()), UNTRUSTED);
        assertRefused(announce("tracker", trust(another)), UNTRUSTED);
    }

    @Test
    void aTrustedCertificateOfAnotherHostIsRefused() throws Exception {
        assertRefused(
                announce("inside", trust(certificate)),
                "the certificate of the tracker is refused: No subject alternative DNS name matching inside found.");
    }
}
