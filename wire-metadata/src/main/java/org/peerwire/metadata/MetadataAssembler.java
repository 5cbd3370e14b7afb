/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.metadata.MetadataException.Reason;

/**
 * The decisions of a fetch: the next requests to each peer, and the peers that lie. Has no wire and no clock: events
 * come in with the time in milliseconds, requests come out. For one thread at a time.
 *
 * @param <P> the key of a peer
 */
final class MetadataAssembler<P> {
    /** The maximum number of sizes that one peer may claim in turn. */
    static final int MAX_CLAIMS = 8;

    /** The number of impossible pieces that excludes a peer. */
    static final int MAX_FAULTS = 3;

    /** The time after which a size that found no place tries again. */
    static final long RETRY = 1_000;

    /** A request to send to a peer. */
    record Request<P>(P peer, int piece) {}

    private final MetadataOptions options;
    private final Predicate<byte[]> isRight;
    private final BiConsumer<? super P, MetadataIgnored> ignored;
    private final Map<P, MetadataPeer<P>> peers = new LinkedHashMap<>();
    private final Map<Integer, SizeClaim<P>> claims = new HashMap<>();

    /** The claims that peers work for. */
    private final Map<MetadataPeer<P>, SizeClaim<P>> places = new HashMap<>();

    private final MetadataTally tally = new MetadataTally();
    private byte @Nullable [] result;
    private long lastProgress;

    MetadataAssembler(
            MetadataOptions options,
            Predicate<byte[]> isRight,
            BiConsumer<? super P, MetadataIgnored> ignored,
            long now) {
        this.options = options;
        this.isRight = isRight;
        this.ignored = ignored;
        this.lastProgress = now;
    }

    // ---- events ----

    /** Adds a peer. */
    void join(P key, long now) {
        if (peers.putIfAbsent(key, new MetadataPeer<>(key)) == null) {
            tally.peers++;
            lastProgress = now;
        }
    }

    /** Removes a peer. Its pieces stay. */
    void leave(P key) {
        MetadataPeer<P> peer = peers.remove(key);
        if (peer != null) {
            withdraw(peer);
        }
    }

    /** Excludes a peer that does not support the extension protocol. */
    void unsupported(P key) {
        MetadataPeer<P> peer = peers.get(key);
        if (peer != null && !peer.barred) {
            tally.withoutMetadata++;
            bar(peer);
        }
    }

    /** Records the size that a peer claims, possibly again: 0 without metadata or without the extension. */
    void claim(P key, long size, long now) {
        MetadataPeer<P> peer = peers.get(key);
        if (peer == null || peer.barred) {
            return;
        }
        if (size == 0 && !peer.denied) {
            peer.denied = true;
            tally.withoutMetadata++;
        }
        if (size == peer.size) {
            return;
        }
        withdraw(peer);
        peer.forget();
        peer.size = 0;
        if (size > options.maxSize()) {
            ignored.accept(key, MetadataIgnored.TOO_LARGE);
            tally.tooLarge++;
            bar(peer);
        } else if (size > 0 && ++peer.claims > MAX_CLAIMS) {
            ignored.accept(key, MetadataIgnored.CHANGED_SIZE);
            tally.wrong++;
            bar(peer);
        } else if (size > 0) {
            tally.claims++;
            peer.size = (int) size;
            peer.waitUntil = now;
        }
    }

    /** Records the id that the peer gives the extension. Requests with an earlier id will not be answered. */
    void number(P key, int id, long now) {
        MetadataPeer<P> peer = peers.get(key);
        if (peer == null || peer.barred || peer.id == id) {
            return;
        }
        peer.id = id;
        SizeClaim<P> claim = places.get(peer);
        if (claim != null) {
            peer.awaited().forEach(claim::notComing);
        }
        peer.lose(now);
    }

    /** Receives data from a peer. Discards unrequested data. */
    void data(P key, MetadataMessage.Data data, long now) {
        MetadataPeer<P> peer = peers.get(key);
        if (peer == null || peer.barred) {
            return;
        }
        int piece = (int) data.piece();
        if (piece != data.piece() || !peer.answered(piece)) {
            return;
        }
        SizeClaim<P> claim = places.get(peer);
        if (!isPossible(peer.size, piece, data)) {
            ignored.accept(key, MetadataIgnored.WRONG_PIECE);
            if (claim != null) {
                claim.notComing(piece);
            }
            if (++peer.faults == MAX_FAULTS) {
                tally.wrong++;
                bar(peer);
            }
            return;
        }
        if (data.totalSize() != peer.size) {
            ignored.accept(key, MetadataIgnored.WRONG_TOTAL_SIZE);
        }
        if (claim != null) {
            PieceBuffer buffer = claim.put(peer, piece, data.bytes());
            if (buffer != null) {
                lastProgress = now;
                check(peer, claim, buffer, now);
            }
        }
    }

    /**
     * Returns true if length and total size are possible. The index is that of a request. Old i2psnark
     * sends the length of the piece as the total size.
     */
    private static boolean isPossible(int size, int piece, MetadataMessage.Data data) {
        int length = data.bytes().length;
        boolean isLast = piece == MetadataMessage.count(size) - 1;
        return length == MetadataMessage.length(size, piece)
                && (data.totalSize() == size || (!isLast && data.totalSize() == length));
    }

