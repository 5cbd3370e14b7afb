/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** All consumers of pieces. Not thread-safe. */
final class Wants {
    private final List<Want> all = new ArrayList<>();

    void add(Want want) {
        all.add(want);
    }

    void remove(Want want) {
        all.remove(want);
    }

    List<Want> all() {
        return all;
    }

    /** Returns true if no consumer misses a piece. */
    boolean isIdle() {
        return all.stream().allMatch(want -> want.missing().isEmpty());
    }

    /** Returns true if a consumer with demand misses a piece. */
    boolean isHungry() {
        return all.stream().anyMatch(want -> want.isActive() && !want.missing().isEmpty());
    }

    /** Returns true if a consumer misses a piece of a set. */
    boolean missAny(BitSet pieces) {
        return all.stream().anyMatch(want -> pieces.intersects(want.missing()));
    }

    /** Returns true if a consumer misses a piece. */
    boolean miss(int piece) {
        return all.stream().anyMatch(want -> want.missing().get(piece));
    }

    /** Returns true if a consumer with demand misses a piece. */
    boolean isActive(int piece) {
        for (Want want : all) {
            if (want.missing().get(piece) && want.isActive()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the earliest deadline of a piece, or {@link Want#NONE}. */
    long deadline(int piece) {
        long earliest = Want.NONE;
        for (Want want : all) {
            if (want.missing().get(piece)) {
                earliest = Math.min(earliest, want.deadline(piece));
            }
        }
        return earliest;
    }

    /** Returns true if blocks of a piece may be asked of several peers. */
    boolean isUrgent(int piece, long now) {
        for (Want want : all) {
            if (want.missing().get(piece) && want.urgentFrom(piece) <= now) {
                return true;
            }
        }
        return false;
    }
}
