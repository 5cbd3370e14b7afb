/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;

/**
 * The choice of the next block for each peer. Has no wires, no disk and no threads. Not thread-safe.
 *
 * <p>A peer continues the piece it has begun, so that a bad piece mostly has one author. Without such a piece it takes
 * over a piece without an owner, then begins the rarest one, then helps another peer. At the end of the download it
 * asks for blocks that another peer has not sent yet.
 *
 * @param <P> the identity of a peer
 */
final class PiecePicker<P> {
    private static final int ENDGAME_REQUESTS = 4;

    private final TorrentShape shape;
    private final Random random;
    private final BitSet missing = new BitSet();
    private final int[] availability;
    private final Map<P, PieceSource> sources = new HashMap<>();
    private final Map<Integer, BegunPiece<P>> begun = new LinkedHashMap<>();
    private final BitSet solo = new BitSet();

    PiecePicker(TorrentShape shape, BitSet have, Random random) {
        this.shape = shape;
        this.random = random;
        this.availability = new int[shape.pieceCount()];
        missing.set(0, shape.pieceCount());
        missing.andNot(have);
    }

    /** Replaces the set of pieces that a peer has. The first call adds the peer. */
    void offers(P peer, PieceSet pieces) {
        PieceSource source = sources.computeIfAbsent(peer, p -> new PieceSource());
        source.pieces.stream().forEach(piece -> availability[piece]--);
        source.pieces.clear();
        pieces.stream().limit(shape.pieceCount()).forEach(source.pieces::set);
        source.pieces.stream().forEach(piece -> availability[piece]++);
    }

    /** Adds one piece to the set of a known peer. */
    void offers(P peer, int piece) {
        PieceSource source = sources.get(peer);
        if (source != null && piece < shape.pieceCount() && !source.pieces.get(piece)) {
            source.pieces.set(piece);
            availability[piece]++;
        }
    }

