/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.TorrentShape;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmHost;
import org.peerwire.test.FakeWire;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A node as a source of a swarm, on real sockets of the loopback interface. */
class DhtDiscoveryTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    private final List<Dht> nodes = new ArrayList<>();
    private Dht first;

    @BeforeEach
    void start() {
        first = await(node().start());
    }

    @AfterEach
    void close() {
        Flux.fromIterable(nodes).flatMap(Dht::close).blockLast(LIMIT);
    }

    private Dht node(InetSocketAddress... bootstrap) {
        Dht node = Dht.create(DhtOptions.builder()
                .allowLocal(true)
                .bootstrap(bootstrap)
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .build());
        nodes.add(node);
        return node;
    }

    private static <T> T await(Mono<T> result) {
        return result.block(LIMIT);
    }

    /** Returns the first result of a question that is asked until it has one. */
    private static <T> Mono<T> polled(Mono<T> question) {
        return question.repeatWhenEmpty(asked -> asked.delayElements(Duration.ofMillis(20)));
    }

    private static InetSocketAddress address(Dht node) {
        return await(node.addresses()).get(0);
    }

    /** Returns a wire from the peer at 127.0.0.1, both of which have these features. */
    private static FakeWire wire(Features features, LocalPeer self) {
        return FakeWire.builder(self.withFeatures(features))
                .features(features)
                .addresses(new InetSocketAddress("127.0.0.1", 1), new InetSocketAddress("127.0.0.1", 2))
                .build();
    }

    private static LocalPeer self() {
        return LocalPeer.of(HASH, PeerId.random());
    }

    @Test
    void aSwarmIsFoundByTheNextOne() {
        SwarmHost host = await(SwarmHost.create().listen("127.0.0.1", 0).bind());
        Swarm one = Swarm.of(InfoHashes.of(HASH))
                .host(host)
                .discover(node(address(first)))
                .connect();
        Disposable begun = one.events().subscribe();
        InetSocketAddress announced = new InetSocketAddress("127.0.0.1", one.port());
        await(polled(first.stats().filter(stats -> stats.peers() > 0)));

        Dht second = node(address(first));
        Swarm two = Swarm.of(InfoHashes.of(HASH)).discover(second).connect();
        try {
            SwarmEvent event =
                    two.events().filter(SwarmEvent.Connected.class::isInstance).blockFirst(LIMIT);

            assertThat(((SwarmEvent.Connected) event).peer()).isEqualTo(announced);
            assertThat(second.source()).isEqualTo(PeerSource.DHT);
            assertThat(second.features()).isEqualTo(Features.of(Feature.DHT));
        } finally {
            await(Mono.when(one.close(), two.close()).thenReturn(true));
            await(host.close().thenReturn(true));
            begun.dispose();
        }
    }

    @Test
    void bothHashesOfAHybridAreLookedUp() {
        InfoHashV2 v2 = InfoHashV2.parse("ab".repeat(32));
        await(node(address(first)).announce(HASH, 11).thenReturn(true));
        await(nodes.get(1).announce(v2.truncated(), 12).thenReturn(true));
        Swarm swarm = Swarm.of(InfoHashes.hybrid(HASH, v2)).connect();

        List<PeerEvent> peers = await(node(address(first)).peers(swarm).take(2).collectList());

        assertThat(peers)
                .containsExactlyInAnyOrder(
                        new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 11)),
                        new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 12)));
        swarm.dispose();
    }

    @Test
    void aPeerWithTheFeatureIsToldOurPortAndItsNodeIsLearned() {
        Dht node = await(node().start());
        FakeWire wire = wire(Features.DEFAULT.with(Feature.DHT), self());
        Disposable handled = Flux.from(node.handle(wire)).subscribe();
        wire.receive(new Message.Port(0));
        wire.receive(new Message.Port(address(first).getPort()));

        await(polled(node.stats().filter(stats -> stats.nodes() == 1)));
        List<Message> sent = await(polled(Mono.fromSupplier(wire::takeSent).filter(messages -> !messages.isEmpty())));
        assertThat(sent).containsExactly(new Message.Port(address(node).getPort()));
        handled.dispose();
    }

    @Test
    void aPrivateWireAndAPeerWithoutTheFeatureAreLeftAlone() {
        TorrentShape secret = new TorrentShape(100_000, 16_384, true);
        FakeWire hidden = wire(Features.DEFAULT.with(Feature.DHT), self().withShape(secret));
        FakeWire plain = wire(Features.DEFAULT, self());

        await(Flux.from(first.handle(hidden)).then().thenReturn(true));
        await(Flux.from(first.handle(plain)).then().thenReturn(true));

        assertThat(hidden.takeSent()).isEmpty();
        assertThat(plain.takeSent()).isEmpty();
    }

    @Test
    void aWireThatTurnsOutPrivateTeachesNoMoreNodes() {
        Dht node = await(node().start());
        FakeWire wire = wire(Features.DEFAULT.with(Feature.DHT), self());
        Disposable handled = Flux.from(node.handle(wire)).subscribe();
        await(wire.shape(new TorrentShape(100_000, 16_384, true)).thenReturn(true));
        wire.receive(new Message.Port(address(first).getPort()));

        assertThat(await(node.stats()).queriesSent()).isZero();
        handled.dispose();
    }
}
