/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * A seed that lives as long as the application context. When the context closes, it stops accepting peers, then
 * closes its wires after the blocks that are on their way.
 */
@Component
class SeedServer implements SmartLifecycle {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(SeedServer.class);

    private final Torrent torrent;
    private final SeedProperties settings;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private volatile boolean running;
    private volatile DisposableServer bound;

    SeedServer(Torrent torrent, SeedProperties settings) {
        this.torrent = torrent;
        this.settings = settings;
    }

    /** Returns the port that the seed listens on. */
    int port() {
        return bound.port();
    }

    @Override
    public void start() {
        LocalPeer self = LocalPeer.of(torrent.hashes().wire(), PeerId.random()).withShape(torrent.shape());
        FileBlocks blocks = new FileBlocks(settings.file(), torrent.pieceLength());
        running = true;
        bound = WireServer.create()
                .port(settings.port())
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> seed(wire, blocks))
                .bindNow();
        LOG.info("seeding {} as {} on port {}", torrent.name(), torrent.hashes().wire(), port());
    }

    private Mono<Void> seed(Wire wire, FileBlocks blocks) {
        if (!running) {
            return Mono.empty(); // which closes the wire
        }
        wires.add(wire);
        return wire.announce(PieceSet.all(torrent.pieceCount()))
                .then(wire.outbound().send(new Message.Unchoke()))
                .then(wire.blocks().serve(blocks))
                .doFinally(end -> wires.remove(wire));
    }

    /** Blocks, which Spring expects: other components stop meanwhile. */
    @Override
    public void stop() {
        running = false;
        bound.disposeNow(PATIENCE);
        Flux.fromIterable(wires).flatMap(Wire::close).blockLast(PATIENCE);
    }

    @Override
    public boolean isRunning() {
        return running && bound != null;
    }
}
