/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.peerwire.Wire;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.peers.Addresses;
import org.peerwire.swarm.internal.peers.Connections;
import org.peerwire.swarm.internal.peers.HostState;
import org.peerwire.swarm.internal.pieces.Download;
import org.peerwire.swarm.internal.pieces.Lane;
import org.peerwire.swarm.internal.pieces.WireLane;
import org.peerwire.swarm.internal.rate.Rates;
import org.peerwire.swarm.internal.upload.Uploads;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The life of a swarm. Owns its thread and connects the parts: {@link Connections} has the wires, {@link Sessions} the
 * work on each of them, {@link Download} the pieces, {@link Stock} the store, {@link Uploads} what we serve.
 */
final class Engine {
    private static final long WATCH_MILLIS = 250;

    final Setup setup;
    private final SwarmOptions options;
    private final HostState host;
    final SwarmLoop loop;
    private final Random random;
    final Stage stage = new Stage();
    final Identity identity;
    final MetadataSource metadata;
    final Uploads uploads;
    final Stock stock;
    final Sessions sessions;
    final Connections connections;
    private final Discoveries discoveries;
    final Asking asking;
    final Broadcast<SwarmEvent> events;
    final Broadcast<Wire> wires;
    final Sinks.One<Torrent> torrent = Sinks.one();
    final Sinks.One<Download> ready = Sinks.one();
    private final AtomicBoolean prepared = new AtomicBoolean();
    private final AtomicBoolean started = new AtomicBoolean();
    private final Disposable.Composite tasks = Disposables.composite();
    private @Nullable Mono<Void> closing;

    /** Creates a swarm that is not started. */
    Engine(Setup setup) {
        this.setup = setup;
        this.options = setup.options;
        this.host = Objects.requireNonNull(setup.host, "host");
        this.loop = new SwarmLoop(host.clock(), this::fatal);
        Long seed = options.seed();
        this.random = seed == null ? new Random() : new Random(seed);
        this.events = new Broadcast<>(loop);
        this.wires = new Broadcast<>(loop);
        this.metadata = new MetadataSource(setup.hashes, setup.torrent, host.clock());
        this.discoveries = new Discoveries(loop, setup.discoveries, events::emit);
        this.identity = new Identity(setup, metadata, discoveries, host.clock());
        this.uploads = new Uploads(loop, options, Rates.of(options.upload(), host.upload()), random, stage::isSeed);
        this.stock = new Stock(loop, uploads, events::emit);
        this.sessions = new Sessions(setup, loop, stage, uploads, metadata, discoveries, ready.asMono(), wires);
        this.connections =
                new Connections(loop, host, options, random, setup.hashes, identity::peer, sessions::run, events::emit);
        this.asking = new Asking(
                loop,
                connections,
                () -> metadata.received() + (stage.download == null ? 0 : stage.download.received()),
                () -> stage.download == null || stage.download.isHungry(),
                options.patience());
    }

    // ---- the life ----

    /** Makes a known torrent ready, without a connection. Any thread. */
    void prepare() {
        if (prepared.compareAndSet(false, true)) {
            loop.schedule(() -> {
                if (setup.torrent != null && !isClosed()) {
                    know(setup.torrent);
                }
            });
        }
    }

    /**
     * Starts to dial and to accept, once. Any thread.
     *
     * @param swarm the swarm as its sources of addresses see it
     */
    void start(Swarm swarm) {
        prepare();
        if (started.compareAndSet(false, true)) {
            loop.schedule(() -> begin(swarm));
        }
    }

