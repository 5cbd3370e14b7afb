/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.peerwire.message.PieceSet;

/** A set of pieces that several threads change. */
final class PieceFlags {
    private final int count;
    private final AtomicLongArray words;

    /** Creates an empty set for {@code count} pieces. */
    PieceFlags(int count) {
        this.count = count;
        this.words = new AtomicLongArray((count + 63) / 64);
    }

    void add(int piece) {
        words.getAndUpdate(piece >> 6, word -> word | 1L << piece);
    }

    void remove(int piece) {
        words.getAndUpdate(piece >> 6, word -> word & ~(1L << piece));
    }

    boolean contains(int piece) {
        return piece >= 0 && piece < count && (words.get(piece >> 6) & 1L << piece) != 0;
    }

    PieceSet toPieceSet() {
        return PieceSet.of(
                count, IntStream.range(0, count).filter(this::contains).toArray());
    }
}
