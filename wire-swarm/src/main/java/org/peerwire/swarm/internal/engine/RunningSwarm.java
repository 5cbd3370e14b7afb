/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Piece;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.PieceStore;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmStats;
import org.peerwire.swarm.internal.pieces.Download;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The face of a swarm: the publishers of the API over an {@link Engine}. */
public final class RunningSwarm implements Swarm {
    private final Engine engine;

    /** Creates a swarm that is not started. */
    public RunningSwarm(Setup setup) {
        this.engine = new Engine(setup);
    }

    // ---- the life ----

    private void start() {
        engine.start(this);
    }

    @Override
    public Mono<Void> close(Duration deadline) {
        return engine.close(deadline);
    }

    @Override
    public void dispose() {
        close(Duration.ZERO).subscribe(null, error -> {});
    }

    @Override
    public boolean isDisposed() {
        return engine.isClosed();
    }

    // ---- pieces ----

    @Override
    public Mono<Torrent> torrent() {
        return Mono.defer(() -> {
            start();
            return engine.asking.during(engine.torrent.asMono().flux()).next();
        });
    }

    private Mono<Download> download() {
        return engine.asking.during(engine.ready.asMono().flux()).next();
    }

    @Override
    public Flux<Piece> pieces() {
        return pieces(PieceOrder.rarestFirst());
    }

    @Override
    public Flux<Piece> pieces(PieceOrder order) {
        return Flux.defer(() -> {
            start();
            PieceStore store = engine.setup.store;
            return download().flatMapMany(download -> {
                Flux<Piece> pieces = engine.asking.during(download.pieces(order, false));
                return store == null ? pieces : opened(store, order, download).thenMany(pieces);
            });
        });
    }

    private Mono<PieceSet> opened(PieceStore store, PieceOrder order, Download download) {
        return Mono.defer(() -> {
            BitSet wanted = order.wanted(download.torrent());
            return engine.stock.open(store, download.torrent(), wanted, download);
        });
    }

    @Override
    public Mono<Void> download(PieceStore store) {
        return download(store, PieceOrder.rarestFirst());
    }

    @Override
    public Mono<Void> download(PieceStore store, PieceOrder order) {
        return Mono.defer(() -> {
            start();
            return download().flatMap(download -> opened(store, order, download)
                    .thenMany(engine.asking.during(download.pieces(order, true)))
                    .doOnNext(Piece::release) // it is in the store
                    .map(Piece::index) // then() would discard a piece, and a hook release it once more
                    .then());
        });
    }

    @Override
    public Mono<Void> seed(PieceStore store) {
        return Mono.defer(() -> {
            if (engine.setup.torrent == null) {
                start(); // the metadata comes from the peers
            } else {
                engine.prepare();
            }
            return engine.ready.asMono().flatMap(download -> opened(store, PieceOrder.rarestFirst(), download)
                    .flatMap(have -> complete(download.torrent(), have))
                    .then(Mono.<Void>defer(() -> {
                        start();
                        return download.closed();
                    })));
        });
    }

    private static Mono<Void> complete(Torrent known, PieceSet have) {
        int missing = known.pieceCount() - have.cardinality();
        return missing == 0
                ? Mono.empty()
                : Mono.error(new SwarmException(
                        SwarmException.Reason.INCOMPLETE,
                        missing + " of " + known.pieceCount() + " pieces are missing or wrong"));
    }

    // ---- peers and facts ----

    @Override
    public InfoHashes hashes() {
        return engine.identity.hashes();
    }

    @Override
    public PeerId peerId() {
        return engine.identity.peerId();
    }

    @Override
    public int port() {
        return engine.port();
    }

    @Override
    public Flux<SwarmEvent> events() {
        return engine.events.flux(List::of, this::start);
    }

    @Override
    public Flux<Wire> wires() {
        return engine.wires.flux(engine.sessions::open, this::start);
    }

    @Override
    public void add(InetSocketAddress peer) {
        engine.loop.schedule(() -> {
            if (!engine.isClosed()) {
                engine.connections.add(peer, PeerSource.USER);
            }
        });
    }

    @Override
    public void ban(PeerId peer, String reason) {
        engine.loop.schedule(() -> engine.connections.ban(peer, reason));
    }

    @Override
    public Mono<SwarmStats> stats() {
        return Mono.fromCallable(() -> {
                    Download download = engine.stage.download;
                    return new SwarmStats(
                            download == null ? 0 : download.verified().cardinality(),
                            download == null ? 0 : download.torrent().pieceCount(),
                            download == null ? 0 : download.verifiedBytes(),
                            download == null ? 0 : download.torrent().length(),
                            download == null ? 0 : download.held(),
                            download == null ? 0 : download.received(),
                            download == null ? 0 : download.wasted(),
                            engine.uploads.sent(),
                            engine.metadata.received(),
                            engine.connections.size(),
                            engine.connections.dialling(),
                            engine.connections.known(),
                            engine.connections.banned(),
                            engine.sessions.facts(),
                            download == null ? List.of() : download.sources());
                })
                .subscribeOn(engine.loop);
    }
}
