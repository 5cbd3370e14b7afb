/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.peerwire.discovery.internal.web.HttpSource;
import org.peerwire.discovery.internal.web.SeedUrl;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.RangeSource;

/**
 * Web seeds: HTTP servers with the files of a torrent (BEP 19), for {@link
 * org.peerwire.swarm.SwarmBuilder#sources(Collection)}.
 *
 * <pre>{@code
 * Swarm swarm = Swarm.of(torrent).sources(WebSeeds.of(torrent)).connect();
 * }</pre>
 *
 * <p>Each read is a GET request with a range. Follows redirects. A server that ignores ranges is used for the first MiB
 * of a file, and for files without more. The body is read as fast as the pieces are taken. A private torrent may have web
 * seeds too: its author has chosen them.
 */
public final class WebSeeds {
    private WebSeeds() {}

    /** Returns the web seeds of a torrent ({@code url-list}), with the default options. */
    public static List<RangeSource> of(Torrent torrent) {
        return of(torrent.webSeeds(), WebSeedOptions.defaults());
    }

    /** Returns the web seeds of a magnet link ({@code ws}), with the default options. */
    public static List<RangeSource> of(MagnetLink link) {
        return of(link.webSeeds(), WebSeedOptions.defaults());
    }

    /**
     * Returns web seeds.
     *
     * @param urls the URLs of the file or its folder. Those of another kind than HTTP, malformed ones, those with a
     *     user and repeated ones are left out
     * @return sources without a connection
     */
    public static List<RangeSource> of(Collection<String> urls, WebSeedOptions options) {
        return urls.stream()
                .map(SeedUrl::parse)
                .flatMap(Optional::stream)
                .distinct()
                .limit(options.maxSeeds())
                .<RangeSource>map(url ->
                        new HttpSource(url, options.allowLocal(), options.maxRedirects(), options.connectTimeout()))
                .toList();
    }
}