    private void begin(Swarm swarm) {
        if (isClosed()) {
            return;
        }
        try {
            connections.start();
        } catch (IllegalStateException | SwarmException e) {
            fail(e);
            return;
        }
        uploads.start();
        setup.peers.forEach(peer -> connections.add(peer, PeerSource.USER));
        discoveries.start(swarm, connections);
        if (setup.torrent == null) {
            tasks.add(metadata.torrent().publishOn(loop).subscribe(this::fetched, this::fail));
        }
        if (!options.patience().equals(Patience.UNLIMITED)) {
            tasks.add(loop.schedulePeriodically(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    private void fetched(Torrent found) {
        if (!isClosed()) {
            events.emit(new SwarmEvent.MetadataReceived(found));
            know(found);
        }
    }

    private void know(Torrent found) {
        identity.know(found);
        connections.know(found.hashes(), found.isPrivate());
        if (found.isPrivate()) {
            discoveries.forbidUntrusted();
        }
        torrent.tryEmitValue(found);
        if (!found.hasPieceHashes()) {
            ready.tryEmitError(new SwarmException(
                    SwarmException.Reason.UNSUPPORTED,
                    "version 2 torrents without SHA-1 piece hashes are not supported, was " + found));
            return;
        }
        Download begun = new Download(
                loop, found, options, Rates.of(options.download(), host.download()), random, listener(found));
        stage.download = begun;
        begun.start(setup.sources);
        ready.tryEmitValue(begun);
    }

    private Download.Listener listener(Torrent found) {
        return new Download.Listener() {
            @Override
            public void verified(int piece, boolean isStored) {
                Download download = stage.download;
                if (download != null) {
                    if (isStored) {
                        stock.add(piece);
                    }
                    int count = download.verified().cardinality();
                    events.emit(new SwarmEvent.PieceVerified(piece, count, found.pieceCount()));
                }
            }

            @Override
            public void failed(int piece, Set<Lane> senders) {
                events.emit(new SwarmEvent.PieceFailed(
                        piece,
                        senders.stream()
                                .filter(WireLane.class::isInstance)
                                .map(lane -> Addresses.of(((WireLane) lane).wire()))
                                .toList()));
            }

            @Override
            public void lied(Lane lane, String proof) {
                if (lane instanceof WireLane peer) {
                    sessions.prove(peer.wire().remote().peerId(), proof);
                    connections.ban(peer.wire(), proof);
                }
            }

            @Override
            public void happened(SwarmEvent event) {
                events.emit(event);
            }
        };
    }

    private void watch() {
        SwarmException failure = asking.check(stage.download);
        if (failure != null) {
            fail(failure);
        }
    }

    private void fail(Throwable error) {
        end(error);
        close(Duration.ZERO).subscribe(null, ignored -> {});
    }

    private void fatal(Throwable error) {
        String advice = error instanceof OutOfMemoryError
                ? "; allow more memory (-Xmx, -XX:MaxDirectMemorySize), or lower piecesInFlight"
                : "";
        fail(new SwarmException(
                SwarmException.Reason.FATAL, "the JVM failed in a task of the swarm: " + error + advice, error));
    }

    /** Returns the port that peers are told to dial, or 0. Any thread. */
    int port() {
        return host.port();
    }

    boolean isClosed() {
        return tasks.isDisposed();
    }

    /** Ends all publishers. Call it on the thread of the swarm. */
    private void end(Throwable reason) {
        if (isClosed()) {
            return;
        }
        tasks.dispose();
        discoveries.stop();
        uploads.stop();
        torrent.tryEmitError(reason);
        ready.tryEmitError(reason);
        stock.fail(reason);
        if (stage.download != null) {
            stage.download.close(reason);
        }
        events.complete();
        wires.complete();
    }

    /** Closes the swarm, as {@link Swarm#close(Duration)}. */
    Mono<Void> close(Duration deadline) {
        return Mono.defer(() -> {
                    if (closing == null) {
                        end(new SwarmException(SwarmException.Reason.CLOSED, "the swarm is closed"));
                        closing = connections
                                .close(deadline)
                                .onErrorComplete()
                                .then(stock.close()) // the wires read from the store
                                .doFinally(signal -> loop.dispose())
                                .cache();
                    }
                    return closing;
                })
                .subscribeOn(loop);
    }
}
