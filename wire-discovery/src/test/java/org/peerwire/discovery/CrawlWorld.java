/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.WireServer;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.PeerEvent;
import org.peerwire.test.HostLink;
import org.peerwire.test.TestSwarm;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** Peers with the metadata of many torrents on a virtual clock, and a crawler that knows them. */
final class CrawlWorld implements AutoCloseable {
    private final HostLink link;
    final TestSwarm net = TestSwarm.create(1);
    final InetSocketAddress crawler;
    final AtomicInteger dials = new AtomicInteger();

    /** The lookups under way, the most at a time, and all. */
    final AtomicInteger looking = new AtomicInteger();

    final AtomicInteger mostLooking = new AtomicInteger();
    final AtomicInteger lookups = new AtomicInteger();
    int mostWires;

    private final Map<InfoHash, byte[]> infos = new HashMap<>();
    private final List<InetSocketAddress> peers = new ArrayList<>();

    CrawlWorld() {
        this(HostLink.of(10_000_000, 10_000_000));
    }

    /** Creates a world in which every host has the same access. */
    CrawlWorld(HostLink link) {
        this.link = link;
        this.crawler = net.host(link);
    }

    /** Returns the hash of a torrent that exists. */
    InfoHash torrent(int number) {
        byte[] info = ("d6:lengthi5e4:name8:" + String.format("%08d", number)
                        + "12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae")
                .getBytes(US_ASCII);
        try {
            InfoHash hash = InfoHash.of(MessageDigest.getInstance("SHA-1").digest(info));
            infos.put(hash, info);
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds a peer with the metadata of all torrents. */
    InetSocketAddress peer() {
        return peer(UnaryOperator.identity());
    }

    /** Adds a peer with wrong metadata of the same length. */
    InetSocketAddress liar() {
        return peer(info -> {
            byte[] wrong = info.clone();
            wrong[20] ^= 1;
            return wrong;
        });
    }

    /** Adds a peer that accepts connections, reads them to their end and says nothing. */
    InetSocketAddress silent() {
        return listening(connection -> connection.inbound().receive().subscribe(null, reset -> {}));
    }

    /** Adds a host that refuses connections. */
    InetSocketAddress refusing() {
        return net.host(link);
    }

    private InetSocketAddress listening(Consumer<Connection> acceptor) {
        InetSocketAddress address = net.host(link);
        net.listen(address, acceptor);
        peers.add(address);
        return address;
    }

    private InetSocketAddress peer(UnaryOperator<byte[]> change) {
        return listening(connection -> {
            WireServer server = WireServer.create().options(net.options()).admit((theirs, from) -> Mono.justOrEmpty(
                            infos.get(theirs.infoHash()))
                    .map(info -> LocalPeer.of(theirs.infoHash(), net.peerId())
                            .withExtension(UtMetadata.serving(change.apply(info)))));
            server.over(connection)
                    .flatMap(wire -> ((UtMetadata) wire.local().extensions().get(0)).serve(wire))
                    .subscribe(null, ended -> {});
        });
    }

    /** Returns the options for this world. */
    CrawlerOptions.Builder options() {
        return CrawlerOptions.builder().allowLocal(true).scheduler(net.clock());
    }

    /** Returns a crawler with the same peers for each hash. The lookups never end by themselves. */
    MetadataCrawler crawler(CrawlerOptions.Builder options, InetSocketAddress... peers) {
        return crawler(options, hash -> List.of(peers));
    }

    /** Returns a crawler with peers of each hash. The lookups never end by themselves. */
    MetadataCrawler crawler(CrawlerOptions.Builder options, Function<InfoHash, List<InetSocketAddress>> peers) {
        return MetadataCrawler.create(
                hash -> Flux.defer(() -> {
                    lookups.incrementAndGet();
                    mostLooking.accumulateAndGet(looking.incrementAndGet(), Math::max);
                    return Flux.fromIterable(peers.apply(hash))
                            .<PeerEvent>map(PeerEvent.Added::new)
                            .concatWith(Flux.never())
                            .doFinally(end -> looking.decrementAndGet());
                }),
                options.build(),
                net.client(crawler)
                        .connections(to -> Mono.defer(() -> {
                            dials.incrementAndGet();
                            mostWires = Math.max(mostWires, net.connections(crawler) + 1);
                            return net.dialler(crawler).apply(to);
                        })));
    }

    /** Asserts that nothing is left open, on either side. */
    @Override
    public void close() {
        net.advance(Duration.ofMinutes(1));
        int theirs = peers.stream().mapToInt(net::connections).sum();
        if (net.connections(crawler) != 0 || theirs != 0 || looking.get() != 0) {
            throw new AssertionError("open connections: " + net.connections(crawler) + ", of the peers: " + theirs
                    + ", open lookups: " + looking.get());
        }
        net.dispose();
    }
}
