/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.internal.loop.EventLoopOnly;
import org.peerwire.message.BlockRequest;

/**
 * The blocks of one download that have arrived and wait for demand. Memory is reserved before a block is requested, so
 * there is room when it arrives.
 */
@EventLoopOnly
final class ArrivedBlocks {
    private final DownloadBuffer buffer;
    private final ArrayDeque<Block> blocks = new ArrayDeque<>();
    private int longest = BlockRequest.BLOCK_LENGTH;
    private long reserved;

    ArrivedBlocks(DownloadBuffer buffer) {
        this.buffer = buffer;
    }

    /** Notes the length of a block that will be requested. From then on each block counts as the longest so far. */
    void expect(int length) {
        longest = Math.max(longest, length);
    }

    /** Returns how many blocks without demand this download may have, requested or arrived. */
    long capacity() {
        return Math.max(0, buffer.free() + reserved) / longest;
    }

    /** Reserves memory for a number of blocks, instead of what was reserved. Returns true if that is less. */
    boolean reserve(long count) {
        long change = count * longest - reserved;
        reserved += change;
        buffer.reserve(change);
        return change < 0;
    }

    void add(Block block) {
        blocks.add(block);
    }

    /** Removes the oldest block. The caller owns it. */
    @Nullable
    Block poll() {
        return blocks.poll();
    }

    int size() {
        return blocks.size();
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Releases all blocks. */
    void clear() {
        Block block;
        while ((block = blocks.poll()) != null) {
            block.release();
        }
    }
}
