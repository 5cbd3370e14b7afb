/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.boot;

import java.time.Duration;
import org.peerwire.BoundServer;
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
import reactor.core.publisher.Mono;

/**
 * A seed that lives as long as the application context. When the context closes, it stops accepting peers,
 * answers the requests that have arrived, and closes its wires.
 */
@Component
class SeedServer implements SmartLifecycle {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(SeedServer.class);

    private final Torrent torrent;
    private final SeedProperties settings;
    private volatile BoundServer bound;

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
        bound = WireServer.create()
                .port(settings.port())
                .admit((theirs, from) -> theirs.infoHash().equals(self.infoHash()) ? Mono.just(self) : Mono.empty())
                .handle(wire -> seed(wire, blocks))
                .bindNow();
        LOG.info("seeding {} as {} on port {}", torrent.name(), torrent.hashes().wire(), port());
    }

    private Mono<Void> seed(Wire wire, FileBlocks blocks) {
        return wire.announce(PieceSet.all(torrent.pieceCount()))
                .then(wire.outbound().send(new Message.Unchoke()))
                .then(wire.blocks().serve(blocks));
    }

    /** Blocks, which Spring expects: other components stop meanwhile. */
    @Override
    public void stop() {
        bound.disposeNow(PATIENCE);
    }

    @Override
    public boolean isRunning() {
        return bound != null && !bound.isDisposed();
    }
}
