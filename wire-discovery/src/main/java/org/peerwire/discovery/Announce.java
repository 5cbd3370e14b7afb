/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import reactor.core.publisher.Mono;

/**
 * The facts about us that a tracker receives. Immutable.
 *
 * @param infoHash the torrent
 * @param peerId our peer id
 * @param port the port at which we accept peers, or 0 if there is none. Trackers refuse 0, so they are told port 1
 * @param key a number by which a tracker knows us again when our address changes (BEP 3, 7, 15)
 * @param numWant the number of peers that we ask for, 0 to 2,000
 * @param progress gives the state of the download for each announce. If it fails, is empty or takes longer than a
 *     second, the last state is told again
 * @param completed completes when the download that was incomplete is complete; never for a seed. An error counts as
 *     never
 */
public record Announce(
        InfoHash infoHash,
        PeerId peerId,
        int port,
        int key,
        int numWant,
        Mono<Progress> progress,
        Mono<Void> completed) {

    /** The bytes left that are told while the length of the torrent is unknown: one block, so that we are no seed. */
    public static final long UNKNOWN_LEFT = 16_384;

    private static final int NUM_WANT = 100;

    /** Checks the ranges. */
    public Announce {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        if (numWant < 0 || numWant > 2_000) {
            throw new IllegalArgumentException("numWant must be 0 to 2000, was " + numWant);
        }
    }

    /**
     * Returns an announce with a random key, which asks for 100 peers, and tells that nothing was exchanged and the
     * length of the torrent is unknown.
     */
    public static Announce of(InfoHash infoHash, PeerId peerId, int port) {
        return new Announce(
                infoHash,
                peerId,
                port,
                ThreadLocalRandom.current().nextInt(),
                NUM_WANT,
                Mono.just(new Progress(0, 0, UNKNOWN_LEFT)),
                Mono.never());
    }

    /**
     * Returns the announces of a swarm, one for each of its info hashes as they are known now. That of version 2 is
     * truncated (BEP 52).
     */
    public static List<Announce> of(Swarm swarm) {
        return swarm.hashes().handshakes().stream().map(hash -> of(swarm, hash)).toList();
    }

    static Announce of(Swarm swarm, InfoHash hash) {
        Mono<Progress> progress = swarm.stats()
                .map(stats -> new Progress(
                        stats.sent(),
                        stats.received(),
                        stats.totalBytes() == 0 ? UNKNOWN_LEFT : Math.max(0, stats.totalBytes() - stats.bytes())));
        Mono<Void> completed = swarm.events()
                .ofType(SwarmEvent.PieceVerified.class)
                .filter(piece -> piece.pieces() == piece.total())
                .next()
                .switchIfEmpty(Mono.never())
                .then();
        return of(hash, swarm.peerId(), swarm.port()).withProgress(progress).withCompleted(completed);
    }

    /** Returns this announce with another {@link #key()}. */
    public Announce withKey(int newKey) {
        return new Announce(infoHash, peerId, port, newKey, numWant, progress, completed);
    }

    /** Returns this announce with another {@link #numWant()}. */
    public Announce withNumWant(int peers) {
        return new Announce(infoHash, peerId, port, key, peers, progress, completed);
    }

    /** Returns this announce with another {@link #progress()}. */
    public Announce withProgress(Mono<Progress> state) {
        return new Announce(infoHash, peerId, port, key, numWant, state, completed);
    }

    /** Returns this announce with another {@link #completed()}. */
    public Announce withCompleted(Mono<Void> end) {
        return new Announce(infoHash, peerId, port, key, numWant, progress, end);
    }
}
