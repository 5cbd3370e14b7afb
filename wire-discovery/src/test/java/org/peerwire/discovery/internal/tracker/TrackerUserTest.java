/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.Tracker;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerOptions;
import org.peerwire.discovery.Trackers;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The user and the password in the URL of a tracker (RFC 7617). */
class TrackerUserTest {
    /** {@code me} and {@code p@ss+w:rd}. */
    private static final String USER = "me:p%40ss+w:rd@";

    private static final String BASIC = "Basic bWU6cEBzcyt3OnJk";
    private static final String ANSWER = "d8:intervali1800e5:peers0:e";

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Function<String, String> redirect = uri -> "";
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> {
                    String to = redirect.apply(request.uri());
                    seen.add(request.requestHeaders().get("Host").split(":")[0] + " "
                            + request.requestHeaders().get("Authorization"));
                    return to.isEmpty()
                            ? response.send(
                                    Mono.fromSupplier(() -> Unpooled.wrappedBuffer(ANSWER.getBytes(ISO_8859_1))))
                            : response.status(302).header("Location", to).send();
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    private URI uri(String user, String host) {
        return URI.create("http://" + user + host + ":" + server.port() + "/announce");
    }

    private void announce(String user) {
        Endpoint.of(uri(user, "four"), Settings.local())
                .announce(Requests.of(AnnounceEvent.NONE))
                .blockLast(Duration.ofSeconds(20));
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void theUserIsToldToTheTracker() throws Exception {
        announce(USER);
        assertThat(next()).isEqualTo("four " + BASIC);
        announce("me@");
        assertThat(next()).isEqualTo("four Basic bWU6");
        announce("");
        assertThat(next()).isEqualTo("four null");
    }

    @Test
    void aRedirectOfTheTrackerToItselfIsToldOfTheUser() throws Exception {
        redirect = uri -> uri.startsWith("/announce") ? "/moved" : "";
        announce(USER);
        assertThat(next()).isEqualTo("four " + BASIC);
        assertThat(next()).isEqualTo("four " + BASIC);
    }

    @Test
    void aRedirectToAnotherHostIsNotToldOfTheUser() throws Exception {
        redirect = uri -> uri.startsWith("/announce") ? "http://you:p@inside:" + server.port() + "/moved" : "";
        announce(USER);
        assertThat(next()).isEqualTo("four " + BASIC);
        assertThat(next()).isEqualTo("inside null");
    }

    @Test
    void nobodyElseSeesTheUser() {
        URI uri = uri(USER, "127.0.0.1");
        TrackerOptions local = TrackerOptions.builder().allowLocal(true).build();
        Announce announce = Announce.of(Requests.HASH, Requests.ID, 1);
        TrackerEvent event = Trackers.of(List.of(List.of(uri)))
                .options(local)
                .announce(announce)
                .blockFirst(Duration.ofSeconds(20));
        assertThat(event).isInstanceOf(TrackerEvent.Announced.class);
        assertThat(event.toString()).doesNotContain("me:").contains("http://127.0.0.1:" + server.port());
        assertThat(Tracker.of(uri)).hasToString("http://127.0.0.1:" + server.port() + "/announce");
        event = Tracker.of(URI.create("udp://" + USER + "127.0.0.1:1"))
                .announce(announce)
                .blockFirst(Duration.ofSeconds(20));
        assertThat(event).isInstanceOfSatisfying(TrackerEvent.Failed.class, failed -> assertThat(failed.failure())
                .hasMessageStartingWith("127.0.0.1 is on the local network"));
        assertThat(event.toString()).doesNotContain("me:");
        assertThatThrownBy(() -> Tracker.of(URI.create("ftp://" + USER + "a/")))
                .hasMessage("the scheme of a tracker must be http, https or udp, was ftp://a/");
        assertThatThrownBy(() -> Tracker.of(URI.create("http://" + USER + "a:0/")))
                .hasMessageEndingWith(", was http://a:0/");
    }
}
