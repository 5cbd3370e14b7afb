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
 * Decides which piece to ask from which peer, and whom to believe. Knows neither wires nor clocks: what happens comes
 * in with the time, in milliseconds, and requests come out. For one thread at a time.
 *
 * @param <P> what stands for a peer
 */
final class MetadataAssembler<P> {
    /** Sizes one peer may claim, one after the other. */
    static final int MAX_CLAIMS = 8;

    /** Pieces that cannot be right, by their index, length or size, that a peer may send. */
    static final int MAX_FAULTS = 3;

    /** A size that found no place among those that are followed tries again after this long. */
    static final long RETRY = 1_000;

    /** To be sent to the peer. */
    record Request<P>(P peer, int piece) {}

    private final MetadataOptions options;
    private final Predicate<byte[]> isRight;
    private final BiConsumer<? super P, MetadataIgnored> ignored;
    private final Map<P, MetadataPeer<P>> peers = new LinkedHashMap<>();
    private final Map<Integer, SizeClaim<P>> claims = new HashMap<>();
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

    // ---- what happens ----

    /** A peer has come. */
    void join(P key, long now) {
        if (peers.putIfAbsent(key, new MetadataPeer<>(key)) == null) {
            tally.peers++;
            lastProgress = now;
        }
    }

    /** A peer has gone. What it has sent stays. */
    void leave(P key) {
        MetadataPeer<P> peer = peers.remove(key);
        if (peer != null) {
            withdraw(peer);
        }
    }

    /** A peer does not speak the extension protocol, and never will. */
    void unsupported(P key) {
        MetadataPeer<P> peer = peers.get(key);
        if (peer != null && !peer.barred) {
            tally.withoutMetadata++;
            bar(peer);
        }
    }

    /** A peer says, perhaps again, what size its metadata has: 0 if it has none or does not speak of it. */
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

    /** A peer has sent data; what was not asked for is of no use. */
    void data(P key, MetadataMessage.Data data, long now) {
        MetadataPeer<P> peer = peers.get(key);
        if (peer == null || peer.barred) {
            return;
        }
        int piece = (int) data.piece();
        if (piece != data.piece() || !peer.answered(piece)) {
            return;
        }
        SizeClaim<P> claim = peer.claim;
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
     * The piece was asked for, so its index fits. Old i2psnark gives the length of the piece as the size of the whole.
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
            if (peer.claim != null) {
                peer.claim.notComing(piece);
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

    // ---- what to do ----

    /** What to ask now. To be called after everything that happened, and every second. */
    List<Request<P>> requests(long now) {
        List<Request<P>> requests = new ArrayList<>();
        long since = now - options.requestTimeout().toMillis();
        for (MetadataPeer<P> peer : peers.values()) {
            peer.expire(since);
            if (peer.silence >= MetadataPeer.MAX_ASKS * options.window()) {
                tally.silent++;
                bar(peer);
            } else if (peer.claim == null && peer.size > 0 && now >= peer.waitUntil) {
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

    /**
     * A peer that rejects everything has no metadata, for a while; one that was asked often enough is not asked again.
     */
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
                peer.waitUntil = now + MetadataPeer.PAUSE_AFTER_REJECT;
            }
        }
    }

    /** Finds a place among the sizes that are followed; the one with the fewest peers may have to go. */
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
        peer.claim = claim;
    }

    private static <P> SizeClaim<P> weakest(Collection<SizeClaim<P>> claims) {
        Comparator<SizeClaim<P>> byPeers = Comparator.comparingInt(claim -> claim.peers.size());
        return claims.stream()
                .min(byPeers.thenComparingLong(claim -> claim.since))
                .orElseThrow();
    }

    private void withdraw(MetadataPeer<P> peer) {
        if (peer.claim != null) {
            peer.claim.peers.remove(peer);
            peer.claim = null;
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

    // ---- how it stands ----

    /** Whether nothing this peer says matters any more. */
    boolean isBarred(P key) {
        MetadataPeer<P> peer = peers.get(key);
        return peer == null || peer.barred;
    }

    /** The metadata, once it has been found. */
    byte @Nullable [] result() {
        return result;
    }

    /**
     * Why there is no hope, or null while there is.
     *
     * @param moreToCome whether further peers may come
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
