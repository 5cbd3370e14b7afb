/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.swarm;

import java.util.Locale;
import org.peerwire.swarm.ChokeStrategy;
import org.peerwire.swarm.PieceOrder;

/** The strategies of all peers of a simulation. */
enum Strategy {
    /** The defaults of a swarm: rarest first, reciprocation. */
    STANDARD,
    /** Pieces by chance, reciprocation. */
    RANDOM_PIECE,
    /** Rarest first, upload slots by chance. */
    NO_RECIPROCATION;

    PieceOrder order() {
        return this == RANDOM_PIECE ? PieceOrder.random() : PieceOrder.rarestFirst();
    }

    ChokeStrategy choking() {
        return this == NO_RECIPROCATION ? ChokeStrategy.random() : ChokeStrategy.reciprocation();
    }

    /** Returns the name for people. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