    void reject(P key, long index, long now) {
        MetadataPeer<P> peer = peers.get(key);
        int piece = (int) index;
        if (peer != null && piece == index && peer.answered(piece)) {
            peer.rejected(piece, now);
            SizeClaim<P> claim = places.get(peer);
            if (claim != null) {
                claim.notComing(piece);
            }
        }
    }

    private void check(MetadataPeer<P> peer, SizeClaim<P> claim, PieceBuffer buffer, long now) {
        if (!buffer.isComplete()) {
            return;
        }
        byte[] whole = buffer.join();
        if (isRight.test(whole)) {
            result = whole;
            return;
        }
        ignored.accept(peer.key, MetadataIgnored.WRONG_METADATA);
        tally.attempts++;
        MetadataPeer<P> liar = claim.wrong(peer, now);
        if (liar != null) {
            tally.wrong++;
            bar(liar);
        }
    }

    // ---- requests ----

    /** Returns the requests to send now. Call it after each event, and every second. */
    List<Request<P>> requests(long now) {
        List<Request<P>> requests = new ArrayList<>();
        long since = now - options.requestTimeout().toMillis();
        for (MetadataPeer<P> peer : peers.values()) {
            peer.expire(since);
            if (peer.silence >= MetadataPeer.MAX_ASKS * options.window()) {
                tally.silent++;
                bar(peer);
            } else if (!places.containsKey(peer) && peer.size > 0 && now >= peer.waitUntil) {
                place(peer, now);
            }
        }
        for (SizeClaim<P> claim : claims.values()) {
            dropUseless(claim, now);
            claim.giveTurns(now);
            for (MetadataPeer<P> peer : claim.peers) {
                ask(claim, peer, now, requests);
            }
        }
        return requests;
    }

    private void ask(SizeClaim<P> claim, MetadataPeer<P> peer, long now, List<Request<P>> requests) {
        while (peer.outstanding < options.window()) {
            int piece = claim.next(peer, now);
            if (piece < 0) {
                return;
            }
            peer.asked(piece, now);
            claim.asked(piece, now);
            requests.add(new Request<>(peer.key, piece));
        }
    }

    /** Pauses a peer that rejects every piece. Excludes one that has received all its requests. */
    private void dropUseless(SizeClaim<P> claim, long now) {
        for (MetadataPeer<P> peer : List.copyOf(claim.peers)) {
            if (peer.outstanding > 0 || claim.isUseful(peer, now)) {
                continue;
            }
            if (claim.isSpent(peer)) {
                tally.silent++;
                bar(peer);
            } else {
                withdraw(peer);
                peer.waitUntil = now + MetadataPeer.LONG_PAUSE;
            }
        }
    }

    /** Places a peer in the claim of its size. A new claim may replace the one with the fewest peers. */
    private void place(MetadataPeer<P> peer, long now) {
        SizeClaim<P> claim = claims.get(peer.size);
        if (claim == null && claims.size() < options.maxSizes()) {
            claim = new SizeClaim<>(peer.size, now);
        } else if (claim == null) {
            SizeClaim<P> weakest = weakest(claims.values());
            long support = peers.values().stream()
                    .filter(other -> other.size == peer.size && !other.barred)
                    .count();
            boolean outvoted = weakest.peers.size() < support;
            boolean hadItsTurn = weakest.peers.size() == support && now - weakest.since >= SizeClaim.MAX_TURN;
            if (!outvoted && !hadItsTurn) {
                peer.waitUntil = now + RETRY;
                return;
            }
            List.copyOf(weakest.peers).forEach(this::withdraw);
            claims.remove(weakest.size);
            claim = new SizeClaim<>(peer.size, now);
        }
        claims.put(claim.size, claim);
        claim.peers.add(peer);
        places.put(peer, claim);
    }

    private static <P> SizeClaim<P> weakest(Collection<SizeClaim<P>> claims) {
        Comparator<SizeClaim<P>> byPeers = Comparator.comparingInt(claim -> claim.peers.size());
        return claims.stream()
                .min(byPeers.thenComparingLong(claim -> claim.since))
                .orElseThrow();
    }

    private void withdraw(MetadataPeer<P> peer) {
        SizeClaim<P> claim = places.remove(peer);
        if (claim != null) {
            claim.peers.remove(peer);
            peer.awaited().forEach(claim::notComing);
        }
        peer.alone = null;
    }

    private void bar(MetadataPeer<P> peer) {
        withdraw(peer);
        peer.forget();
        peer.silence = 0;
        peer.barred = true;
        peer.size = 0;
    }

    // ---- state ----

    /** Returns true if the messages of this peer have no effect any more. */
    boolean isBarred(P key) {
        MetadataPeer<P> peer = peers.get(key);
        return peer == null || peer.barred;
    }

    /** Returns the verified metadata, or null before it is complete. */
    byte @Nullable [] result() {
        return result;
    }

    /**
     * Returns the reason of a failure, or null while the fetch may still succeed.
     *
     * @param moreToCome true if further peers can join
     */
    @Nullable
    Reason failure(boolean moreToCome, long now) {
        if (tally.attempts >= options.maxAttempts()) {
            return Reason.INVALID;
        }
        if (!moreToCome && peers.values().stream().allMatch(peer -> peer.barred)) {
            return tally.reason(Reason.NO_PEERS);
        }
        return now - lastProgress >= options.idleTimeout().toMillis() ? tally.reason(Reason.TIMED_OUT) : null;
    }

    MetadataTally tally() {
        return tally;
    }
}
