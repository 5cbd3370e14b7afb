/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;
import org.peerwire.discovery.internal.net.Authority;
import org.peerwire.discovery.internal.net.GuardedResolver.Family;
import org.peerwire.discovery.internal.net.NoAddressException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A tracker over both families of addresses (BEP 7). It has answered if one of them has. */
public final class Endpoint {
    private final URI uri;
    private final TrackerClient client;
    private final List<Family> families;

    Endpoint(URI uri, TrackerClient client, List<Family> families) {
        this.uri = uri;
        this.client = client;
        this.families = families;
    }

    /**
     * Returns the tracker of a URL.
     *
     * @throws TrackerException UNSUPPORTED if the URL is not one of a tracker
     */
    public static Endpoint of(URI uri, TrackerSettings settings) {
        URI ascii = checked(uri);
        boolean isUdp = "udp".equalsIgnoreCase(ascii.getScheme());
        TrackerClient client = isUdp ? new UdpTracker(ascii, settings) : new HttpTracker(uri, settings);
        return new Endpoint(shown(uri), client, settings.families());
    }

    /**
     * Returns the URL of a tracker in ASCII, without the user, of whom nobody but an HTTP tracker may know.
     *
     * @throws TrackerException UNSUPPORTED if the URL is not one of a tracker
     */
    public static URI checked(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean isUdp = scheme.equals("udp");
        if (!isUdp && !scheme.equals("http") && !scheme.equals("https")) {
            throw unsupported("the scheme of a tracker must be http, https or udp", uri);
        }
        Authority authority = Authority.of(uri);
        if (authority == null || authority.port() > 65_535 || authority.port() == 0) {
            throw unsupported("a tracker must have a host, and a port of 1 to 65535 or none", uri);
        }
        if (isUdp && authority.port() < 0) {
            throw unsupported("a tracker over UDP must have a port", uri);
        }
        return authority.in(uri);
    }

    /** Returns the URL as it is, but without the user. */
    public static URI shown(URI uri) {
        return uri.getRawAuthority() == null || uri.getRawAuthority().indexOf('@') < 0
                ? uri
                : URI.create(Authority.withoutUser(uri.toString()));
    }

    private static TrackerException unsupported(String rule, URI uri) {
        return new TrackerException(
                Reason.UNSUPPORTED, rule + ", was " + TrackerText.of(Authority.withoutUser(uri.toString())));
    }

    /** Returns the URL of the tracker, without the user. */
    public URI uri() {
        return uri;
    }

    /** Announces over both families. Emits one or two answers, or fails with {@link TrackerException}. */
    public Flux<TrackerAnswer> announce(TrackerRequest request) {
        return each(family -> client.announce(request, family));
    }

    /** Asks for the sizes of swarms. Emits the first answer, or fails with {@link TrackerException}. */
    public Mono<List<Scrape>> scrape(List<InfoHash> hashes) {
        return each(family -> client.scrape(hashes, family)).next();
    }

    private <T> Flux<T> each(Function<Family, Mono<T>> request) {
        return Flux.defer(() -> {
            AtomicBoolean answered = new AtomicBoolean();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            return Flux.fromIterable(families)
                    .flatMap(family -> request.apply(family).onErrorResume(error -> {
                        failure.accumulateAndGet(error, Endpoint::worse);
                        return Mono.empty();
                    }))
                    .doOnNext(answer -> answered.set(true))
                    .concatWith(Mono.defer(() -> answered.get() ? Mono.empty() : Mono.error(told(failure.get()))));
        });
    }

    /** Returns the failure that tells more: that of a family without an address tells nothing. */
    private static Throwable worse(@Nullable Throwable before, Throwable now) {
        return before == null || before instanceof NoAddressException ? now : before;
    }

    private static Throwable told(@Nullable Throwable failure) {
        if (failure instanceof TrackerException) {
            return failure;
        }
        String text = failure == null ? "no answer" : String.valueOf(failure.getMessage());
        return new TrackerException(Reason.UNKNOWN_HOST, text, failure);
    }
}
