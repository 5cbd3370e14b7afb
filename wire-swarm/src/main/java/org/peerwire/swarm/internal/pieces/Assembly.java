/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.zip.CRC32C;
import org.peerwire.message.BlockRequest;

/**
 * The bytes of a begun piece. It is hashed as the blocks arrive, so that little is left to do with the last one. Owns
 * the buffer until {@link #take}. Confined to the thread of the swarm.
 */
final class Assembly {
    private final ByteBuf data;
    private final int length;
    private final MessageDigest sha1;
    private final BitSet received = new BitSet();
    private int hashed;

    /**
     * Creates an assembly without blocks.
     *
     * @param data an empty buffer with this capacity
     */
    Assembly(ByteBuf data, int length) {
        this.data = data.writerIndex(length);
        this.length = length;
        try {
            this.sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Copies a block to its place. */
    void put(BlockRequest block, ByteBuf bytes) {
        data.setBytes(block.offset(), bytes, bytes.readerIndex(), block.length());
        received.set(block.offset() / BlockRequest.BLOCK_LENGTH);
        int end =
                Math.min(length, received.nextClearBit(hashed / BlockRequest.BLOCK_LENGTH) * BlockRequest.BLOCK_LENGTH);
        if (end > hashed) {
            sha1.update(view(hashed, end - hashed));
            hashed = end;
        }
    }

    /** Removes a block. If it was hashed, the hash begins again. */
    void remove(BlockRequest block) {
        received.clear(block.offset() / BlockRequest.BLOCK_LENGTH);
        if (block.offset() < hashed) {
            hashed = 0;
            sha1.reset();
        }
    }

    /** Returns whether the piece has this SHA-1 hash. Call it once, after the last block. */
    boolean matches(byte[] hash) {
        return hashed == length && MessageDigest.isEqual(sha1.digest(), hash);
    }

    /** Returns a checksum of a block, to compare it with another copy later. */
    long checksum(BlockRequest block) {
        CRC32C crc = new CRC32C();
        crc.update(view(block.offset(), block.length()));
        return crc.getValue();
    }

    private ByteBuffer view(int from, int count) {
        return data.nioBuffer(from, count);
    }

    /** Returns the buffer and its ownership. */
    ByteBuf take() {
        return data;
    }

    /** Frees the buffer. */
    void release() {
        data.release();
    }
}
