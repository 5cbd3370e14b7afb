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
 * The peers that claim one size and the pieces they have sent. They fill one buffer together until that has turned out
 * wrong; from then on each fills its own, a few at a time, so that a liar can spoil only its own.
 */
final class SizeClaim<P> {
    /**
     * Peers that fill their own buffers at the same time, not counting those that take longer than {@link #MAX_TURN}.
     */
    static final int MAX_ALONE = 4;

    /** Buffers of their own that peers may have at all; then the oldest of those that take longer goes. */
    static final int MAX_BUFFERS = 8;

    /** After this long somebody else has to have a chance, in milliseconds. */
    static final long MAX_TURN = 60_000;

    /** After this long a piece that one peer owes may be asked for from another one, too. */
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

    /** The buffer this peer helps to fill, or null while it has to wait for its turn. */
    @Nullable
    PieceBuffer bufferOf(MetadataPeer<P> peer) {
        return poisoned ? peer.alone : shared;
    }

    /** The piece to ask this peer for now, or -1. */
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

    /** The piece will not come from the peer it was asked from: others need not wait. */
    void notComing(int piece) {
        askedAt.remove(piece);
    }

    /** Keeps a piece; the buffer it went to, or null if it is of no use. */
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

    /** Whether the peer still lacks a piece it could be asked for before long. */
    boolean isUseful(MetadataPeer<P> peer, long now) {
        PieceBuffer buffer = bufferOf(peer);
        for (int piece = 0; buffer != null && piece < pieceCount(); piece++) {
            if (!buffer.has(piece) && peer.isUseful(piece, now)) {
                return true;
            }
        }
        return buffer == null;
    }

    /** Whether no missing piece will ever be asked from the peer again. */
    boolean isSpent(MetadataPeer<P> peer) {
        PieceBuffer buffer = bufferOf(peer);
        for (int piece = 0; buffer != null && piece < pieceCount(); piece++) {
            if (!buffer.has(piece) && !peer.isSpent(piece)) {
                return false;
            }
        }
        return buffer != null;
    }

    /** Lets peers begin their own buffers, as far as there is room. */
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

    /** Who has held a buffer for longest begins again behind all others. */
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
     * The buffer that was just filled is wrong. A peer that filled it by itself is the liar; otherwise the givers go on
     * alone, each with what it has sent.
     *
     * @return the liar, or null if it is one of several
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
