/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;

/** A piece with at least one requested block. Not thread-safe. */
final class BegunPiece<P> {
    final int piece;
    final Want want;

    /** The blocks that are neither requested nor received, by their number within the piece. */
    final BitSet free = new BitSet();

    /** The requested blocks that are not received. */
    final Map<Integer, Asked<P>> asked = new LinkedHashMap<>();

    /** The peers that stalled with a block that is not received. */
    private final Map<Integer, Set<P>> late = new HashMap<>();

    /** The sender of each block; null for a block that is not received. */
    final List<@Nullable P> senders = new ArrayList<>();

    private final int length;

    @Nullable
    P owner;

    /** The peers that were asked for a block, and the time of the first request. */
    record Asked<P>(Set<P> peers, long since) {}

    /**
     * Creates a piece whose blocks are all free.
     *
     * @param want the consumer for which it is begun
     */
    BegunPiece(int piece, int length, Want want) {
        this.piece = piece;
        this.length = length;
        this.want = want;
        int blocks = (length + BlockRequest.BLOCK_LENGTH - 1) / BlockRequest.BLOCK_LENGTH;
        free.set(0, blocks);
        for (int i = 0; i < blocks; i++) {
            senders.add(null);
        }
    }

    /** Returns the request of a block. */
    BlockRequest request(int block) {
        int offset = block * BlockRequest.BLOCK_LENGTH;
        return new BlockRequest(piece, offset, Math.min(BlockRequest.BLOCK_LENGTH, length - offset));
    }

    /** Returns the number of a block, or -1 if this piece has no such block. */
    int block(BlockRequest request) {
        int block = request.offset() / BlockRequest.BLOCK_LENGTH;
        return block < senders.size() && request.equals(request(block)) ? block : -1;
    }

    /** Returns whether every block is received. */
    boolean isComplete() {
        return free.isEmpty() && asked.isEmpty();
    }

    /** Notes that a peer has stalled with a block. */
    void stalled(P peer, BlockRequest request) {
        late.computeIfAbsent(block(request), block -> new LinkedHashSet<>()).add(peer);
    }

    /** Forgets the requests of a block that has come, and returns the peers that may still send it. */
    Set<P> settle(int block) {
        Set<P> peers = new LinkedHashSet<>();
        Asked<P> now = asked.remove(block);
        if (now != null) {
            peers.addAll(now.peers());
        }
        Set<P> before = late.remove(block);
        if (before != null) {
            peers.addAll(before);
        }
        return peers;
    }

    /** Returns whether the piece has no owner or this one. */
    boolean mayBelongTo(P peer) {
        return owner == null || owner.equals(peer);
    }

    /** Frees the received blocks of some senders, and returns them. */
    List<BlockRequest> discard(Predicate<P> sender) {
        List<BlockRequest> discarded = new ArrayList<>();
        for (int block = 0; block < senders.size(); block++) {
            P from = senders.get(block);
            if (from != null && sender.test(from)) {
                senders.set(block, null);
                free.set(block);
                discarded.add(request(block));
            }
        }
        return discarded;
    }
}