    /** Removes a peer and frees the blocks it was asked for. */
    void leave(P peer) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            stall(peer);
            source.writing.forEach(this::fetchAgain);
            source.pieces.stream().forEach(piece -> availability[piece]--);
            sources.remove(peer);
        }
    }

    /** Returns whether the peer has a piece that we miss. */
    boolean wants(P peer) {
        PieceSource source = sources.get(peer);
        return source != null && source.pieces.intersects(missing);
    }

    /** Returns the next block to ask this peer for, or null if no block is available now. */
    @Nullable
    BlockRequest next(P peer) {
        PieceSource source = sources.get(peer);
        if (source == null) {
            return null;
        }
        BegunPiece<P> best = null;
        int bestRank = 3;
        for (BegunPiece<P> progress : begun.values()) {
            if (!progress.free.isEmpty() && source.offers(progress.piece) && mayHelp(peer, progress)) {
                int rank = peer.equals(progress.owner) ? 0 : progress.owner == null ? 1 : 2;
                if (rank < bestRank) {
                    best = progress;
                    bestRank = rank;
                }
            }
        }
        if (bestRank > 1) {
            int rarest = rarest(source);
            if (rarest >= 0) {
                best = new BegunPiece<>(rarest, shape.pieceLength(rarest));
                begun.put(rarest, best);
            }
        }
        if (best == null) {
            return endgame(peer, source);
        }
        if (best.owner == null) {
            best.owner = peer;
        }
        BlockRequest block = best.free.iterator().next();
        best.free.remove(block);
        ask(peer, source, best, block);
        return block;
    }

    private boolean mayHelp(P peer, BegunPiece<P> progress) {
        return !solo.get(progress.piece) || progress.mayBelongTo(peer);
    }

    /** Returns the number of blocks this peer was asked for and has not sent. */
    int asked(P peer) {
        PieceSource source = sources.get(peer);
        return source == null ? 0 : source.asked.size();
    }

    /** Returns the number of requested or received blocks that are not on disk: the most that memory may hold. */
    int underWay() {
        return sources.values().stream()
                .mapToInt(source -> source.asked.size() + source.writing.size())
                .sum();
    }

    private int rarest(PieceSource source) {
        int rarest = -1;
        int ties = 0;
        for (int piece = missing.nextSetBit(0); piece >= 0; piece = missing.nextSetBit(piece + 1)) {
            if (!source.offers(piece) || begun.containsKey(piece)) {
                continue;
            }
            if (rarest < 0 || availability[piece] < availability[rarest]) {
                rarest = piece;
                ties = 1;
            } else if (availability[piece] == availability[rarest] && random.nextInt(++ties) == 0) {
                rarest = piece;
            }
        }
        return rarest;
    }

    /** Returns the block that the fewest others are asked for, for a peer with few requests when no block is free. */
    private @Nullable BlockRequest endgame(P peer, PieceSource source) {
        if (source.asked.size() >= ENDGAME_REQUESTS) {
            return null;
        }
        BegunPiece<P> chosen = null;
        BlockRequest block = null;
        int fewest = Integer.MAX_VALUE;
        int ties = 0;
        for (BegunPiece<P> progress : begun.values()) {
            if (!source.offers(progress.piece) || !mayHelp(peer, progress)) {
                continue;
            }
            for (Map.Entry<BlockRequest, Set<P>> entry : progress.askedOf.entrySet()) {
                int copies = entry.getValue().size();
                if (copies > fewest || entry.getValue().contains(peer)) {
                    continue;
                }
                ties = copies < fewest ? 1 : ties + 1;
                fewest = copies;
                if (random.nextInt(ties) == 0) {
                    chosen = progress;
                    block = entry.getKey();
                }
            }
        }
        if (chosen != null && block != null) {
            ask(peer, source, chosen, block);
        }
        return block;
    }

    private void ask(P peer, PieceSource source, BegunPiece<P> progress, BlockRequest block) {
        source.asked.add(block);
        progress.askedOf.computeIfAbsent(block, b -> new HashSet<>()).add(peer);
    }

    /**
     * Accepts or refuses a received block. The caller writes an accepted block to the disk. A second copy is refused,
     * so no peer can overwrite a verified piece.
     *
     * @return the other peers with a request for the block, which the caller can cancel; null if the block is refused
     */
    @Nullable
    Set<P> accept(P peer, BlockRequest block) {
        settle(peer, block);
        PieceSource source = sources.get(peer);
        BegunPiece<P> progress = begun.get(block.piece());
        if (source == null || progress == null) {
            return null;
        }
        Set<P> asked = progress.askedOf.remove(block);
        if (!progress.free.remove(block) && asked == null) {
            return null;
        }
        progress.writing.add(block);
        progress.authors.add(peer);
        source.writing.add(block);
        Set<P> others = asked == null ? new HashSet<>() : asked;
        others.remove(peer);
        others.forEach(other -> settle(other, block));
        return others;
    }

    /** Notes that an accepted block is on disk. Returns true if the piece is complete and must be verified. */
    boolean written(P peer, BlockRequest block) {
        PieceSource source = sources.get(peer);
        BegunPiece<P> progress = begun.get(block.piece());
        if (source == null || !source.writing.remove(block) || progress == null) {
            return false;
        }
        progress.writing.remove(block);
        return progress.isComplete();
    }

    private void settle(P peer, BlockRequest block) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            source.asked.remove(block);
        }
    }

    /** Frees a block whose request will not be answered. */
    void giveBack(P peer, BlockRequest block) {
        settle(peer, block);
        BegunPiece<P> progress = begun.get(block.piece());
        Set<P> asked = progress == null ? null : progress.askedOf.get(block);
        if (progress != null && asked != null && asked.remove(peer) && asked.isEmpty()) {
            progress.askedOf.remove(block);
            progress.free.add(block);
        }
    }

    /** Frees all blocks of a peer that sends nothing for now. */
    void stall(P peer) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            List.copyOf(source.asked).forEach(block -> giveBack(peer, block));
            List.copyOf(begun.values()).forEach(progress -> disown(peer, progress));
        }
    }

    /**
     * Sets the only pieces that a peer may be asked for, those that it allows while it chokes us. Frees its other
     * blocks.
     *
     * @param pieces null for all of its pieces
     */
    void restrict(P peer, @Nullable Collection<Integer> pieces) {
        PieceSource source = sources.get(peer);
        if (source == null) {
            return;
        }
        Set<Integer> only = pieces == null ? null : Set.copyOf(pieces);
        boolean changes = !Objects.equals(only, source.only);
        source.only = only;
        if (only != null && changes) {
            List.copyOf(source.asked).stream()
                    .filter(block -> !only.contains(block.piece()))
                    .forEach(block -> giveBack(peer, block));
            List.copyOf(begun.values()).stream()
                    .filter(progress -> !only.contains(progress.piece))
                    .forEach(progress -> disown(peer, progress));
        }
    }

    private void fetchAgain(BlockRequest block) {
        BegunPiece<P> progress = begun.get(block.piece());
        if (progress != null && progress.writing.remove(block)) {
            progress.free.add(block);
        }
    }

    /** Frees a block that the peer has rejected, and asks the peer no more for its piece until {@link #forgive}. */
    void refused(P peer, BlockRequest block) {
        PieceSource source = sources.get(peer);
        if (source != null && source.asked.contains(block)) {
            giveBack(peer, block);
            source.refused.set(block.piece());
            BegunPiece<P> progress = begun.get(block.piece());
            if (progress != null) {
                disown(peer, progress);
            }
        }
    }

    /** Allows again to ask the peer for a piece that it has rejected. */
    void forgive(P peer, int piece) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            source.refused.clear(piece);
        }
    }

    private void disown(P peer, BegunPiece<P> progress) {
        if (peer.equals(progress.owner) && !progress.isComplete()) {
            progress.owner = null;
            if (solo.get(progress.piece)) {
                begun.remove(progress.piece); // a second author would hide the sender of a bad block again
            }
        }
    }

    /** Removes a complete piece whose hash matches. */
    void verified(int piece) {
        begun.remove(piece);
        missing.clear(piece);
        solo.clear(piece);
    }

    /**
     * Frees a complete piece whose hash does not match. It is fetched again from a single peer, so that the sender of a
     * second bad copy is known.
     *
     * @return the peers that sent its blocks
     */
    Set<P> failed(int piece) {
        BegunPiece<P> progress = begun.remove(piece);
        solo.set(piece);
        return progress == null ? Set.of() : Set.copyOf(progress.authors);
    }

    /** Returns whether every piece is verified. */
    boolean isDone() {
        return missing.isEmpty();
    }
}
