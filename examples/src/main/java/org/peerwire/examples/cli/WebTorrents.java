/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Reasons;

/** Torrent files on web servers, read within limits: of the length, of the redirects and of the time in all. */
final class WebTorrents {
    private static final int MAX_REDIRECTS = 5;

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private final Duration timeout;

    /** Creates a reader that gives up after a time. */
    WebTorrents(Duration timeout) {
        this.timeout = timeout;
    }

    /** Returns true for an {@code http} or {@code https} URL. */
    static boolean isUrl(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    /** Reads a torrent file. Blocks. The messages of failures begin with the URL. */
    Torrent read(String url) throws IOException {
        try {
            URI uri = URI.create(url.strip());
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
            return Torrent.parse(get(uri, System.nanoTime() + timeout.toNanos(), 0));
        } catch (Failure e) {
            throw new Failure(url + ": " + e.getMessage());
        } catch (IllegalArgumentException e) { // of the URI, or of the torrent, which may be a page for people
            throw new Failure(url + " is no torrent file: " + Reasons.text(e));
        }
    }

    private byte[] get(URI uri, long deadline, int redirects) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri).GET().build();
        HttpResponse<byte[]> response = await(
                uri,
                client.sendAsync(request, head -> new LimitedBody(head.statusCode() == 200 ? Torrent.MAX_LENGTH : 0)),
                deadline);
        int status = response.statusCode();
        if (status == 200) {
            return response.body();
        }
        URI next = response.headers().firstValue("location").map(uri::resolve).orElse(null);
        if (status < 300 || status > 399 || next == null) {
            throw new Failure("the server answered with status " + status);
        } else if (redirects == MAX_REDIRECTS) {
            throw new Failure("more than " + MAX_REDIRECTS + " redirects, the last to " + next);
        } else if (!isUrl(next.toString()) || (isSecure(uri) && !isSecure(next))) {
            throw new Failure("the server redirects to " + next + ", which is not followed");
        }
        return get(next, deadline, redirects + 1);
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private HttpResponse<byte[]> await(URI uri, CompletableFuture<HttpResponse<byte[]>> answer, long deadline)
            throws IOException {
        try {
            return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Failure("not received within " + Reasons.text(timeout));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        } catch (ExecutionException e) {
            throw new Failure(reason(uri, Objects.requireNonNullElse(e.getCause(), e)));
        }
    }

    private static String reason(URI uri, Throwable failure) {
        if (failure instanceof LimitedBody.TooLong) {
            return String.valueOf(failure.getMessage());
        } else if (failure instanceof SSLHandshakeException) {
            return "the certificate of " + uri.getHost() + " is not trusted";
        } else if (failure instanceof SSLException) {
            return "no secure connection to " + uri.getHost() + ": " + Reasons.text(failure);
        } else if (failure instanceof HttpTimeoutException) {
            return "not received in time";
        } else if (failure instanceof ConnectException) {
            boolean unknown = failure.getCause() instanceof ConnectException cause
                    && cause.getCause() instanceof UnresolvedAddressException;
            return unknown || failure.getCause() instanceof UnresolvedAddressException
                    ? "unknown host " + uri.getHost()
                    : "connection refused";
        }
        return Reasons.text(failure);
    }
}
