/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.peerwire.swarm.PieceOrder;
import org.peerwire.swarm.PieceStrategy;

/** A consumer whose answers a test sets. It wants all pieces, the rarest first. */
final class TestWant implements Want {
    final BitSet missing = new BitSet();
    final Map<Integer, Long> deadlines = new HashMap<>();
    boolean active = true;
    boolean room = true;
    int first = -1;

    TestWant(int pieces) {
        missing.set(0, pieces);
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public BitSet missing() {
        return missing;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public boolean hasRoomForFirst() {
        return true;
    }

    @Override
    public int first() {
        return first;
    }

    @Override
    public PieceStrategy strategy() {
        return PieceOrder.rarestFirst().strategy();
    }

    @Override
    public long deadline(int piece) {
        return deadlines.getOrDefault(piece, NONE);
    }

    @Override
    public long urgentFrom(int piece) {
        Long deadline = deadlines.get(piece);
        return deadline == null ? NONE : deadline / 2;
    }

    @Override
    public void begun(int piece) {}

    @Override
    public void abandoned(int piece) {}
}
