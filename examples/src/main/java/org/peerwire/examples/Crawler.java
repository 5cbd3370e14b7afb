/* SPDX-License-Identifier: MIT */
package org.peerwire.examples;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.metadata.Torrent;
import org.peerwire.metadata.UtMetadata;
import org.peerwire.pex.PeerEvent;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.PexSwarm;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program that walks a swarm by peer exchange, from one peer on. Prints each peer with its client and its share of
 * the pieces. Stays some seconds at each peer, because many send their peers only once a minute. Run with
 * {@code INFO_HASH HOST PORT SECONDS}.
 */
public final class Crawler {
    /** The number of open wires. Further peers wait: they are dialled when a wire has been closed. */
    private static final int WIRES = 50;

    /** The number of peers in all, which bounds the memory. */
    private static final int PEERS = 10_000;

    private final PexOptions options = PexOptions.builder()
            .telling(false)
            .limits(limits -> limits.maxUnproven(200))
            .build();
    private final PexSwarm swarm = PexSwarm.create(options);
    private final Set<InetSocketAddress> seen = new HashSet<>();
    private final AtomicInteger unvisited = new AtomicInteger();
    private final LocalPeer self;
    private final Duration stay;

    Crawler(InfoHash infoHash, Duration stay) {
        this.self = LocalPeer.of(infoHash, PeerId.random())
                .withExtension(UtPex.create(options))
                .withExtension(UtMetadata.fetching());
        this.stay = stay;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        if (args.length != 4) {
            System.err.println("usage: Crawler INFO_HASH HOST PORT SECONDS");
            return;
        }
        new Crawler(InfoHash.parse(args[0]), Duration.ofSeconds(Long.parseLong(args[3])))
                .crawl(new InetSocketAddress(args[1], Integer.parseInt(args[2])))
                .onErrorResume(e -> Mono.just("stopped: " + e.getMessage()))
                .toStream(1) // a slow terminal slows the walk
                .forEach(System.out::println);
    }

    /** Returns a line for each peer. The first peer has to have the metadata, which says if the torrent is private. */
    Flux<String> crawl(InetSocketAddress first) {
        isNew(first);
        return Flux.usingWhen(
                        WireClient.create().connect(first, self).doOnNext(swarm::join),
                        wire -> UtMetadata.fetch(wire).flatMapMany(found -> walk(first, wire, found.torrent())),
                        Wire::close)
                .doFinally(end -> swarm.dispose());
    }

    // tag::walk[]
    private Flux<String> walk(InetSocketAddress first, Wire wire, Torrent torrent) {
        if (torrent.isPrivate()) {
            return Flux.just("the torrent is private: its peers are not for strangers (BEP 27)");
        }
        LocalPeer known = self.withShape(torrent.shape());
        Flux<String> others = swarm.events()
                .ofType(PeerEvent.Added.class)
                .map(PeerEvent::peer)
                .filter(this::isNew)
                .onBackpressureBuffer(PEERS)
                .flatMap(peer -> visit(peer, known), WIRES);
        return wire.shape(torrent.shape())
                .thenMany(Flux.merge(look(first, wire), others))
                .takeUntil(line -> unvisited.decrementAndGet() == 0);
    }
    // end::walk[]

    /** Counts a peer to visit. The events of the swarm come one after another, so the set needs no lock. */
    private boolean isNew(InetSocketAddress peer) {
        boolean isNew = seen.size() < PEERS && seen.add(peer);
        unvisited.addAndGet(isNew ? 1 : 0);
        return isNew;
    }

    // tag::walk[]
    private Mono<String> visit(InetSocketAddress peer, LocalPeer known) {
        return Mono.usingWhen(
                        WireClient.create().connect(peer, known).doOnNext(swarm::join),
                        wire -> look(peer, wire),
                        Wire::close)
                .onErrorResume(e -> Mono.just(peer + "  not reached: " + e.getMessage()));
    }
    // end::walk[]

    /** Waits while the peer sends its client, its pieces and its peers. */
    private Mono<String> look(InetSocketAddress peer, Wire wire) {
        Mono<String> client = wire.extendedHandshake()
                .mapNotNull(handshake -> handshake.client().orElse(null))
                .take(stay)
                .defaultIfEmpty("unknown client");
        Mono<Boolean> stayed = Mono.firstWithSignal(
                        Mono.delay(stay).then(), wire.onClose().onErrorComplete())
                .thenReturn(true);
        return Mono.zip(client, stayed, (name, done) -> {
            int all = Math.max(1, wire.torrent().orElseThrow().pieceCount());
            return peer + "  " + name + "  " + 100 * wire.peerPieces().cardinality() / all + " %";
        });
    }
}
