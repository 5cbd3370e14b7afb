/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.time.Duration;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.PieceStore;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.StoreException;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.pieces.Download;
import org.peerwire.swarm.internal.upload.Uploads;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The one store of a swarm, and what it serves. Confined to the thread of the swarm. */
final class Stock {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final SwarmLoop loop;
    private final Uploads uploads;
    private final Consumer<SwarmEvent> events;
    private final Sinks.Empty<PieceSet> end = Sinks.empty();
    private @Nullable PieceStore store;
    private @Nullable Mono<PieceSet> opening;
    private boolean closed;

    Stock(SwarmLoop loop, Uploads uploads, Consumer<SwarmEvent> events) {
        this.loop = loop;
        this.uploads = uploads;
        this.events = events;
    }

    /**
     * Opens a store, once. Any thread may subscribe.
     *
     * @return the pieces that it has, on the thread of the swarm. Fails with {@link IllegalStateException} if there is
     *     another store
     */
    Mono<PieceSet> open(PieceStore other, Torrent torrent, BitSet wanted, Download download) {
        return Mono.defer(() -> {
                    PieceStore present = store;
                    Mono<PieceSet> begun = opening;
                    if (present == null || begun == null) {
                        store = other;
                        begun = other.open(torrent, PieceSet.of(torrent.pieceCount(), wanted))
                                .publishOn(loop)
                                .doOnNext(have -> opened(other, have, torrent, download))
                                .doOnError(failure -> store = null) // another try is allowed
                                .cache();
                        opening = begun;
                    } else if (present != other) {
                        return Mono.error(
                                new IllegalStateException("store must be the one that is in use: " + present));
                    }
                    return Mono.firstWithSignal(begun, end.asMono());
                })
                .subscribeOn(loop);
    }

    /** Fails everybody who waits for the store to open. */
    void fail(Throwable reason) {
        end.tryEmitError(reason);
    }

    private void opened(PieceStore from, PieceSet have, Torrent torrent, Download download) {
        if (!closed) {
            download.store(from, have);
            uploads.offer(PieceSet.of(torrent.pieceCount(), download.stored()), from);
            events.accept(new SwarmEvent.StoreOpened(have.cardinality(), torrent.pieceCount()));
        }
    }

    /** Serves one more piece, which is in the store now. */
    void add(int piece) {
        PieceStore from = store;
        if (from != null) {
            uploads.offer(uploads.have().with(piece), from);
        }
    }

    /** Closes the store, if there is one. Fails if that takes too long: a swarm must not hang in it. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return store == null ? Mono.empty() : store.close().timeout(CLOSE_LIMIT, Mono.error(Stock::late), loop);
        });
    }

    private static StoreException late() {
        return new StoreException(
                StoreException.Reason.IO, "the store was not closed within " + Reasons.text(CLOSE_LIMIT), null, null);
    }
}
