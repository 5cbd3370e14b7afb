/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Attacks. */
class HttpTrackerTest {
    private static final String ANSWER = "d8:intervali1800e5:peers6:\177\0\0\1\32\341e";

    /** Tells nobody to set an option that does not help. */
    private static final String NEVER_LOCAL = ", where a redirect, or a URL with a query, of a torrent file or magnet"
            + " link never leads; use Trackers.of(List) for trackers that you trust";

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private volatile BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> script =
            (request, response) -> body(response, ANSWER.getBytes(ISO_8859_1));
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> {
                    requests.add(request.uri());
                    request.requestHeaders().forEach(header -> headers.put(header.getKey(), header.getValue()));
                    return script.apply(request, response);
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void anAnnounceGivesPeers() {
        assertThat(announce("tracker", "/announce?key=1", Settings.local()).peers())
                .containsExactly(new InetSocketAddress("127.0.0.1", 6881));
        assertThat(requests.poll())
                .isEqualTo("/announce?key=1&info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A"
                        + "&peer_id=-PW0001-abcdefghijkl&port=6881&uploaded=1&downloaded=2&left=3"
                        + "&compact=1&no_peer_id=1&numwant=50&key=0A0B0C0D&event=started");
        assertThat(headers)
                .containsEntry("user-agent", "Peerwire")
                .containsEntry("accept-encoding", "gzip")
                .containsEntry("host", "tracker:" + server.port());
    }

    @Test
    void aScrapeGivesNumbers() {
        script = (request, response) -> body(response, scrapeBody());
        assertThat(tracker("tracker", "/announce.php", Settings.local())
                        .scrape(List.of(Requests.HASH), Family.IPV4)
                        .block(Duration.ofSeconds(20)))
                .containsExactly(new Scrape(Requests.HASH, 1, 2, 3));
        assertThat(requests.poll()).startsWith("/scrape.php?info_hash=%124Vx");
    }

    private static byte[] scrapeBody() {
        String hash = new String(Requests.HASH.bytes(), ISO_8859_1);
        return ("d5:filesd20:" + hash + "d8:completei1e10:downloadedi2e10:incompletei3eeee").getBytes(ISO_8859_1);
    }

    @Test
    void aCompressedAnswerIsRead() {
        script = (request, response) ->
                body(response.header("Content-Encoding", "gzip"), gzip(ANSWER.getBytes(ISO_8859_1)));
        assertThat(announce("tracker", "/announce", Settings.local()).peers()).hasSize(1);
    }

    @Test
    void anAnswerThatInflatesBeyondTheLimitIsRefused() {
        byte[] bomb = gzip(new byte[10 * 1024 * 1024]);
        assertThat(bomb.length).isLessThan(HttpBody.MAX_LENGTH);
        script = (request, response) -> body(response, bomb);
        assertThat(failure("/announce").reason()).isEqualTo(Reason.TOO_LARGE);
        script = (request, response) -> body(response, new byte[] {0x1f, (byte) 0x8b, 1, 2, 3});
        assertThat(failure("/announce").reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void aLongAnswerIsRefused() {
        script = (request, response) ->
                response.sendByteArray(Flux.generate(parts -> parts.next(new byte[8_192]))); // without an end
        assertThat(failure("/announce").reason()).isEqualTo(Reason.TOO_LARGE);
        script = (request, response) ->
                response.header("Content-Length", "99999999").sendHeaders();
        assertThat(failure("/announce").reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void anAnswerOfTheMaximumLengthIsRead() {
        byte[] body = new byte[HttpBody.MAX_LENGTH];
        byte[] answer = ANSWER.getBytes(ISO_8859_1);
        System.arraycopy(answer, 0, body, 0, answer.length);
        script = (request, response) -> body(response, body);
        assertThat(announce("tracker", "/announce", Settings.local()).peers()).hasSize(1);
    }

    @Test
    void anotherStatusIsAFailureWithTheReasonOfTheBody() {
        script = (request, response) -> body(response.status(404), "<html>".getBytes(ISO_8859_1));
        assertThat(failure("/announce")).hasMessage("the tracker answered with HTTP 404");
        script = (request, response) -> body(response.status(400), "d14:failure reason2:noe".getBytes(ISO_8859_1));
        assertThat(failure("/announce").reason()).isEqualTo(Reason.REFUSED);
    }

    @Test
    void fiveRedirectsAreFollowed() {
        script = (request, response) -> {
            int step = Integer.parseInt(request.uri().substring(2, 3));
            return step == 5
                    ? body(response, ANSWER.getBytes(ISO_8859_1))
                    : response.status(302).header("Location", "/a" + (step + 1)).send();
        };
        assertThat(announce("tracker", "/a0", Settings.local()).peers()).hasSize(1);
        assertThat(requests).hasSize(6);
    }

    @Test
    void aNameMayHaveAnUnderscoreOrOtherLetters() {
        assertThat(announce("my_tracker", "/announce", Settings.local()).peers())
                .hasSize(1);
        assertThat(headers).containsEntry("host", "my_tracker:" + server.port());
        assertThat(announce("b\u00fccher", "/announce", Settings.local()).peers())
                .hasSize(1);
        assertThat(headers).containsEntry("host", "xn--bcher-kva:" + server.port());
        script = (request, response) -> request.uri().startsWith("/announce")
                ? response.status(302)
                        .header("Location", "http://my_tracker:" + server.port() + "/moved")
                        .send()
                : body(response, ANSWER.getBytes(ISO_8859_1));
        assertThat(announce("tracker", "/announce", Settings.local()).peers()).hasSize(1);
        assertThat(headers).containsEntry("host", "my_tracker:" + server.port());
    }

    @Test
    void aSixthRedirectIsRefused() {
        script = (request, response) ->
                response.status(301).header("Location", "/").send();
        assertThat(failure("/announce")).hasMessage("more than 5 redirects");
        assertThat(requests).hasSize(6);
    }

    @Test
    void aRedirectToAnotherProtocolIsRefused() {
        for (String location :
                List.of("file:///etc/passwd", "udp://tracker:80", "http:///", "http://a b/", "gopher:x")) {
            script = (request, response) ->
                    response.status(302).header("Location", location).send();
            assertThat(failure("/announce").reason()).as(location).isEqualTo(Reason.REDIRECTS);
        }
    }

    @Test
    void localAddressesAreRefusedUnlessAllowed() {
        for (String host : List.of("tracker", "127.0.0.1", "2130706433", "localhost")) {
            Throwable error =
                    catchThrowable(() -> announce(host, "/announce", Settings.of(Schedulers.parallel(), false, false)));
            assertThat(error).as(host).isInstanceOfAny(TrackerException.class);
        }
        assertThat(requests).isEmpty();
    }

    /** The rule of the design: only the path of a stranger's URL may reach the local network. */
    @Test
    void aStrangersQueryAndRedirectDoNotReachTheLocalNetwork() {
        TrackerSettings strangers = Settings.of(Schedulers.parallel(), true, true);
        assertThat(announce("tracker", "/announce", strangers).peers()).hasSize(1);
        requests.clear();
        Throwable error = catchThrowable(() -> announce("tracker", "/announce?reboot=1", strangers));
        assertThat(((TrackerException) error).reason()).isEqualTo(Reason.LOCAL_ADDRESS);
        assertThat(error).hasMessageEndingWith(NEVER_LOCAL);
        assertThat(requests).isEmpty();
        script = (request, response) ->
                response.status(302).header("Location", "/reboot?now=1").send();
        error = catchThrowable(() -> announce("tracker", "/announce", strangers));
        assertThat(((TrackerException) error).reason()).isEqualTo(Reason.LOCAL_ADDRESS);
        assertThat(error).hasMessageEndingWith(NEVER_LOCAL);
        assertThat(requests).hasSize(1);
    }

    @Test
    void theUsersOwnRedirectReachesTheLocalNetworkIfAllowed() {
        script = (request, response) -> request.uri().startsWith("/announce")
                ? response.status(302).header("Location", "/moved?now=1").send()
                : body(response, ANSWER.getBytes(ISO_8859_1));
        assertThat(announce("tracker", "/announce?a=1", Settings.local()).peers())
                .hasSize(1);
        for (boolean isStrangers : new boolean[] {true, false}) {
            TrackerSettings refusing = Settings.of(Schedulers.parallel(), false, isStrangers);
            Throwable error = catchThrowable(() -> announce("tracker", "/announce", refusing));
            assertThat(error).hasMessageEndingWith("only asked if TrackerOptions.allowLocal is set");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsATimeout() throws Exception {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        script = (request, response) -> Mono.never();
        var answer = tracker("tracker", "/announce", Settings.of(clock, true, false))
                .announce(Requests.of(AnnounceEvent.NONE), Family.IPV4)
                .toFuture();
        assertThat(requests.poll(20, TimeUnit.SECONDS)).isNotNull();
        clock.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(catchThrowable(answer::get))
                .hasCauseInstanceOf(TrackerException.class)
                .hasMessageContaining("did not answer in time");
        clock.dispose();
    }

    @Test
    void aBodyWithoutAnEndIsATimeout() throws Exception {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        script = (request, response) -> response.sendByteArray(Flux.concat(Mono.just(new byte[1]), Mono.never()));
        var answer = tracker("tracker", "/announce", Settings.of(clock, true, false))
                .announce(Requests.of(AnnounceEvent.NONE), Family.IPV4)
                .toFuture();
        assertThat(requests.poll(20, TimeUnit.SECONDS)).isNotNull();
        clock.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(catchThrowable(answer::get))
                .hasCauseInstanceOf(TrackerException.class)
                .hasMessageContaining("did not answer in time");
        clock.dispose();
    }

    @Test
    void aClosedPortIsAFailureOfTheConnection() {
        server.disposeNow();
        assertThat(failure("/announce").reason()).isEqualTo(Reason.CONNECTION);
        Throwable unknown = catchThrowable(() -> announce("nowhere", "/announce", Settings.local()));
        assertThat(((TrackerException) unknown).reason()).isEqualTo(Reason.UNKNOWN_HOST);
    }

    private TrackerException failure(String path) {
        Throwable error = catchThrowable(() -> announce("tracker", path, Settings.local()));
        assertThat(error).isInstanceOf(TrackerException.class);
        return (TrackerException) error;
    }

    private TrackerAnswer announce(String host, String path, TrackerSettings settings) {
        return tracker(host, path, settings)
                .announce(Requests.of(AnnounceEvent.STARTED), Family.IPV4)
                .block(Duration.ofSeconds(20));
    }

    private HttpTracker tracker(String host, String path, TrackerSettings settings) {
        return new HttpTracker(URI.create("http://" + host + ":" + server.port() + path), settings);
    }

    private static Publisher<Void> body(HttpServerResponse response, byte[] body) {
        return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }
}
