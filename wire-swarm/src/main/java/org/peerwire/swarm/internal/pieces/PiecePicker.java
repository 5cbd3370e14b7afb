/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;

/**
 * The choice of the next block for each peer. Has no wires, no buffers and no threads. Not thread-safe.
 *
 * <p>A peer continues the piece it has begun, so that a bad piece mostly has one sender. Without such a piece it begins a
 * failed one again, so that a liar is found soon. Then it takes over a piece without an owner, then begins the one that
 * the strategy of a consumer chooses, then helps another peer.
 * At the end of the download it asks for blocks that another peer has not sent yet.
 *
 * @param <P> the identity of a peer
 */
final class PiecePicker<P> {
    private static final int ENDGAME_REQUESTS = 4;

    /** The age in milliseconds of a request that is repeated to another peer before the end of the download. */
    private static final long OLD = 2_000;

    private final TorrentShape shape;
    private final Random random;
    private final Abandonment<P> abandonment;
    private final Wants wants = new Wants();
    private final Sources<P> sources;
    private final Map<Integer, BegunPiece<P>> begun = new LinkedHashMap<>();
    private final BitSet solo = new BitSet();
    private int turn;

    /** A receiver of what is given up. */
    interface Abandonment<P> {
        /** Called when a begun piece is no longer begun. */
        void piece(int piece);

        /** Called when a peer was asked for a block, and is not to send it any more. */
        void request(P peer, BlockRequest block);
    }

    /** Creates a picker without peers and consumers. */
    PiecePicker(TorrentShape shape, Random random, Abandonment<P> abandonment) {
        this.shape = shape;
        this.random = random;
        this.abandonment = abandonment;
        this.sources = new Sources<>(shape.pieceCount());
    }

    // ---- consumers ----

    /** Returns the consumers. To remove one use {@link #remove}. */
    Wants wants() {
        return wants;
    }

    /** Removes a consumer, and gives up each begun piece that no other consumer needs. */
    void remove(Want want) {
        wants.remove(want);
        for (BegunPiece<P> progress : List.copyOf(begun.values())) {
            if (!wants.miss(progress.piece)) {
                abandon(progress);
            }
        }
    }

    private void abandon(BegunPiece<P> progress) {
        begun.remove(progress.piece);
        progress.asked.forEach((block, asked) -> asked.peers().forEach(peer -> {
            BlockRequest request = progress.request(block);
            settle(peer, request);
            abandonment.request(peer, request);
        }));
        progress.want.abandoned(progress.piece);
        abandonment.piece(progress.piece);
    }

    // ---- peers ----

    /** Returns the peers and their pieces. */
    Sources<P> sources() {
        return sources;
    }

