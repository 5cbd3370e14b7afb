/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.guide;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.discovery.Announce;
import org.peerwire.discovery.Dht;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.discovery.LocalPeers;
import org.peerwire.discovery.MetadataCrawler;
import org.peerwire.discovery.Tracker;
import org.peerwire.discovery.TrackerEvent;
import org.peerwire.discovery.TrackerOptions;
import org.peerwire.discovery.Trackers;
import org.peerwire.discovery.WebSeeds;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Metadata;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Swarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The snippets of the chapter "Where peers come from". */
class SourcesTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InfoHash HASH = InfoHash.parse("0102030405060708090a0b0c0d0e0f1011121314");

    @Test
    void aSwarmTakesAllSources() {
        MagnetLink magnet = MagnetLink.parse("magnet:?xt=urn:btih:" + HASH + "&tr=http://tracker.invalid/announce");
        Dht dht = Dht.create(DhtOptions.defaults());
        // tag::sources[]
        Trackers trackers = Trackers.of(magnet);
        Swarm swarm = Swarm.of(magnet)
                .discover(trackers, dht, LocalPeers.create())
                .sources(WebSeeds.of(magnet))
                .connect();
        Flux<TrackerEvent> failures = trackers.events(); // each answer and each failure, with its reason
        // end::sources[]

        assertThat(swarm.hashes()).isEqualTo(magnet.hashes()); // nothing has happened yet
        assertThat(failures).isNotNull();
        swarm.close().then(dht.close()).block(SOON);
    }

    @Test
    void aTrackerIsAFluxOfPeers() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .handle((request, response) -> response.send(Mono.fromSupplier(() ->
                        Unpooled.wrappedBuffer("d8:intervali1800e5:peers6:\177\0\0\1\32\341e".getBytes(ISO_8859_1)))))
                .bindNow();
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/announce");
        InfoHash infoHash = HASH;
        // tag::tracker[]
        TrackerOptions options = TrackerOptions.builder().allowLocal(true).build(); // for a tracker of your own network
        Flux<PeerEvent> peers =
                Tracker.of(uri, options).peers(Announce.of(infoHash, PeerId.random(), 6881)); // until cancelled
        // end::tracker[]

        assertThat(peers.blockFirst(SOON)).isEqualTo(new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 6881)));
        server.disposeNow();
    }

    private static DhtOptions loopback(InetSocketAddress... bootstrap) {
        return DhtOptions.builder()
                .bootstrap(bootstrap)
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .allowLocal(true)
                .build();
    }

    @Test
    void aTableIsAskedAndTold() {
        Dht other = Dht.create(loopback()).start().block(SOON);
        InetSocketAddress node = other.addresses().block(SOON).get(0);
        Dht dht = Dht.create(loopback(node));
        InfoHash infoHash = HASH;
        // tag::dht[]
        Mono<Void> announced = dht.announce(infoHash, 6881);
        Flux<PeerEvent> peers = dht.peers(infoHash); // without demand no node is asked
        Mono<byte[]> saved = dht.save(); // for dht.restore(saved) of the next run
        // end::dht[]

        announced.block(SOON);
        assertThat(peers.collectList().block(SOON))
                .containsExactly(new PeerEvent.Added(new InetSocketAddress("127.0.0.1", 6881)));
        assertThat(saved.block(SOON)).isNotEmpty();
        dht.close().then(other.close()).block(SOON);
    }

    @Test
    void manyHashesShareOneBudget() {
        Dht dht = Dht.create(loopback());
        Flux<InfoHash> infoHashes = Flux.empty();
        // tag::crawler[]
        Flux<Metadata> found = MetadataCrawler.create(dht::peers).metadata(infoHashes);
        // end::crawler[]

        assertThat(found.collectList().block(SOON)).isEmpty();
        dht.close().block(SOON);
    }
}
