/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.discovery.DhtException;
import org.peerwire.discovery.DhtScrape;
import reactor.test.subscriber.TestSubscriber;

/** Nodes that find each other and the peers of a torrent, in virtual time. Attack A-96. */
class DhtNodesTest {

    @Test
    void twentyNodesFindWhatOneOfThemAnnounces() {
        DhtWorld world = new DhtWorld(1).grow(20);
        NodeId hash = world.hash();
        world.await(new Operations(world.node(3)).announce(hash, new Membership(5_000, false)));

        assertThat(world.peers(world.node(17), hash))
                .containsExactly(new InetSocketAddress(DatagramNet.address(3).getAddress(), 5_000));
        assertThat(world.peers(world.node(17), world.hash())).isEmpty();
        assertThat(world.stats(world.node(17)).nodes()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void aScrapeCountsSeedsAndDownloaders() {
        DhtWorld world = new DhtWorld(2).grow(60);
        NodeId hash = world.hash();
        for (int i = 0; i < 30; i++) {
            world.await(new Operations(world.node(i)).announce(hash, new Membership(5_000, i < 10)));
        }

        DhtScrape scrape = world.await(new Operations(world.node(50)).scrape(hash));

        assertThat(scrape.answers()).isBetween(8, 40);
        assertThat(scrape.seeds()).isBetween(9L, 11L);
        assertThat(scrape.downloaders()).isBetween(18L, 22L);
    }

    @Test
    void withoutDemandNoNodeIsAskedAndWithItThePeersCome() {
        DhtWorld world = new DhtWorld(3).grow(30);
        NodeId hash = world.hash();
        for (int i = 0; i < 10; i++) {
            world.await(new Operations(world.node(i)).announce(hash, new Membership(5_000, false)));
        }
        long before = world.stats(world.node(20)).queriesSent();
        TestSubscriber<InetSocketAddress> slow =
                TestSubscriber.builder().initialRequest(0).build();

        new PeersFlux(world.node(20), hash, null).subscribe(slow);
        world.net.advance(Duration.ofSeconds(30));
        assertThat(world.stats(world.node(20)).queriesSent()).isEqualTo(before);

        slow.request(1);
        world.net.advance(Duration.ofSeconds(30));
        assertThat(slow.getReceivedOnNext()).hasSize(1);
        assertThat(slow.isTerminated()).isFalse();
        assertThat(world.stats(world.node(20)).queriesSent()).isBetween(before + 1, before + 20);

        slow.request(Long.MAX_VALUE);
        world.net.advance(Duration.ofSeconds(30));
        assertThat(slow.getReceivedOnNext()).hasSize(10).doesNotHaveDuplicates();
        assertThat(slow.isTerminatedComplete()).isTrue();
    }

    @Test
    void aCancelledLookupAsksNobodyElse() {
        DhtWorld world = new DhtWorld(4).grow(30);
        TestSubscriber<InetSocketAddress> peers = TestSubscriber.create();
        new PeersFlux(world.node(9), world.hash(), null).subscribe(peers);
        assertThat(world.stats(world.node(9)).lookups()).isEqualTo(1);
        peers.cancel();

        long asked = world.stats(world.node(9)).queriesSent();
        world.net.advance(Duration.ofSeconds(10));

        assertThat(world.stats(world.node(9)).queriesSent()).isEqualTo(asked);
        assertThat(world.stats(world.node(9)).lookups()).isZero();
    }

    @Test
    void aClosedNodeEndsItsOperationsAndAnswersNoMore() {
        DhtWorld world = new DhtWorld(5).grow(20);
        Engine node = world.node(6);
        TestSubscriber<InetSocketAddress> peers = TestSubscriber.create();
        new PeersFlux(node, world.hash(), null).subscribe(peers);
        TestSubscriber<Object> events = TestSubscriber.create();
        node.events().subscribe(events);
        TestSubscriber<InfoHash> samples =
                TestSubscriber.builder().initialRequest(0).build();
        new SamplesFlux(node, 10).subscribe(samples);

        world.await(node.close());

        assertThat(peers.expectTerminalError())
                .isInstanceOfSatisfying(
                        DhtException.class, error -> assertThat(error.reason()).isEqualTo(DhtException.Reason.CLOSED));
        assertThat(samples.expectTerminalError()).isInstanceOf(DhtException.class);
        assertThat(events.isTerminatedComplete()).isTrue();
        assertThatThrownBy(() -> world.await(node.start())).hasRootCauseInstanceOf(DhtException.class);
        long sent = world.stats(node).queriesSent();
        world.net.advance(Duration.ofMinutes(20));
        assertThat(world.stats(node).queriesSent()).isEqualTo(sent);
        world.await(node.close());
    }

    @Test
    void aCloseDuringTheStartEndsTheStart() {
        DhtWorld world = new DhtWorld(6).grow(2);
        Engine node = world.add(options -> options);
        TestSubscriber<Void> start = TestSubscriber.create();
        node.start().subscribe(start);

        world.await(node.close());

        assertThat(start.expectTerminalError()).isInstanceOf(DhtException.class);
    }

    @Test
    void aNodeWithoutOthersStartsAndTriesAgain() {
        DhtWorld world = new DhtWorld(7);
        Engine alone = world.add(options -> options.bootstrap(DatagramNet.address(1)));
        world.await(alone.start());
        assertThat(world.stats(alone).nodes()).isZero();
        assertThat(world.peers(alone, world.hash())).isEmpty();

        world.add(options -> options.bootstrap()).start().subscribe();
        world.net.advance(Duration.ofSeconds(20));

        assertThat(world.stats(alone).nodes()).isEqualTo(1);
    }

    @Test
    void anAnnouncementWithoutNodesFails() {
        DhtWorld world = new DhtWorld(8).grow(1);

        assertThatThrownBy(() ->
                        world.await(new Operations(world.node(0)).announce(world.hash(), new Membership(5_000, false))))
                .hasRootCauseInstanceOf(DhtException.class)
                .hasMessageContaining("no DHT node has accepted");
    }

    @Test
    void savedNodesReplaceTheBootstrap() {
        DhtWorld world = new DhtWorld(9).grow(30);
        byte[] saved = world.await(world.node(11).save());
        NodeId id = Saved.decode(saved).id(Family.FOUR);
        world.await(world.node(11).close());
        Engine next = new Engine(world.options(11).bootstrap(List.of()).build(), world.net.at(DatagramNet.address(11)));
        next.restore(saved);

        world.await(next.start());

        assertThat(world.stats(next).nodes()).isGreaterThanOrEqualTo(8);
        assertThat(Saved.decode(world.await(next.save())).id(Family.FOUR)).isEqualTo(id);
    }

    @Test
    void lossAndSilentNodesDoNotStopALookup() {
        DhtWorld world = new DhtWorld(10).grow(60);
        NodeId hash = world.hash();
        world.await(new Operations(world.node(3)).announce(hash, new Membership(5_000, false)));
        for (int i = 30; i < 50; i++) {
            world.await(world.node(i).close());
        }
        world.net.loss = 0.2;

        assertThat(world.peers(world.node(55), hash)).hasSize(1);
    }

    @Test
    void samplesAreTheHashesThatNodesWithSamplingStore() {
        DhtWorld world = new DhtWorld(11);
        for (int i = 0; i < 40; i++) {
            boolean sampling = i % 2 == 0;
            world.add(options -> options.sampling(sampling)).start().subscribe();
            world.net.advance(Duration.ofSeconds(1));
        }
        Set<InfoHash> announced = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            NodeId hash = world.hash();
            world.await(new Operations(world.node(i)).announce(hash, new Membership(5_000, false)));
            announced.add(InfoHash.of(hash.bytes()));
        }
        long before = world.stats(world.node(33)).queriesSent();
        TestSubscriber<InfoHash> slow =
                TestSubscriber.builder().initialRequest(0).build();
        new SamplesFlux(world.node(33), 1_000).subscribe(slow);
        world.net.advance(Duration.ofSeconds(30));
        assertThat(world.stats(world.node(33)).queriesSent()).isEqualTo(before);

        slow.request(5);
        world.net.advance(Duration.ofSeconds(30));
        assertThat(slow.getReceivedOnNext()).hasSize(5);
        slow.request(Long.MAX_VALUE);
        world.net.advance(Duration.ofSeconds(30));

        assertThat(slow.isTerminatedComplete()).isTrue();
        assertThat(slow.getReceivedOnNext()).doesNotHaveDuplicates().hasSizeGreaterThan(25);
        assertThat(announced).containsAll(slow.getReceivedOnNext());
        assertThat(world.await(new SamplesFlux(world.node(35), 3).count())).isLessThanOrEqualTo(60);
        assertThat(world.stats(world.node(33)).queriesSent() - before).isLessThan(60);
    }
}
