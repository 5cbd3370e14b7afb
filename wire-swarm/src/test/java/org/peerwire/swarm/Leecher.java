/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A swarm of a test that downloads to a store, and the events of it. */
final class Leecher implements Disposable {
    static final Duration SOON = Duration.ofSeconds(15);
    static final Patience PATIENCE = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(2), null);

    final Swarm swarm;
    final PieceStore store;
    final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();

    private Leecher(Swarm swarm, PieceStore store) {
        this.swarm = swarm;
        this.store = store;
    }

    /** Creates a leecher with the patience of the command line. */
    static Leecher of(SwarmBuilder builder, PieceStore store) {
        return with(builder.options(SwarmOptions.builder().patience(PATIENCE).build()), store);
    }

    /** Creates a leecher. Its events are recorded from now on. */
    static Leecher with(SwarmBuilder builder, PieceStore store) {
        Leecher leecher = new Leecher(builder.connect(), store);
        leecher.swarm.events().subscribe(leecher.events::add);
        return leecher;
    }

    /** Creates a leecher that downloads to memory. */
    static Leecher of(Torrent torrent, InetSocketAddress... peers) {
        return of(Swarm.of(torrent).peers(peers), MemoryStore.create());
    }

    /** Downloads all. Returns the number of bytes that each peer has sent, without those that sent none. */
    Map<InetSocketAddress, Long> download() {
        swarm.download(store).block(SOON);
        return received();
    }

    /** Returns the number of bytes that each peer has sent, without those that sent none. */
    Map<InetSocketAddress, Long> received() {
        Map<InetSocketAddress, Long> received = new LinkedHashMap<>();
        for (PeerStats peer : TestSeeds.await(swarm.stats()).peers()) {
            if (peer.received() > 0) {
                received.merge(peer.address(), peer.received(), Long::sum);
            }
        }
        return received;
    }

    /** Returns the events of a kind so far. */
    <T extends SwarmEvent> List<T> seen(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Waits for a number of events of a kind. */
    <T extends SwarmEvent> List<T> await(Class<T> kind, int count) {
        Flux.interval(Duration.ofMillis(10))
                .onBackpressureDrop()
                .takeUntil(tick -> seen(kind).size() >= count)
                .blockLast(SOON);
        return seen(kind);
    }

    /** Returns the bytes in the store. */
    byte[] content(Torrent torrent) {
        byte[] all = new byte[(int) torrent.length()];
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            int at = piece * torrent.pieceLength();
            torrent.shape()
                    .blocks(piece)
                    .forEach(block -> TestSeeds.await(store.read(block).map(data -> {
                        data.readBytes(all, at + block.offset(), block.length());
                        data.release();
                        return true;
                    })));
        }
        return all;
    }

    /** Downloads in the background. */
    void start() {
        swarm.download(store).onErrorResume(error -> Mono.empty()).subscribe();
    }

    @Override
    public void dispose() {
        swarm.dispose();
    }
}
