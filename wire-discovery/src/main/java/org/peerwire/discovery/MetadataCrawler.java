/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.util.Objects;
import java.util.function.Function;
import org.peerwire.InfoHash;
import org.peerwire.WireClient;
import org.peerwire.discovery.internal.crawl.Crawl;
import org.peerwire.metadata.Metadata;
import org.peerwire.pex.PeerEvent;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The metadata of many torrents (BEP 9) by their info hashes, without swarms. Thread-safe.
 *
 * <pre>{@code
 * MetadataCrawler.create(dht::peers).metadata(hashes).subscribe(found -> index(found.torrent()));
 * }</pre>
 *
 * <p>Works on {@link CrawlerOptions#maxHashes()} hashes at a time, which share the wires. Asks several peers of each, one
 * after the other in each place, and takes the first metadata that matches. An address that has sent wrong metadata is
 * not dialled again for any hash of the same {@link #crawl}; one that cannot be reached or gives nothing in time not
 * for five minutes. The newest 10,000 such addresses are remembered.
 */
public final class MetadataCrawler {
    private final Function<? super InfoHash, ? extends Publisher<? extends PeerEvent>> peers;
    private final CrawlerOptions options;
    private final WireClient client;

    private MetadataCrawler(
            Function<? super InfoHash, ? extends Publisher<? extends PeerEvent>> peers,
            CrawlerOptions options,
            WireClient client) {
        this.peers = peers;
        this.options = options;
        this.client = client;
    }

    /** Creates a crawler with the default options. See {@link #create(Function, CrawlerOptions, WireClient)}. */
    public static MetadataCrawler create(Function<? super InfoHash, ? extends Publisher<? extends PeerEvent>> peers) {
        return create(peers, CrawlerOptions.defaults(), WireClient.create());
    }

    /**
     * Creates a crawler.
     *
     * @param peers returns the peers of an info hash, from any thread. Cancelled when the metadata is found, or at the
     *     deadline. May end or not
     * @param client dials the peers
     */
    public static MetadataCrawler create(
            Function<? super InfoHash, ? extends Publisher<? extends PeerEvent>> peers,
            CrawlerOptions options,
            WireClient client) {
        return new MetadataCrawler(peers, options, client);
    }

    /** Returns the metadata of the hashes for which it is found, as {@link #crawl}. */
    public Flux<Metadata> metadata(Publisher<InfoHash> hashes) {
        return crawl(hashes).ofType(CrawlResult.Found.class).map(CrawlResult.Found::metadata);
    }

    /**
     * Returns one result for each hash, in the order of their completion.
     *
     * <p>Requests hashes as results are taken: without demand, at most {@link CrawlerOptions#maxHashes()} results wait
     * and no further hash is begun. A repeated hash is looked for again.
     *
     * @return the results, on any thread. Completes after the last hash, and fails only if {@code hashes} does. A
     *     cancellation ends all lookups, dials and wires
     */
    public Flux<CrawlResult> crawl(Publisher<InfoHash> hashes) {
        return Flux.using(
                () -> new Crawl(peers, options.limits(), client, options.scheduler()),
                crawl -> Flux.from(hashes)
                        .flatMap(crawl::find, options.maxHashes(), 1)
                        .map(MetadataCrawler::result)
                        .doOnCancel(crawl::stop),
                Crawl::dispose);
    }

    private static CrawlResult result(Crawl.Result result) {
        Metadata metadata = result.metadata();
        if (metadata != null) {
            return new CrawlResult.Found(result.hash(), metadata);
        }
        Crawl.Failure failure = Objects.requireNonNull(result.failure());
        return new CrawlResult.Missing(result.hash(), failure.isLate(), failure.reason(), failure.cause());
    }
}
