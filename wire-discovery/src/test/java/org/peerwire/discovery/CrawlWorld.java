/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
    private static final Duration LIMIT = Duration.ofHours(2);

    private final HostLink link;
    final TestSwarm net = TestSwarm.create(1);
    final InetSocketAddress crawler;
    final AtomicInteger dials = new AtomicInteger();

    /** The dials under way, and the addresses of all in their order. */
    final AtomicInteger dialling = new AtomicInteger();

    final List<SocketAddress> dialled = new ArrayList<>();

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
        return peer((hash, info) -> info);
    }

    /** Adds a peer with wrong metadata of the same length. */
    InetSocketAddress liar() {
        return peer((hash, info) -> {
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

    /** Adds a host that answers no dial. */
    InetSocketAddress unanswering() {
        InetSocketAddress address = net.host(link);
        net.silence(address);
        return address;
    }

    /** Adds a peer with the metadata of all torrents but one. It has that torrent, but without its metadata. */
    InetSocketAddress peerWithout(InfoHash hash) {
        return peer((theirs, info) -> theirs.equals(hash) ? null : info);
    }

    /** Adds a peer with the metadata of all torrents that closes its first wires, of this torrent, after some bytes. */
    InetSocketAddress breakingOff(InfoHash hash, int bytes, int times) {
        AtomicInteger broken = new AtomicInteger();
        byte[] start = new byte[68]; // a handshake with the extension protocol (BEP 10)
        start[0] = 19;
        System.arraycopy("BitTorrent protocol".getBytes(US_ASCII), 0, start, 1, 19);
        start[25] = 0x10;
        System.arraycopy(hash.bytes(), 0, start, 28, 20);
        Consumer<Connection> honest = serving((theirs, info) -> info);
        return listening(connection -> {
            if (broken.getAndIncrement() >= times) {
                honest.accept(connection);
                return;
            }
            connection.inbound().receive().subscribe(null, reset -> {});
            connection
                    .outbound()
                    .sendByteArray(Mono.just(Arrays.copyOf(start, bytes)))
                    .then()
                    .subscribe(null, failed -> {}, connection::dispose);
        });
    }

    private InetSocketAddress listening(Consumer<Connection> acceptor) {
        InetSocketAddress address = net.host(link);
        net.listen(address, acceptor);
        peers.add(address);
        return address;
    }

    private InetSocketAddress peer(BiFunction<InfoHash, byte[], byte @Nullable []> change) {
        return listening(serving(change));
    }

    private Consumer<Connection> serving(BiFunction<InfoHash, byte[], byte @Nullable []> change) {
        return connection -> {
            WireServer server = WireServer.create().options(net.options()).admit((theirs, from) -> Mono.justOrEmpty(
                            infos.get(theirs.infoHash()))
                    .map(info -> {
                        LocalPeer self = LocalPeer.of(theirs.infoHash(), net.peerId());
                        byte[] served = change.apply(theirs.infoHash(), info);
                        return served == null ? self : self.withExtension(UtMetadata.serving(served));
                    }));
            server.over(connection)
                    .flatMap(wire -> wire.local().extensions().isEmpty()
                            ? wire.onClose()
                            : ((UtMetadata) wire.local().extensions().get(0)).serve(wire))
                    .subscribe(null, ended -> {});
        };
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
        return crawlerOf(options, hash -> Flux.fromIterable(peers.apply(hash))
                .<PeerEvent>map(PeerEvent.Added::new)
                .concatWith(Flux.never()));
    }

    /** Returns a crawler with lookups. */
    MetadataCrawler crawlerOf(CrawlerOptions.Builder options, Function<InfoHash, Flux<PeerEvent>> found) {
        return MetadataCrawler.create(
                hash -> {
                    Flux<PeerEvent> lookup = found.apply(hash);
                    return Flux.defer(() -> {
                        lookups.incrementAndGet();
                        mostLooking.accumulateAndGet(looking.incrementAndGet(), Math::max);
                        return lookup.doFinally(end -> looking.decrementAndGet());
                    });
                },
                options.build(),
                net.client(crawler)
                        .connections(to -> Mono.defer(() -> {
                            dials.incrementAndGet();
                            dialled.add(to);
                            mostWires = Math.max(mostWires, net.connections(crawler) + dialling.incrementAndGet());
                            return net.dialler(crawler).apply(to).doFinally(end -> dialling.decrementAndGet());
                        })));
    }

    /** Returns the results for hashes, without limit of demand. */
    List<CrawlResult> crawl(MetadataCrawler crawler, InfoHash... hashes) {
        return crawl(crawler, Flux.fromArray(hashes));
    }

    /** Returns the results for hashes, without limit of demand. */
    List<CrawlResult> crawl(MetadataCrawler crawler, Flux<InfoHash> hashes) {
        List<CrawlResult> results = new ArrayList<>();
        AtomicBoolean complete = new AtomicBoolean();
        crawler.crawl(hashes).subscribe(results::add, null, () -> complete.set(true));
        net.advanceUntil(complete::get, LIMIT);
        return results;
    }

    /** Returns the seconds of the clock. */
    double seconds() {
        return net.clock().now(TimeUnit.MILLISECONDS) / 1000.0;
    }

    /** Asserts that nothing is left open, on either side. */
    @Override
    public void close() {
        net.advance(Duration.ofMinutes(1));
        int theirs = peers.stream().mapToInt(net::connections).sum();
        if (net.connections(crawler) != 0 || theirs != 0 || looking.get() != 0 || dialling.get() != 0) {
            throw new AssertionError("open connections: " + net.connections(crawler) + ", of the peers: " + theirs
                    + ", open lookups: " + looking.get() + ", dials: " + dialling.get());
        }
        net.dispose();
    }
}
