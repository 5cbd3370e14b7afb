/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The peers that claim one size, and their pieces. They fill one buffer together until its hash is wrong. From then on
 * each peer fills its own buffer, a few peers at a time, so that a liar can spoil only its own.
 */
final class SizeClaim<P> {
    /** The number of peers that fill their own buffers at the same time, without those over {@link #MAX_TURN}. */
    static final int MAX_ALONE = 4;

    /** The maximum number of own buffers. At the limit, the oldest one is discarded for a new one. */
    static final int MAX_BUFFERS = 8;

    /** The time after which another peer or size gets a turn, in milliseconds. */
    static final long MAX_TURN = 60_000;

    /** The time after which an outstanding piece may be requested from a second peer, in milliseconds. */
    static final long HEDGE = 3_000;

    final int size;
    final long since;
    final Set<MetadataPeer<P>> peers = new LinkedHashSet<>();

    private PieceBuffer shared;
    private final Map<Integer, MetadataPeer<P>> givers = new HashMap<>();
    private final Map<Integer, Long> askedAt = new HashMap<>();
    private boolean poisoned;

    SizeClaim(int size, long now) {
        this.size = size;
        this.since = now;
        this.shared = new PieceBuffer(size);
    }

    int pieceCount() {
        return MetadataMessage.count(size);
    }

    /** Returns the buffer that a peer fills, or null while it waits for its turn. */
    @Nullable
    PieceBuffer bufferOf(MetadataPeer<P> peer) {
        return poisoned ? peer.alone : shared;
    }

    /** Returns the piece to request from a peer now, or -1. */
    int next(MetadataPeer<P> peer, long now) {
        PieceBuffer buffer = bufferOf(peer);
        int second = -1;
        for (int piece = 0; buffer != null && piece < pieceCount(); piece++) {
            if (buffer.has(piece) || !peer.mayAsk(piece, now)) {
                continue;
            }
            Long asked = askedAt.get(piece);
            if (poisoned || asked == null) {
                return piece;
            }
            if (second < 0 && now - asked >= HEDGE) {
                second = piece;
            }
        }
        return second;
    }

    void asked(int piece, long now) {
        askedAt.put(piece, now);
    }

    /** Lets other peers request a piece at once, because the first peer will not send it. */
    void notComing(int piece) {
        askedAt.remove(piece);
    }

    /** Stores a piece. Returns its buffer, or null if the piece is not needed. */
    @Nullable
    PieceBuffer put(MetadataPeer<P> peer, int piece, byte[] bytes) {
        PieceBuffer buffer = bufferOf(peer);
        if (buffer == null || buffer.has(piece)) {
            return null;
        }
        buffer.put(piece, bytes);
        if (!poisoned) {
            givers.put(piece, peer);
        }
        return buffer;
    }

    /** Returns true if a missing piece can be requested from the peer now or soon. */
    boolean isUseful(MetadataPeer<P> peer, long now) {
        PieceBuffer buffer = bufferOf(peer);
        for (int piece = 0; buffer != null && piece < pieceCount(); piece++) {
            if (!buffer.has(piece) && peer.isUseful(piece, now)) {
                return true;
            }
        }
        return buffer == null;
    }

    /** Returns true if no missing piece can be requested from the peer again. */
    boolean isSpent(MetadataPeer<P> peer) {
        PieceBuffer buffer = bufferOf(peer);
        for (int piece = 0; buffer != null && piece < pieceCount(); piece++) {
            if (!buffer.has(piece) && !peer.isSpent(piece)) {
                return false;
            }
        }
        return buffer != null;
    }

    /** Gives waiting peers their own buffers, up to the limits. */
    void giveTurns(long now) {
        if (!poisoned) {
            return;
        }
        long busy = peers.stream()
                .filter(peer -> peer.alone != null && now - peer.aloneSince < MAX_TURN)
                .count();
        List<MetadataPeer<P>> waiting =
                peers.stream().filter(peer -> peer.alone == null).toList();
        for (MetadataPeer<P> peer : waiting.subList(0, (int) Math.min(waiting.size(), Math.max(0, MAX_ALONE - busy)))) {
            makeRoom();
            peer.alone = new PieceBuffer(size);
            peer.aloneSince = now;
        }
    }

    /** Discards the oldest own buffer at the limit. Its peer waits after all others. */
    private void makeRoom() {
        List<MetadataPeer<P>> alone =
                peers.stream().filter(peer -> peer.alone != null).toList();
        if (alone.size() >= MAX_BUFFERS) {
            MetadataPeer<P> longest = Collections.min(alone, Comparator.comparingLong(peer -> peer.aloneSince));
            longest.alone = null;
            peers.remove(longest);
            peers.add(longest);
        }
    }

    /**
     * Discards a complete buffer with the wrong hash. A single giver is a liar. Otherwise each giver
     * continues with its own pieces.
     *
     * @return the liar, or null if there is more than one suspect
     */
    @Nullable
    MetadataPeer<P> wrong(MetadataPeer<P> last, long now) {
        if (poisoned) {
            return last;
        }
        Set<MetadataPeer<P>> suspects = new HashSet<>(givers.values());
        PieceBuffer spoiled = shared;
        shared = new PieceBuffer(size);
        askedAt.clear();
        if (suspects.size() > 1) {
            poisoned = true;
            peers.stream().filter(suspects::contains).limit(MAX_ALONE).forEach(peer -> {
                PieceBuffer own = new PieceBuffer(size);
                givers.forEach((piece, giver) -> {
                    if (giver == peer) {
                        own.take(piece, spoiled);
                    }
                });
                peer.alone = own;
                peer.aloneSince = now;
            });
        }
        givers.clear();
        return suspects.size() == 1 ? last : null;
    }
}
