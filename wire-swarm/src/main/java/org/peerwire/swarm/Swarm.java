/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.metadata.MagnetLink;
import org.peerwire.metadata.Torrent;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The wires of one torrent, and verified pieces out of them. Dials and accepts peers, merges what others tell, chooses
 * pieces, verifies, bans liars, and serves others in turn.
 *
 * <pre>{@code
 * Swarm swarm = Swarm.of(torrent).peers(address).connect();
 * swarm.pieces()
 *      .concatMap(piece -> bucket.put(piece.index(), piece.data()), 1)
 *      .then()
 *      .doFinally(end -> swarm.dispose());
 * }</pre>
 *
 * <p>Nothing happens before the first subscription to one of its publishers. From then on the swarm keeps its wires
 * until {@link #close()} or {@link #dispose()}, also when nobody wants pieces. Thread-safe. Publishers signal on the
 * thread of the swarm, where a subscriber must not block.
 */
public interface Swarm extends Disposable {

    /** Returns a builder of a swarm for a known torrent. */
    static SwarmBuilder of(Torrent torrent) {
        return new SwarmBuilder(torrent);
    }

    /** Returns a builder of a swarm for a magnet link. The metadata is fetched first; the peers of the link are dialled. */
    static SwarmBuilder of(MagnetLink link) {
        return new SwarmBuilder(link);
    }

    /** Returns a builder of a swarm for info hashes. The metadata is fetched first. */
    static SwarmBuilder of(InfoHashes hashes) {
        return new SwarmBuilder(hashes);
    }

    /** Returns the info hashes: both of a hybrid torrent once its metadata is known. */
    InfoHashes hashes();

    /** Returns our peer id. */
    PeerId peerId();

    /** Returns the port that peers are told to dial, or 0 if the host has none. */
    int port();

    /**
     * Returns the events from the subscription on. A subscriber that is slower than the events loses the oldest beyond
     * 1,024. Completes when the swarm is closed.
     */
    Flux<SwarmEvent> events();

    /**
     * Returns the open wires, then each new one. A subscriber that is slower loses the oldest beyond 1,024. To see each
     * message of a wire use {@link SwarmBuilder#handle}. Completes when the swarm is closed.
     */
    Flux<Wire> wires();

    /** Returns a snapshot of the swarm. Does not start it. */
    Mono<SwarmStats> stats();

    /** Returns the torrent: at once if it is known, or when the metadata has been fetched and verified. */
    Mono<Torrent> torrent();

    /** Returns all pieces, {@linkplain PieceOrder#rarestFirst() rarest first}. */
    Flux<Piece> pieces();

    /**
     * Returns the pieces of an order, verified, each once. Pieces that the store has are read from it; others are
     * downloaded, and written to the store before they are emitted.
     *
     * <p>At most {@link SwarmOptions#piecesInFlight()} pieces are in memory. Without demand nothing is requested: what
     * has arrived stays in memory, and what is on its way in the sockets. Several subscriptions share the wires and the
     * memory.
     *
     * @return the pieces on the thread of the swarm; completes after the last. Fails with {@link SwarmException} or
     *     {@link StoreException}. A cancellation withdraws what nobody else wants
     */
    Flux<Piece> pieces(PieceOrder order);

    /** Downloads all pieces to a store, {@linkplain PieceOrder#rarestFirst() rarest first}. */
    Mono<Void> download(PieceStore store);

    /**
     * Opens the store, and downloads the pieces of an order that it lacks. Meanwhile serves the pieces that it has. The
     * store stays open until the swarm is closed.
     *
     * @return completes when all wanted pieces are in the store. Fails with {@link SwarmException},
     *     {@link StoreException}, or {@link IllegalStateException} if the swarm has another store
     */
    Mono<Void> download(PieceStore store, PieceOrder order);

    /**
     * Opens the store and serves it until cancelled, or until the swarm is closed.
     *
     * @return never completes by itself. Fails with {@link StoreException}, or with {@link SwarmException} INCOMPLETE
     *     if the store lacks pieces
     */
    Mono<Void> seed(PieceStore store);

    /** Adds an address of the user. */
    void add(InetSocketAddress peer);

    /** Closes the wire to a peer, if there is one, and refuses the peer from now on. */
    void ban(PeerId peer, String reason);

    /** Closes the swarm as {@link #close(Duration)} within a second. */
    default Mono<Void> close() {
        return close(Duration.ofSeconds(1));
    }

    /**
     * Stops dialling and accepting, ends all publishers, closes the wires in order, then the store.
     *
     * @param deadline the time after which wires that are still open are cut
     * @return completes when all wires and the store are closed; the close happens on subscription, once. Fails with
     *     {@link StoreException} if the store cannot be closed, or not within 10 s after the wires
     */
    Mono<Void> close(Duration deadline);

    /** Closes the swarm without waiting. */
    @Override
    void dispose();
}
