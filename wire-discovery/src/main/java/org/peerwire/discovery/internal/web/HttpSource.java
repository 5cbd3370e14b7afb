/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.time.Duration;
import org.peerwire.discovery.internal.net.CancelOnLoop;
import org.peerwire.discovery.internal.net.GuardedResolver;
import org.peerwire.discovery.internal.net.LocalAddressException;
import org.peerwire.swarm.RangeSource;
import org.peerwire.swarm.SourceException;
import org.peerwire.swarm.SourceException.Reason;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** The files of a torrent on an HTTP server (BEP 19). Reads as fast as its subscriber does. Thread-safe. */
public final class HttpSource implements RangeSource {
    private final SeedUrl url;
    private final HttpClient client;
    private final int maxRedirects;

    /**
     * Creates a source.
     *
     * @param allowLocal true if it may reach the local network
     * @param maxRedirects the maximum number of redirects of one read
     */
    public HttpSource(SeedUrl url, boolean allowLocal, int maxRedirects, Duration connectTimeout) {
        this(url, GuardedResolver.standard(allowLocal), maxRedirects, connectTimeout);
    }

    HttpSource(SeedUrl url, GuardedResolver resolver, int maxRedirects, Duration connectTimeout) {
        this.url = url;
        this.maxRedirects = maxRedirects;
        this.client = HttpClient.create()
                .resolver(resolver)
                .followRedirect(false)
                .compress(false)
                .disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
                .headers(headers -> headers.set(HttpHeaderNames.USER_AGENT, "Peerwire")
                        .set(HttpHeaderNames.ACCEPT, "*/*")
                        .set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY));
    }

    @Override
    public String name() {
        return url.toString();
    }

    @Override
    public Flux<ByteBuf> read(Range range) {
        return Flux.defer(() -> get(new SeedUrl(url.of(range.torrent(), range.file())), range, maxRedirects))
                .onErrorMap(LocalAddressException.class, HttpSource::refused);
    }

    private static SourceException refused(LocalAddressException error) {
        return new SourceException(
                Reason.UNUSABLE, error.getMessage() + "; allow web seeds there if you trust the torrent");
    }

    private Flux<ByteBuf> get(SeedUrl from, Range range, int redirects) {
        long last = range.offset() + range.length() - 1;
        String uri = from.toString(); // a client takes no URI whose host has an underscore
        HttpClient ranged =
                client.headers(headers -> headers.set(HttpHeaderNames.RANGE, "bytes=" + range.offset() + "-" + last));
        return CancelOnLoop.of(ranged, watched -> watched.get()
                        .uri(uri)
                        .response((response, body) -> answer(from, range, response, body)))
                .onErrorResume(Redirect.class, redirect -> {
                    if (redirects == 0) {
                        String many = "the server redirects more than " + maxRedirects + " times";
                        return Flux.error(new SourceException(Reason.UNUSABLE, many));
                    }
                    return get(redirect.to, range, redirects - 1);
                });
    }

    /** A redirect, as a failure: so its connection is closed before the next one opens. */
    private static final class Redirect extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient SeedUrl to;

        Redirect(SeedUrl to) {
            super(null, null, false, false);
            this.to = to;
        }
    }

    private static Publisher<ByteBuf> answer(SeedUrl from, Range range, HttpClientResponse response, ByteBufFlux body) {
        try {
            return switch (response.status().code()) {
                case 301, 302, 303, 307, 308 -> refuse(body, redirect(from, response));
                default ->
                    cut(
                            RangeAnswer.of(response.status().code(), response.responseHeaders(), range),
                            range.length(),
                            body);
            };
        } catch (SourceException e) {
            return refuse(body, e);
        }
    }

    /** Closes the connection. A body that nobody has subscribed to would keep what has arrived. */
    private static Flux<ByteBuf> refuse(ByteBufFlux body, RuntimeException failure) {
        return body.take(0, false).thenMany(Flux.error(failure)); // subscribes, and cancels
    }

    private static RuntimeException redirect(SeedUrl from, HttpClientResponse response) {
        String location = response.responseHeaders().get(HttpHeaderNames.LOCATION);
        SeedUrl to = location == null ? null : from.redirect(location).orElse(null);
        return to == null
                ? new SourceException(Reason.UNUSABLE, "the server redirects to no HTTP URL")
                : new Redirect(to);
    }

    /** Returns the wanted part of a body. The subscriber owns each buffer. */
    private static Flux<ByteBuf> cut(RangeAnswer answer, int length, ByteBufFlux body) {
        if (answer.skipped() == 0 && !answer.isCut()) {
            return body.retain();
        }
        BodyCut cut = new BodyCut(answer.skipped(), length);
        return body.<ByteBuf>handle(cut::accept).takeUntil(last -> cut.isDone());
    }
}
