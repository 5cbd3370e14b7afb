/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.TorrentShape;
import org.peerwire.Wire;
import org.peerwire.message.BlockRequest;

/**
 * The blocks that were read for one peer, to count those that it has got before. Holds one bit a block for the first
 * 4 GiB of a torrent, at most 32 KiB. Counts nothing beyond, and no request that begins inside a block of 16 KiB.
 * Thread-safe.
 */
final class RequestedBlocks {
    private static final int LIMIT = 1 << 18;

    private final Wire wire;
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicReference<@Nullable AtomicLongArray> seen = new AtomicReference<>();

    RequestedBlocks(Wire wire) {
        this.wire = wire;
    }

    /** Notes a request. */
    void add(BlockRequest request) {
        TorrentShape shape = wire.torrent().orElse(null);
        if (shape == null || (shape.pieceLength() | request.offset()) % BlockRequest.BLOCK_LENGTH != 0) {
            return;
        }
        long block = (request.piece() * (long) shape.pieceLength() + request.offset()) / BlockRequest.BLOCK_LENGTH;
        if (block < LIMIT) {
            long bit = 1L << block;
            long before = bits(shape).getAndUpdate((int) (block / Long.SIZE), word -> word | bit);
            if ((before & bit) != 0) {
                repeated.incrementAndGet();
            }
        }
    }

    private AtomicLongArray bits(TorrentShape shape) {
        AtomicLongArray known = seen.get();
        if (known != null) {
            return known;
        }
        long blocks = Math.min(LIMIT - 1, shape.length() / BlockRequest.BLOCK_LENGTH) + 1;
        AtomicLongArray made = new AtomicLongArray((int) ((blocks + Long.SIZE - 1) / Long.SIZE));
        AtomicLongArray other = seen.compareAndExchange(null, made);
        return other == null ? made : other;
    }

    /** Returns the number of reads of blocks that had been read before. */
    long repeated() {
        return repeated.get();
    }
}
