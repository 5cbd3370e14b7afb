/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import java.util.function.Consumer;
import org.peerwire.message.BlockRequest;
import org.peerwire.metadata.Torrent;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;

/**
 * The parts of a download that its sources of ranges use.
 *
 * @param rates the limits of the swarm and the host
 * @param throttle the wait for these limits
 * @param room the number of pieces that may be in memory
 * @param supplyAll asks all sources
 * @param taker takes each block
 * @param events takes each event
 */
record RangeContext(
        SwarmLoop loop,
        Torrent torrent,
        FileRanges files,
        PiecePicker<Lane> picker,
        Rates rates,
        Throttle throttle,
        int room,
        Runnable supplyAll,
        BlockTaker taker,
        Consumer<SwarmEvent> events) {
    private static final long LONGEST_RUN = 4 * 1024 * 1024;

    /** The number of pieces in memory from which a source reads two ranges at a time. */
    private static final int MANY = 8;

    /** Returns the length from which a run ends with its piece: a quarter of the memory is for one source. */
    long runLength() {
        long quarter = (long) room * torrent.pieceLength() / 4;
        return Math.max(BlockRequest.BLOCK_LENGTH, Math.min(LONGEST_RUN, quarter));
    }

    /** Returns the maximum number of reads of one source: while one ends, the next one is on its way. */
    int maxReads() {
        return room >= MANY ? 2 : 1;
    }
}
