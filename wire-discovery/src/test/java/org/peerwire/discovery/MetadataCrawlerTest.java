/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.metadata.MetadataException;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** A crawler of the metadata of many torrents, on a virtual clock. */
class MetadataCrawlerTest {
    private static final InfoHash UNKNOWN = InfoHash.of(new byte[20]);

    /** Collects results on demand. */
    private static final class Taker extends BaseSubscriber<CrawlResult> {
        final List<CrawlResult> results = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // the test requests
        }

        @Override
        protected void hookOnNext(CrawlResult result) {
            results.add(result);
        }
    }

    private static Taker crawl(MetadataCrawler crawler, Flux<InfoHash> hashes) {
        Taker taker = new Taker();
        crawler.crawl(hashes).subscribe(taker);
        return taker;
    }

    // ---- results ----

    @Test
    void theMetadataOfEachHashIsFound() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(world.options(), world.peer());
            InfoHash[] hashes = IntStream.range(0, 100).mapToObj(world::torrent).toArray(InfoHash[]::new);

            List<CrawlResult> results = world.crawl(crawler, hashes);

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

            List<CrawlResult> results = world.crawl(crawler, UNKNOWN);

            assertThat(results)
                    .containsExactly(new CrawlResult.Missing(UNKNOWN, true, "no peer was found in 30.0 s", null));
            assertThat(world.seconds()).isEqualTo(30);
        }
    }

    @Test
    void aSilentPeerDoesNotDelayTheOthers() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().wiresPerHash(2), world.silent(), world.silent(), world.peer());

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1));

            assertThat(results).singleElement().isInstanceOf(CrawlResult.Found.class);
        }
    }

    @Test
    void aSilentPeerLosesItsPlaceAfterTheTimeForAPeer() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(
                    world.options().wiresPerHash(1).peerTimeout(Duration.ofSeconds(5)), world.silent(), world.peer());

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1));

            assertThat(results).singleElement().isInstanceOf(CrawlResult.Found.class);
            assertThat(world.seconds()).isBetween(5.0, 6.0);
        }
    }

    @Test
    void metadataAboveTheMaximumIsMissing() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().maxSize(50).deadline(Duration.ofSeconds(30)), world.peer());

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1));

            assertThat(results).singleElement().isInstanceOfSatisfying(CrawlResult.Missing.class, missing -> assertThat(
                            missing.cause())
                    .isInstanceOfSatisfying(MetadataException.class, cause -> assertThat(cause.reason())
                            .isEqualTo(MetadataException.Reason.TOO_LARGE)));
        }
    }

    @Test
    void aFailedLookupIsTheCauseOfAMissingResult() {
        try (CrawlWorld world = new CrawlWorld()) {
            IllegalStateException failure = new IllegalStateException("no table");
            InfoHash thrown = world.torrent(1);
            MetadataCrawler crawler = world.crawlerOf(world.options(), hash -> {
                if (hash.equals(thrown)) {
                    throw failure;
                }
                return Flux.error(failure);
            });

            List<CrawlResult> results = world.crawl(crawler, thrown, UNKNOWN);

            String reason = "no peer was found; the last failure: no table";
            assertThat(results)
                    .containsExactlyInAnyOrder(
                            new CrawlResult.Missing(thrown, false, reason, failure),
                            new CrawlResult.Missing(UNKNOWN, false, reason, failure));
        }
    }

    // ---- limits ----

    @Test
    void theWiresOfAHashAreLimited() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().wiresPerHash(2), world.silent(), world.silent(), world.silent());
            crawl(crawler, Flux.just(world.torrent(1))).request(1);
            world.net.advance(Duration.ofSeconds(3));

            assertThat(world.net.connections(world.crawler)).isEqualTo(2);
            world.net.advance(Duration.ofMinutes(2));
        }
    }

    @Test
    void theWiresOfAllHashesAreLimited() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().maxWires(5), world.silent(), world.silent(), world.silent());
            crawl(crawler, Flux.range(0, 4).map(world::torrent)).request(4);
            world.net.advance(Duration.ofSeconds(3));

            assertThat(world.net.connections(world.crawler)).isEqualTo(5);
            world.net.advance(Duration.ofMinutes(2));
        }
    }

    @Test
    void lookupsAndWiresAreLimited() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(7).maxWires(5), world.peer(), world.peer(), world.peer());

            List<CrawlResult> results = world.crawl(
                    crawler, IntStream.range(0, 200).mapToObj(world::torrent).toArray(InfoHash[]::new));

            assertThat(results).hasSize(200).allMatch(CrawlResult.Found.class::isInstance);
            assertThat(world.mostLooking).hasValue(7);
            assertThat(world.mostWires).isLessThanOrEqualTo(6); // a closing one may overlap
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

    @Test
    void aCancellationEndsDialsAndTheWaitForAPlace() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler = world.crawler(
                    world.options().maxWires(3), world.unanswering(), world.unanswering(), world.unanswering());
            Taker taker = crawl(crawler, Flux.range(0, 4).map(world::torrent));
            taker.request(Long.MAX_VALUE);
            world.net.advance(Duration.ofSeconds(3));
            assertThat(world.dialling).hasValue(3);

            taker.cancel();
            world.net.advance(Duration.ofMillis(1));

            assertThat(world.dialling).hasValue(0);
            assertThat(world.dials).hasValue(3);
        }
    }

    @Test
    void theEndOfACrawlFreesItsThread() {
        try (CrawlWorld world = new CrawlWorld()) {
            CountingClock clock = new CountingClock(world.net.clock());
            MetadataCrawler crawler = world.crawler(world.options().scheduler(clock), world.peer());

            world.crawl(crawler, world.torrent(1));
            world.net.advance(Duration.ofMillis(1));

            assertThat(clock.workers).isNotEmpty().allMatch(Disposable::isDisposed);
        }
    }
}
