/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.time.Duration;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.PieceSet;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.SwarmStats;

/** The progress of a download: the verified bytes, the rate, and the time without data. Not thread-safe. */
final class Progress {
    private static final Duration WAITING = Duration.ofSeconds(30);
    private static final Duration WAITING_ALONE = Duration.ofSeconds(10);
    private static final int RATE_SPAN = 8;
    private static final long TICK_MILLIS = 250;

    private final long[] history = new long[RATE_SPAN];
    private final Silence silence = new Silence(WAITING, WAITING_ALONE);
    private final BitSet have = new BitSet();
    private BitSet wanted = new BitSet();
    private @Nullable Contents contents;
    private long total;
    private boolean isOpen;
    private boolean hasBegun;
    private int tick;

    /** Notes that the torrent is known, and which of its pieces are wanted. */
    void begin(Torrent torrent, BitSet pieces) {
        contents = Contents.of(torrent);
        wanted = pieces;
        total = contents.length(pieces);
    }

    /** Notes that the data on disk is verified. */
    void opened(PieceSet there) {
        there.stream().forEach(have::set);
        isOpen = true;
    }

    /** Notes that a piece is verified. */
    void verified(int piece) {
        have.set(piece);
    }

    /** Returns true once the data on disk is verified, and there has been a verified piece or a peer. */
    boolean isNews(SwarmStats stats) {
        hasBegun |= isOpen && (stats.wires() > 0 || !have.isEmpty());
        return hasBegun;
    }

    /** Returns the progress. Call it once each 250 ms. */
    CliEvent.Progress next(SwarmStats stats) {
        long received = stats.received() + stats.wasted();
        int slot = tick++ % RATE_SPAN;
        long span = Math.min(tick, RATE_SPAN) * TICK_MILLIS;
        long rate = (received - history[slot]) * 1000 / span;
        history[slot] = received;
        BitSet there = (BitSet) wanted.clone();
        there.and(have);
        long bytes = contents == null ? 0 : contents.length(there);
        return new CliEvent.Progress(bytes, total, Math.max(0, rate), stats.wires());
    }

    /** Returns an event after a long time without data, or null. The time while the disk is verified does not count. */
    CliEvent.@Nullable Waiting silence(SwarmStats stats, long now) {
        boolean isChecking = contents != null && !isOpen;
        if (isChecking) {
            silence.reset();
            return null;
        }
        Duration time = silence.check(now, stats.received() + stats.metadata(), stats.wires() == 0);
        return time.isZero() ? null : new CliEvent.Waiting(time, stats.wires());
    }
}
