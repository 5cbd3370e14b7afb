/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.WireClient;
import org.peerwire.metadata.MetadataException;
import org.peerwire.pex.PeerEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The addresses that a crawler dials, and dials again, on a virtual clock. */
class CrawlAddressesTest {

    // ---- never ----

    @Test
    void anUnreachableAddressIsNotDialledForTheNextHash() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress nobody = world.net.host();
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(1).deadline(Duration.ofSeconds(10)), nobody);

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1), world.torrent(2), world.torrent(3));

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

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1));

            assertThat(results).singleElement().isInstanceOf(CrawlResult.Missing.class);
            assertThat(world.dials).hasValue(0);
        }
    }

    @Test
    void addressesWithoutAPortOrAnIpAreNotDialled() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress peer = world.peer();
            MetadataCrawler crawler = world.crawler(
                    world.options().deadline(Duration.ofSeconds(10)),
                    new InetSocketAddress(peer.getAddress(), 0),
                    InetSocketAddress.createUnresolved("peer.invalid", 80));

            world.crawl(crawler, world.torrent(1));

            assertThat(world.dialled).isEmpty();
        }
    }

    @Test
    void aPeerThatIsDroppedFromTheSwarmIsNotDialled() {
        try (CrawlWorld world = new CrawlWorld()) {
            PeerEvent dropped = new PeerEvent.Dropped(world.peer());
            MetadataCrawler crawler = world.crawlerOf(world.options(), hash -> Flux.just(dropped));

            world.crawl(crawler, world.torrent(1));

            assertThat(world.dialled).isEmpty();
        }
    }

    // ---- once ----

    @Test
    void anAddressIsDialledOnceForAHash() {
        try (CrawlWorld world = new CrawlWorld()) {
            InfoHash hash = world.torrent(1);
            InetSocketAddress peer = world.peerWithout(hash);
            MetadataCrawler crawler =
                    world.crawler(world.options().wiresPerHash(1).deadline(Duration.ofSeconds(50)), peer, peer, peer);

            world.crawl(crawler, hash);

            assertThat(world.dialled).containsExactly(peer);
        }
    }

    @Test
    void theAddressesOfAHashAreLimited() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress[] peers =
                    Stream.generate(world::refusing).limit(5).toArray(InetSocketAddress[]::new);
            MetadataCrawler crawler = world.crawler(world.options().peersPerHash(3), peers);

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1));

            assertThat(world.dialled).containsExactly(peers[0], peers[1], peers[2]);
            assertThat(results).singleElement().isInstanceOfSatisfying(CrawlResult.Missing.class, missing -> {
                assertThat(missing.isLate()).isFalse();
                assertThat(missing.reason()).startsWith("none of 3 peers had it; the last failure: ");
                assertThat(missing.cause()).isInstanceOf(ConnectionException.class);
            });
        }
    }

    // ---- again ----

    @Test
    void anUnreachableAddressIsDialledAgainAfterFiveMinutes() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress nobody = world.refusing();
            MetadataCrawler crawler = world.crawler(world.options().deadline(Duration.ofSeconds(1)), nobody);

            world.crawl(crawler, Flux.just(0, 290, 301).flatMap(second -> Mono.just(world.torrent(second))
                    .delayElement(Duration.ofSeconds(second), world.net.clock())));

            assertThat(world.dialled).containsExactly(nobody, nobody);
        }
    }

    @Test
    void anAddressThatSaysNothingIsNotDialledForTheNextHash() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress silent = world.silent();
            InetSocketAddress unanswering = world.unanswering();
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(1).peerTimeout(Duration.ofSeconds(5)), silent, unanswering);

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1), world.torrent(2));

            assertThat(world.dialled).containsExactly(silent, unanswering);
            assertThat(((CrawlResult.Missing) results.get(0)).reason())
                    .isEqualTo("none of 2 peers had it in 60.0 s; the last failure: no metadata in 5.0 s");
        }
    }

    @Test
    void aPeerThatRefusesOneTorrentIsDialledForTheNext() {
        try (CrawlWorld world = new CrawlWorld()) {
            InfoHash unknown = InfoHash.of(new byte[20]);
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(1).deadline(Duration.ofSeconds(30)), world.peer());

            List<CrawlResult> results = world.crawl(crawler, unknown, world.torrent(2));

            assertThat(results).element(1).isInstanceOf(CrawlResult.Found.class);
        }
    }

    /** It has been reached. The client dials it twice, with and without encryption. */
    @Test
    void aPeerThatBreaksOffTheHandshakeIsDialledForTheNext() {
        assertThat(missingOnce(10, 2)).isInstanceOf(HandshakeException.class);
    }

    @Test
    void aPeerThatLeavesWithoutMetadataIsDialledForTheNext() {
        assertThat(missingOnce(71, 1)).isInstanceOfSatisfying(MetadataException.class, gone -> assertThat(gone.reason())
                .isEqualTo(MetadataException.Reason.NO_PEERS));
    }

    /** Asserts that a peer which breaks off after some bytes gives the next metadata. Returns the first failure. */
    private static @Nullable Throwable missingOnce(int bytes, int times) {
        try (CrawlWorld world = new CrawlWorld()) {
            InfoHash first = world.torrent(1);
            InetSocketAddress peer = world.breakingOff(first, bytes, times);
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(1).deadline(Duration.ofSeconds(30)), peer);

            List<CrawlResult> results = world.crawl(crawler, first, world.torrent(2));

            assertThat(results).element(1).isInstanceOf(CrawlResult.Found.class);
            assertThat(world.dialled).hasSize(times + 1);
            return ((CrawlResult.Missing) results.get(0)).cause();
        }
    }

    /** A failure of this side says nothing about the address. */
    @Test
    void anAddressIsDialledAgainAfterAFailureOfOurSide() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress peer = world.peer();
            AtomicInteger dials = new AtomicInteger();
            WireClient client = world.net
                    .client(world.crawler)
                    .connections(to -> dials.getAndIncrement() == 0
                            ? Mono.error(new ConnectionException(ConnectionException.Reason.OVERFLOW, "full"))
                            : world.net.dialler(world.crawler).apply(to));
            MetadataCrawler crawler = MetadataCrawler.create(
                    hash -> Flux.just(new PeerEvent.Added(peer)),
                    world.options().maxHashes(1).build(),
                    client);

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1), world.torrent(2));

            assertThat(results.get(0))
                    .isInstanceOfSatisfying(CrawlResult.Missing.class, missing -> assertThat(missing.cause())
                            .hasMessage("full"));
            assertThat(results.get(1)).isInstanceOf(CrawlResult.Found.class);
        }
    }

    // ---- liars ----

    @Test
    void aLiarIsDialledForOneHashOnly() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress liar = world.liar();
            InetSocketAddress honest = world.peer();
            MetadataCrawler crawler = world.crawler(world.options().maxHashes(1).wiresPerHash(1), liar, honest);

            List<CrawlResult> results = world.crawl(
                    crawler, IntStream.range(0, 10).mapToObj(world::torrent).toArray(InfoHash[]::new));

            assertThat(results).hasSize(10).allMatch(CrawlResult.Found.class::isInstance);
            assertThat(world.dials).hasValue(11);
        }
    }

    @Test
    void aLiarIsNotDialledForAHashThatWaitedForAPlace() {
        try (CrawlWorld world = new CrawlWorld()) {
            InetSocketAddress liar = world.liar();
            InetSocketAddress honest = world.peer();
            MetadataCrawler crawler =
                    world.crawler(world.options().wiresPerHash(1).maxWires(1), liar, honest);

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1), world.torrent(2));

            assertThat(results).hasSize(2).allMatch(CrawlResult.Found.class::isInstance);
            assertThat(world.dialled).containsOnlyOnce(liar).hasSize(3);
        }
    }

    @Test
    void aKnownLiarIsNoneOfTheAddressesOfAHash() {
        try (CrawlWorld world = new CrawlWorld()) {
            MetadataCrawler crawler =
                    world.crawler(world.options().maxHashes(1).peersPerHash(1), world.liar(), world.peer());

            List<CrawlResult> results = world.crawl(crawler, world.torrent(1), world.torrent(2));

            assertThat(results.get(0)).isInstanceOf(CrawlResult.Missing.class);
            assertThat(results.get(1)).isInstanceOf(CrawlResult.Found.class);
        }
    }
}
