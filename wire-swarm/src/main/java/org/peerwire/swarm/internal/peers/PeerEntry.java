/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.util.Comparator;
import org.peerwire.swarm.PeerScore;
import org.peerwire.swarm.PeerSource;

/** An address of a {@link PeerBook}. Its sorted sets hold it by these fields, so it leaves them before a change. */
final class PeerEntry {
    private static final int LEARNED_ATTEMPTS = 4;

    /** The order of the next attempt. */
    static final Comparator<PeerEntry> BY_DUE =
            Comparator.<PeerEntry>comparingLong(entry -> entry.due).thenComparingLong(entry -> entry.number);

    /** The order of the next attempt of a swarm without wires. */
    static final Comparator<PeerEntry> BY_DUE_ALONE =
            Comparator.<PeerEntry>comparingLong(entry -> entry.dueAlone).thenComparingLong(entry -> entry.number);

    /** The highest score first. */
    static final Comparator<PeerEntry> BY_SCORE = Comparator.<PeerEntry>comparingDouble(entry -> entry.score)
            .reversed()
            .thenComparingLong(entry -> entry.number);

    /** The least valuable first. */
    static final Comparator<PeerEntry> BY_VALUE =
            Comparator.<PeerEntry, Boolean>comparing(entry -> entry.reached).thenComparingLong(entry -> entry.number);

    final InetSocketAddress address;
    final double priority;

    /** The number of the addition, which no other entry has. */
    final long number;

    PeerSource source;
    boolean reached;

    /** True while the address is dialled or a wire leads to it. */
    boolean busy;

    /** The attempts since the last good session. */
    int attempts;

    /** The short sessions in a row without a block. */
    int fruitless;

    /** The failed dials in a row. */
    int failures;

    /** The bytes of blocks that the address has sent. */
    long received;

    /** The time at which the dial or the wire has begun. */
    long since;

    /** The time of the next attempt. */
    long due;

    /** The time of the next attempt of a swarm without wires, if the address was reached before. */
    long dueAlone;

    /** The score of an address that is due. */
    double score;

    PeerEntry(InetSocketAddress address, PeerSource source, double priority, long number) {
        this.address = address;
        this.source = source;
        this.priority = priority;
        this.number = number;
    }

    boolean hasAttempts() {
        return source == PeerSource.USER || attempts < LEARNED_ATTEMPTS;
    }

    PeerScore.Known known() {
        return new PeerScore.Known(address, source, reached, failures, received, priority);
    }
}
