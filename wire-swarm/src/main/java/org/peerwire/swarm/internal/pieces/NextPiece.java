/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.PieceStrategy;

/** One choice of a piece to begin with a peer, among all consumers in turn. */
final class NextPiece {
    private static final PieceStrategy RAREST_FIRST = PieceOrder.rarestFirst().strategy();

    private final PieceSource source;
    private final Collection<Integer> begun;
    private final BitSet failed;
    private final IntUnaryOperator availability;
    private final RandomGenerator random;
    private boolean lacksRoom;

    /** A piece to begin, and the consumer for which it is begun. */
    record Choice(int piece, Want want) {}

    /**
     * Creates a choice for one peer.
     *
     * @param begun the pieces that may not be chosen
     * @param failed the pieces that are chosen first, because their hash did not match before
     */
    NextPiece(
            PieceSource source,
            Collection<Integer> begun,
            BitSet failed,
            IntUnaryOperator availability,
            RandomGenerator random) {
        this.source = source;
        this.begun = begun;
        this.failed = failed;
        this.availability = availability;
        this.random = random;
    }

    /** Returns true if a piece could have been begun but for the memory of its consumer. */
    boolean lacksRoom() {
        return lacksRoom;
    }

    /**
     * Returns a piece that may be begun, or null.
     *
     * @param turn selects the consumer that is asked first
     */
    @Nullable
    Choice choose(List<Want> wants, int turn) {
        for (int i = 0; i < wants.size(); i++) {
            Want want = wants.get(Math.floorMod(turn + i, wants.size()));
            int piece = want.isActive() ? choose(want) : -1;
            if (piece >= 0) {
                source.following = piece + 1;
                return new Choice(piece, want);
            }
        }
        return null;
    }

    private int choose(Want want) {
        BitSet candidates = source.offered(want.missing());
        begun.forEach(candidates::clear);
        if (candidates.isEmpty()) {
            return -1;
        }
        if (!want.hasRoom()) {
            int first = want.first();
            boolean takesFirst = first >= 0 && candidates.get(first) && want.hasRoomForFirst();
            lacksRoom |= !takesFirst;
            return takesFirst ? first : -1;
        }
        int urgent = mostUrgent(want, candidates);
        if (urgent >= 0) {
            return urgent;
        }
        if (candidates.intersects(failed)) {
            candidates.and(failed);
            return candidates.nextSetBit(0);
        }
        int chosen = want.strategy().choose(new Facts(candidates, want.lowest()));
        lacksRoom |= chosen < 0; // the strategy waits for what is begun
        boolean isFree = chosen >= 0 && want.strategy() == RAREST_FIRST; // any other order is somebody's wish
        if (isFree && source.isForRuns && source.following >= 0 && candidates.get(source.following)) {
            return source.following;
        }
        return chosen >= 0 && candidates.get(chosen) ? chosen : -1;
    }

    private static int mostUrgent(Want want, BitSet candidates) {
        int urgent = -1;
        long earliest = Want.NONE;
        for (int piece = candidates.nextSetBit(0); piece >= 0; piece = candidates.nextSetBit(piece + 1)) {
            long deadline = want.deadline(piece);
            if (deadline < earliest) {
                urgent = piece;
                earliest = deadline;
            }
        }
        return urgent;
    }

    private final class Facts implements PieceStrategy.Choice {
        private final BitSet candidates;
        private final int first;

        Facts(BitSet candidates, int first) {
            this.candidates = candidates;
            this.first = first;
        }

        @Override
        public BitSet candidates() {
            return candidates;
        }

        @Override
        public int availability(int piece) {
            return availability.applyAsInt(piece);
        }

        @Override
        public int first() {
            return first;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }
}
