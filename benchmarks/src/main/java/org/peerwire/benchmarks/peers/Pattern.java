/* SPDX-License-Identifier: MIT */
package org.peerwire.benchmarks.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The payload of every torrent here, as in {@code neutral.c}: the byte at offset {@code o} is {@code (o * 2654435761)
 * >> 13}, which repeats every 2 MiB. It is in memory once, and blocks are slices of it.
 */
public final class Pattern {
    /** The length of a block, in bytes. */
    public static final int BLOCK = 16 * 1024;

    private static final int PERIOD = 2 * 1024 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(PERIOD + BLOCK);
    private final ByteBuf buffer;
    private final int[] sums = new int[PERIOD / BLOCK];

    /** Creates the payload. */
    public Pattern() {
        for (int o = 0; o < PERIOD + BLOCK; o++) {
            bytes.put(o, (byte) ((o * 2654435761L) >>> 13));
        }
        buffer = Unpooled.wrappedBuffer(bytes);
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sum(buffer.slice(i * BLOCK, BLOCK));
        }
    }

    /** Returns a slice without a copy, at most one block long, from this offset of the torrent. */
    public ByteBuf slice(long offset, int length) {
        return buffer.retainedSlice((int) (offset % PERIOD), length);
    }

    /**
     * Reads every byte of a whole block at this offset.
     *
     * @throws IllegalStateException if a byte is wrong
     * @throws IllegalStateException if it is not what belongs there
     */
    public void check(long offset, ByteBuf block) {
        if (sum(block) != sums[(int) (offset % PERIOD / BLOCK)]) {
            throw new IllegalStateException("the block at " + offset + " must have the bytes of the pattern");
        }
    }

    /** Sums the bytes, which is one instruction for eight bytes. */
    private static int sum(ByteBuf block) {
        CRC32C sum = new CRC32C();
        if (block.nioBufferCount() == 1) {
            sum.update(block.nioBuffer());
        } else {
            for (ByteBuffer part : block.nioBuffers()) {
                sum.update(part);
            }
        }
        return (int) sum.getValue();
    }

    /** Returns a file of this many bytes, written only if it does not exist. */
    public Path file(Path file, long length) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) == length) {
            return file;
        }
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long at = 0; at < length; ) {
                int from = (int) (at % PERIOD);
                at += out.write(bytes.slice(from, (int) Math.min(PERIOD - from, length - at)), at);
            }
        }
        return file;
    }
}
