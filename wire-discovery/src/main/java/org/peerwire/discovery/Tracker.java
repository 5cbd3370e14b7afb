/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.peerwire.InfoHash;
import org.peerwire.discovery.internal.tracker.Endpoint;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;

/**
 * One tracker. Immutable and thread-safe. For the trackers of a torrent use {@link Trackers}.
 *
 * <pre>{@code
 * Tracker.of(URI.create("udp://tracker.example:6969/announce"))
 *     .scrape(torrent.hashes().wire())
 *     .subscribe(scrape -> log.info("{} seeders", scrape.seeders()));
 * }</pre>
 */
public final class Tracker {
    private final URI uri;
    private final TrackerOptions options;

    private Tracker(URI uri, TrackerOptions options) {
        Endpoint.checked(uri);
        this.uri = uri;
        this.options = options;
    }

    /**
     * Returns a tracker over HTTP or HTTPS (BEP 3) or UDP (BEP 15), by the scheme of its URL. A user in the URL
     * ({@code user:password@}) is told to an HTTP tracker by Basic authentication (RFC 7617), but not to a redirect to
     * another server. Events, messages and {@link #toString()} do not show it. UDP does not use it.
     *
     * @throws TrackerException UNSUPPORTED for another scheme, or a URL without a host, or without a port for UDP
     */
    public static Tracker of(URI uri) {
        return of(uri, TrackerOptions.defaults());
    }

    /** Returns a tracker as {@link #of(URI)}, with options. */
    public static Tracker of(URI uri, TrackerOptions options) {
        return new Tracker(uri, options);
    }

    /** Returns a tracker as {@link #of(URI)}, and refuses another scheme than http and https. */
    public static Tracker http(URI uri) {
        return of(require(uri, "http", "https"));
    }

    /** Returns a tracker as {@link #of(URI)}, and refuses another scheme than udp. */
    public static Tracker udp(URI uri) {
        return of(require(uri, "udp"));
    }

    private static URI require(URI uri, String... schemes) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!List.of(schemes).contains(scheme)) {
            throw new TrackerException(
                    TrackerException.Reason.UNSUPPORTED,
                    "the scheme must be " + String.join(" or ", schemes) + ", was " + uri.getScheme());
        }
        return uri;
    }

    /** Returns the URL as given, with its user if it has one. */
    public URI uri() {
        return uri;
    }

    /** Announces as {@link Trackers#announce}. */
    public Flux<TrackerEvent> announce(Announce announce) {
        return trackers().announce(announce);
    }

    /** Announces as {@link Trackers#peers(Announce)}. */
    public Flux<PeerEvent> peers(Announce announce) {
        return trackers().peers(announce);
    }

    private Trackers trackers() {
        return Trackers.of(List.of(List.of(uri))).options(options);
    }

    /**
     * Asks for the sizes of swarms (BEP 48, 15), over the family of addresses that answers first.
     *
     * @param hashes the torrents, at most 74 over UDP. Without any, an HTTP tracker may send all that it knows
     * @return one element for each torrent that the tracker knows, in the order asked, on any thread. Fails with
     *     {@link TrackerException}
     */
    public Flux<Scrape> scrape(InfoHash... hashes) {
        List<InfoHash> asked = List.of(hashes);
        return Flux.defer(() -> Endpoint.of(uri, options.settings(false)).scrape(asked))
                .flatMapIterable(found -> found);
    }

    /** Returns the URL without its user. */
    @Override
    public String toString() {
        return Endpoint.shown(uri).toString();
    }
}
