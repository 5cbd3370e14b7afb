/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.Authority;
import org.peerwire.discovery.internal.net.CancelOnLoop;
import org.peerwire.discovery.internal.net.GuardedResolver;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.discovery.internal.net.LocalAddressException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * A tracker of BEP 3 over HTTP or HTTPS. Each request has its own connection: the next one is half an hour away. The
 * client follows no redirect by itself, because the rule about local addresses differs for a redirect.
 */
final class HttpTracker implements TrackerClient {
    private static final int MAX_REDIRECTS = 5;

    private final URI tracker;
    private final @Nullable String authorization;
    private final TrackerSettings settings;

    /** Creates a tracker. The user of its URL is told to the server of this URL and to nobody else. */
    HttpTracker(URI tracker, TrackerSettings settings) {
        Authority authority = Objects.requireNonNull(Authority.of(tracker));
        this.tracker = authority.in(tracker);
        String user = authority.user();
        this.authorization = user == null ? null : basic(Authority.decoded(user));
        this.settings = settings;
    }

    /** Returns the header of a user, who may have no password (RFC 7617). */
    private static String basic(String user) {
        String credentials = user.indexOf(':') < 0 ? user + ":" : user;
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    /** A part of a response: that its headers are here, then a redirect or a body. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Part(@Nullable URI redirect, byte @Nullable [] body) {
        static final Part HEADERS = new Part(null, null);
    }

    @Override
    public Mono<TrackerAnswer> announce(TrackerRequest request, Family family) {
        return body(family, () -> HttpQuery.announce(tracker, request))
                .map(body -> HttpReply.announce(body, settings.allowLocal()));
    }

    @Override
    public Mono<List<Scrape>> scrape(List<InfoHash> hashes, Family family) {
        return body(family, () -> HttpQuery.scrape(tracker, hashes)).map(body -> HttpReply.scrape(body, hashes));
    }

    private Mono<byte[]> body(Family family, Supplier<String> url) {
        return Mono.defer(() -> get(url.get(), settings.resolver(tracker, family), 0))
                .timeout(settings.httpTimeout(), settings.scheduler())
                .onErrorMap(Failures::of);
    }

    private Mono<byte[]> get(String url, GuardedResolver resolver, int redirects) {
        return CancelOnLoop.of(
                        client(resolver, url),
                        client -> client.get().uri(url).response((response, content) -> Flux.just(Part.HEADERS)
                                .concatWith(Mono.defer(() -> read(url, response, content)))))
                .timeout(Mono.delay(settings.responseTimeout(), settings.scheduler()), part -> Mono.never())
                .onErrorMap(
                        LocalAddressException.class,
                        error -> Failures.local(error, settings.isNeverLocal(tracker, redirects > 0)))
                .last()
                .flatMap(last -> {
                    URI target = last.redirect();
                    if (target == null) {
                        return Mono.justOrEmpty(last.body());
                    }
                    if (redirects == MAX_REDIRECTS) {
                        return Mono.error(
                                new TrackerException(Reason.REDIRECTS, "more than " + MAX_REDIRECTS + " redirects"));
                    }
                    return get(target.toString(), settings.redirected(resolver), redirects + 1);
                });
    }

    private HttpClient client(GuardedResolver resolver, String url) {
        Duration timeout = settings.responseTimeout();
        HttpClient client = HttpClient.newConnection()
                .keepAlive(false)
                .disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .headers(headers -> headers.set(HttpHeaderNames.USER_AGENT, settings.userAgent())
                        .set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.GZIP));
        if (authorization != null && url.startsWith(tracker.getScheme() + "://" + tracker.getRawAuthority() + "/")) {
            String user = authorization;
            client = client.headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, user));
        }
        return settings.bound(settings.httpClient().apply(client).resolver(resolver));
    }

    private static Mono<Part> read(String url, HttpClientResponse response, ByteBufFlux content) {
        int status = response.status().code();
        String location = response.responseHeaders().get(HttpHeaderNames.LOCATION);
        if (status >= 301 && status <= 308 && status != 304 && location != null) {
            return Mono.just(new Part(target(url, location), null));
        }
        String length = response.responseHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && length.length() > HttpBody.MAX_DIGITS) {
            return Mono.error(HttpBody.tooLarge()); // the bytes themselves are counted, too
        }
        return content.asByteArray()
                .collect(HttpBody::new, HttpBody::add)
                .map(HttpBody::content)
                .map(body -> {
                    if (status < 200 || status > 299) {
                        TrackerException failure = HttpReply.failure(body);
                        throw failure != null
                                ? failure
                                : new TrackerException(Reason.HTTP_STATUS, "the tracker answered with HTTP " + status);
                    }
                    return new Part(null, body);
                });
    }

    private static URI target(String url, String location) {
        try {
            URI target = URI.create(url).resolve(location);
            String scheme = target.getScheme();
            Authority authority = Authority.of(target);
            if (authority != null && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
                return authority.in(target);
            }
        } catch (IllegalArgumentException malformed) {
            // refused below
        }
        throw new TrackerException(
                Reason.REDIRECTS,
                "redirected to what is no HTTP address: " + TrackerText.of(Authority.withoutUser(location)));
    }
}