    /** Removes a peer and frees the blocks it was asked for. */
    void leave(P peer) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            stall(peer);
            sources.remove(peer);
        }
    }

    /** Frees the blocks of begun pieces that liars have sent, and returns them. */
    List<BlockRequest> discard(Predicate<P> liar) {
        return begun.values().stream()
                .flatMap(progress -> progress.discard(liar).stream())
                .toList();
    }

    /** Returns whether the peer has a piece that a consumer misses. */
    boolean wants(P peer) {
        PieceSource source = sources.get(peer);
        return source != null && wants.missAny(source.pieces);
    }

    /** Returns the number of blocks this peer was asked for and has not sent. */
    int asked(P peer) {
        PieceSource source = sources.get(peer);
        return source == null ? 0 : source.asked.size();
    }

    // ---- the choice ----

    /** Returns the next block to ask this peer for, or null if no block is available now. */
    @Nullable
    BlockRequest next(P peer, long now) {
        PieceSource source = sources.get(peer);
        if (source == null) {
            return null;
        }
        Continuation<P> continuation = continuation(peer, source, now);
        BegunPiece<P> best = continuation.piece();
        if (!continuation.isFirst(!solo.isEmpty() && mayRetry(source))) {
            NextPiece next = new NextPiece(source, begun.keySet(), solo, sources::availability, random);
            NextPiece.Choice choice = next.choose(wants.all(), turn++);
            if (choice != null) {
                best = new BegunPiece<>(choice.piece(), shape.pieceLength(choice.piece()), choice.want());
                begun.put(choice.piece(), best);
                choice.want().begun(choice.piece());
            } else if (best == null) {
                return repeat(peer, source, now, next.lacksRoom() ? OLD : 0);
            }
        }
        if (best == null) {
            return null;
        }
        if (best.owner == null) {
            best.owner = peer;
        }
        int block = best.free.nextSetBit(0);
        best.free.clear(block);
        return ask(peer, source, best, block, now);
    }

    private Continuation<P> continuation(P peer, PieceSource source, long now) {
        Continuation<P> continuation = new Continuation<>(peer, now);
        for (BegunPiece<P> progress : begun.values()) {
            if (!progress.free.isEmpty()
                    && source.offers(progress.piece)
                    && mayHelp(peer, progress)
                    && wants.isActive(progress.piece)) {
                continuation.consider(progress, wants.deadline(progress.piece));
            }
        }
        return continuation;
    }

    /** Returns whether the peer may be asked again for a failed piece, which tells who has sent a wrong block of it. */
    private boolean mayRetry(PieceSource source) {
        BitSet failed = source.offered(solo);
        begun.keySet().forEach(failed::clear);
        return !failed.isEmpty();
    }

    private boolean mayHelp(P peer, BegunPiece<P> progress) {
        return !solo.get(progress.piece) || progress.mayBelongTo(peer);
    }

    /**
     * Returns a block that others are asked for already, for a peer with few requests when no block is free.
     *
     * @param age the age of the requests that may be repeated, in milliseconds
     */
    private @Nullable BlockRequest repeat(P peer, PieceSource source, long now, long age) {
        if (source.asked.size() >= ENDGAME_REQUESTS) {
            return null;
        }
        Repetition<P> repetition = new Repetition<>(peer, random);
        for (BegunPiece<P> progress : begun.values()) {
            if (source.offers(progress.piece) && mayHelp(peer, progress) && wants.isActive(progress.piece)) {
                repetition.consider(progress, now - (wants.isUrgent(progress.piece, now) ? 0 : age));
            }
        }
        BegunPiece<P> chosen = repetition.piece();
        return chosen == null ? null : ask(peer, source, chosen, repetition.block(), now);
    }

    private BlockRequest ask(P peer, PieceSource source, BegunPiece<P> progress, int block, long now) {
        BlockRequest request = progress.request(block);
        source.asked.add(request);
        progress.asked
                .computeIfAbsent(block, b -> new BegunPiece.Asked<>(new LinkedHashSet<>(), now))
                .peers()
                .add(peer);
        return request;
    }

    // ---- answers ----

    /**
     * Accepts or refuses a received block. A second copy is refused.
     *
     * @return the other peers that may still send the block, whose requests the caller can cancel; null if the block
     *     is refused
     */
    @Nullable
    Set<P> accept(P peer, BlockRequest request) {
        settle(peer, request);
        BegunPiece<P> progress = begun.get(request.piece());
        int block = progress == null ? -1 : progress.block(request);
        if (progress == null || block < 0 || sources.get(peer) == null || !mayHelp(peer, progress)) {
            return null;
        }
        if (!progress.free.get(block) && !progress.asked.containsKey(block)) {
            return null;
        }
        progress.free.clear(block);
        progress.senders.set(block, peer);
        Set<P> others = progress.settle(block);
        others.remove(peer);
        others.forEach(other -> settle(other, request));
        return others;
    }

    /** Returns whether every block of a begun piece is received. */
    boolean isComplete(int piece) {
        BegunPiece<P> progress = begun.get(piece);
        return progress != null && progress.isComplete();
    }

    private void settle(P peer, BlockRequest block) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            source.asked.remove(block);
        }
    }

    /** Frees a block whose request will not be answered. */
    void giveBack(P peer, BlockRequest request) {
        settle(peer, request);
        BegunPiece<P> progress = begun.get(request.piece());
        int block = progress == null ? -1 : progress.block(request);
        BegunPiece.Asked<P> asked = progress == null ? null : progress.asked.get(block);
        if (progress != null
                && asked != null
                && asked.peers().remove(peer)
                && asked.peers().isEmpty()) {
            progress.asked.remove(block);
            progress.free.set(block);
        }
    }

    /** Frees all blocks of a peer that sends nothing for now. */
    void stall(P peer) {
        PieceSource source = sources.get(peer);
        if (source != null) {
            List.copyOf(source.asked).forEach(block -> {
                BegunPiece<P> progress = begun.get(block.piece());
                if (progress != null) {
                    progress.stalled(peer, block);
                }
                giveBack(peer, block);
            });
            List.copyOf(begun.values()).forEach(progress -> disown(peer, progress));
        }
    }

    /**
     * Sets the only pieces that a peer may be asked for, those that it allows while it chokes us. Frees its other
     * blocks.
     *
     * @param only null for all of its pieces
     */
    void restrict(P peer, @Nullable BitSet only) {
        PieceSource source = sources.get(peer);
        if (source == null || Objects.equals(only, source.only)) {
            return;
        }
        source.only = only;
        if (only != null) {
            List.copyOf(source.asked).stream()
                    .filter(block -> !only.get(block.piece()))
                    .forEach(block -> {
                        giveBack(peer, block);
                        abandonment.request(peer, block); // or the wire repeats it after the choke
                    });
            List.copyOf(begun.values()).stream()
                    .filter(progress -> !only.get(progress.piece))
                    .forEach(progress -> disown(peer, progress));
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
                abandon(progress); // a second sender would hide the sender of a bad block again
            }
        }
    }

    /**
     * Removes a complete piece. A piece whose hash does not match is fetched again from a single peer.
     *
     * @return the sender of each block
     */
    List<@Nullable P> finish(int piece, boolean isRight) {
        BegunPiece<P> progress = begun.remove(piece);
        solo.set(piece, !isRight);
        if (progress == null) {
            return List.of();
        }
        if (!isRight) {
            progress.want.abandoned(piece);
        }
        return progress.senders;
    }
}
