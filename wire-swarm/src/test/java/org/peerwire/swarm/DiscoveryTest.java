/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static io.netty.buffer.Unpooled.wrappedBuffer;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Feature;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.PeerEvent;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The sources of addresses that know the swarm. */
class DiscoveryTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final TestSeeds seeds = new TestSeeds();

    @AfterEach
    void stop() {
        seeds.dispose();
    }

    /** A source that never ends, and notes what happens to it. */
    private static final class Noted implements Discovery {
        private final PeerSource source;
        private final Flux<PeerEvent> peers;
        final List<InetSocketAddress> known;
        final List<Swarm> swarms = new CopyOnWriteArrayList<>();
        final List<Wire> wires = new CopyOnWriteArrayList<>();
        final AtomicInteger cancelled = new AtomicInteger();
        final Sinks.Empty<Void> end = Sinks.empty();

        Noted(PeerSource source, InetSocketAddress... peers) {
            this.source = source;
            this.known = List.of(peers);
            this.peers = Flux.fromArray(peers).map(PeerEvent.Added::new);
        }

        @Override
        public PeerSource source() {
            return source;
        }

        @Override
        public Publisher<PeerEvent> peers(Swarm swarm) {
            swarms.add(swarm);
            return peers.concatWith(Flux.never()).doOnCancel(() -> {
                cancelled.incrementAndGet();
                end.tryEmitEmpty();
            });
        }

        @Override
        public Features features() {
            return Features.of(Feature.DHT);
        }

        @Override
        public Publisher<Void> handle(Wire wire) {
            wires.add(wire);
            return Mono.error(new IllegalStateException("the failure of a source"));
        }
    }

    /** The metadata extension of a client that serves a private torrent too. The metadata is one piece. */
    private record Careless(byte[] info) implements Extension {
        @Override
        public String name() {
            return UtMetadata.NAME;
        }

        @Override
        public void advertise(ExtendedHandshake.Builder mine) {
            mine.metadataSize(info.length);
        }

        Mono<Void> serve(Wire wire) {
            byte[] header = ("d8:msg_typei1e5:piecei0e10:total_sizei" + info.length + "ee").getBytes(US_ASCII);
            return wire.extension(UtMetadata.NAME)
                    .inbound()
                    .concatMap(request -> wire.extension(UtMetadata.NAME).send(wrappedBuffer(header, info)))
                    .then();
        }
    }

    @Test
    void aSourceIsSubscribedWithTheSwarmAndCancelledAtItsEnd() {
        try (World world = new World(1, 4, 2)) {
            Noted noted = new Noted(PeerSource.DHT, world.seed());
            Collected leech =
                    world.leech(SwarmOptions.builder(), Swarm.of(world.torrent).discover(noted));

            leech.start().await(LIMIT);

            assertThat(noted.swarms).containsExactly(leech.swarm);
            InetSocketAddress seed = noted.known.get(0);
            assertThat(leech.seen(SwarmEvent.Discovered.class))
                    .containsExactly(new SwarmEvent.Discovered(PeerSource.DHT, seed));
            assertThat(leech.seen(SwarmEvent.Connected.class)).singleElement().satisfies(connected -> {
                assertThat(connected.source()).isEqualTo(PeerSource.DHT);
                assertThat(connected.dialled()).isTrue();
            });
            assertThat(leech.swarm.hashes()).isEqualTo(world.torrent.hashes());
            assertThat(leech.swarm.port()).isEqualTo(leech.address.getPort());
            assertThat(noted.cancelled).hasValue(0);
            leech.swarm.dispose();
            world.advance(Duration.ofSeconds(2));
            assertThat(noted.cancelled).hasValue(1);
        }
    }

    @Test
    void aSourceAddsFeaturesAndItsFailureOnAWireIsNotThatOfTheWire() {
        try (World world = new World(1, 4, 2)) {
            Puppet puppet = world.puppet();
            Noted noted = new Noted(PeerSource.DHT, puppet.address);
            Collected leech =
                    world.leech(SwarmOptions.builder(), Swarm.of(world.torrent).discover(noted));

            leech.start().await(LIMIT);

            assertThat(noted.wires).hasSize(1);
            assertThat(noted.wires.get(0).isDisposed()).isFalse();
            assertThat(noted.wires.get(0).local().features()).isEqualTo(Features.DEFAULT.with(Feature.DHT));
        }
    }

    @Test
    void aPrivateTorrentUsesOnlyTrustedSources() {
        try (World world = new World(1, 4, 2, true)) {
            Noted table = new Noted(PeerSource.DHT);
            Noted tracker = new Noted(PeerSource.TRACKER, world.puppet().address);
            Collected leech =
                    world.leech(SwarmOptions.builder(), Swarm.of(world.torrent).discover(table, tracker));

            leech.start().await(LIMIT);

            assertThat(table.swarms).isEmpty();
            assertThat(table.wires).isEmpty();
            assertThat(tracker.swarms).hasSize(1);
            assertThat(tracker.wires).hasSize(1);
        }
    }

    @Test
    void aMagnetLinkDropsUntrustedSourcesWhenItsTorrentIsPrivate() {
        Torrent secret = TestTorrents.of(TestTorrents.bytes(100_000), 32 * 1024, true);
        Careless metadata = new Careless(secret.info());
        LocalPeer self = LocalPeer.of(secret.hashes().wire(), PeerId.random()).withExtension(metadata);
        int port = seeds.script(
                        self, server -> server.tcp(tcp -> tcp.host("127.0.0.1").port(0)), metadata::serve)
                .port();
        Noted table = new Noted(PeerSource.DHT, TestSeeds.local(port));
        Noted tracker = new Noted(PeerSource.TRACKER);
        Swarm swarm = Swarm.of(secret.magnet()).discover(table, tracker).connect();
        try {
            assertThat(TestSeeds.await(swarm.torrent())).isEqualTo(secret);

            TestSeeds.await(table.end.asMono().thenReturn(true));
            assertThat(table.cancelled).hasValue(1);
            assertThat(tracker.swarms).hasSize(1);
            assertThat(tracker.cancelled).hasValue(0);
        } finally {
            swarm.dispose();
        }
    }

    @Test
    void theSnapshotCountsBytesWithAShorterLastPiece() {
        byte[] content = TestTorrents.bytes(100_000);
        Torrent torrent = TestTorrents.of(content, 32 * 1024);
        Leecher leecher = Leecher.of(torrent, seeds.start(torrent, content));
        seeds.add(leecher);
        leecher.download();

        SwarmStats end = TestSeeds.await(leecher.swarm.stats());
        assertThat(end.bytes()).isEqualTo(100_000);
        assertThat(end.totalBytes()).isEqualTo(100_000);
    }
}
