/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** A crawler of the metadata of many torrents, on a virtual clock. */
class MetadataCrawlerTest {
    private static final Duration LIMIT = Duration.ofHours(2);
    private static final InfoHash UNKNOWN = InfoHash.of(new byte[20]);

    /** Collects results on demand. */
    private static final class Taker extends BaseSubscriber<CrawlResult> {
        final List<CrawlResult> results = new ArrayList<>();
        boolean isComplete;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // the test requests
        }

        @Override
        protected void hookOnNext(CrawlResult result) {
            results.add(result);
        }

        @Override
        protected void hookOnComplete() {
            isComplete = true;
        }
    }

    private static Taker crawl(MetadataCrawler crawler, Flux<InfoHash> hashes) {
        Taker taker = new Taker();
        crawler.crawl(hashes).subscribe(taker);
        return taker;
    }

    private static List<CrawlResult> all(CrawlWorld world, MetadataCrawler crawler, InfoHash... hashes) {
        Taker taker = crawl(crawler, Flux.fromArray(hashes));
        taker.request(Long.MAX_VALUE);
        world.net.advanceUntil(() -> taker.isComplete, LIMIT);
        return taker.results;
    }

    // ---- results ----

    @Test
    void theMetadataOfEachHashIsFound() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(world.options(), world.peer());
            InfoHash[] hashes = IntStream.range(0, 100).mapToObj(world::torrent).toArray(InfoHash[]::new);

            List<CrawlResult> results = all(world, crawler, hashes);

            assertThat(results).hasSize(100).allSatisfy(result -> {
                assertThat(result).isInstanceOf(CrawlResult.Found.class);
                assertThat(((CrawlResult.Found) result)
                                .metadata()
                                .torrent()
                                .hashes()
                                .v1())
                        .isEqualTo(result.hash());
            });
            assertThat(results).extracting(CrawlResult::hash).containsExactlyInAnyOrder(hashes);
        }
    }

    @Test
    void aHashThatNobodyHasIsMissingAtTheDeadline() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().deadline(Duration.ofSeconds(30)), hash -> List.of());
            long before = world.net.clock().now(java.util.concurrent.TimeUnit.SECONDS);

            List<CrawlResult> results = all(world, crawler, UNKNOWN);

            assertThat(results)
                    .containsExactly(new CrawlResult.Missing(UNKNOWN, true, "no peer was found in 30.0 s", null));
            assertThat(world.net.clock().now(java.util.concurrent.TimeUnit.SECONDS) - before)
                    .isEqualTo(30);
        }
    }

    @Test
    void aSilentPeerDoesNotDelayTheOthers() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().wiresPerHash(2), world.silent(), world.silent(), world.peer());

            List<CrawlResult> results = all(world, crawler, world.torrent(1));

            assertThat(results).singleElement().isInstanceOf(CrawlResult.Found.class);
        }
    }

    @Test
    void anUnreachableAddressIsNotDialledForTheNextHash() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress nobody = world.net.host();
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(1).deadline(Duration.ofSeconds(10)), nobody);

            List<CrawlResult> results = all(world, crawler, world.torrent(1), world.torrent(2), world.torrent(3));

            assertThat(results).hasSize(3).allMatch(CrawlResult.Missing.class::isInstance);
            assertThat(world.dials).hasValue(1);
        }
    }

    @Test
    void localAddressesAreNotDialledUnlessAllowed() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(
                    world.options().allowLocal(false).deadline(Duration.ofSeconds(10)),
                    new InetSocketAddress("127.0.0.1", 6881),
                    new InetSocketAddress("192.168.1.1", 80),
                    InetSocketAddress.createUnresolved("peer.invalid", 80));

            List<CrawlResult> results = all(world, crawler, world.torrent(1));

            assertThat(results).singleElement().isInstanceOf(CrawlResult.Missing.class);
            assertThat(world.dials).hasValue(0);
        }
    }

    // ---- liars ----

    @Test
    void aLiarIsDialledForOneHashOnly() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress liar = world.liar();
            InetSocketAddress honest = world.peer();
            MetadataCrawler crawler = world.crawler(world.options().maxHashes(1).wiresPerHash(1), liar, honest);

            List<CrawlResult> results = all(
                    world,
                    crawler,
                    IntStream.range(0, 10).mapToObj(world::torrent).toArray(InfoHash[]::new));

            assertThat(results).hasSize(10).allMatch(CrawlResult.Found.class::isInstance);
            assertThat(world.dials).hasValue(11);
        }
    }

    // ---- limits ----

    @Test
    void lookupsAndWiresAreLimited() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(7).maxWires(5), world.peer(), world.peer(), world.peer());

            List<CrawlResult> results = all(
                    world,
                    crawler,
                    IntStream.range(0, 200).mapToObj(world::torrent).toArray(InfoHash[]::new));

            assertThat(results).hasSize(200).allMatch(CrawlResult.Found.class::isInstance);
            assertThat(world.mostLooking).hasValue(7);
            assertThat(world.mostWires).isBetween(2, 6); // a closing one may overlap
        }
    }

    @Test
    void withoutDemandNoFurtherHashIsBegun() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(world.options().maxHashes(4), world.peer());

            Taker taker = crawl(crawler, Flux.range(0, 1_000).map(world::torrent));
            world.net.advance(Duration.ofMinutes(5));
            assertThat(world.lookups).hasValue(4);
            taker.request(3);
            world.net.advance(Duration.ofMinutes(5));

            assertThat(taker.results).hasSize(3);
            assertThat(world.lookups).hasValue(7);
            taker.cancel();
        }
    }

    @Test
    void aCancellationEndsLookupsAndWires() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(world.options(), world.silent(), world.silent());
            Taker taker = crawl(crawler, Flux.range(0, 1_000).map(world::torrent));
            taker.request(Long.MAX_VALUE);
            world.net.advance(Duration.ofSeconds(3));
            assertThat(world.looking).hasValue(32);
            assertThat(world.net.connections(world.crawler)).isPositive();

            taker.cancel();
            world.net.advance(Duration.ofSeconds(1));

            assertThat(world.looking).hasValue(0);
            assertThat(world.net.connections(world.crawler)).isZero();
        }
    }
}
