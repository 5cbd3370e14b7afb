/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.web;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.SynchronousSink;

/** The bytes of one range in the body of a whole file. Confined to the event loop of the body. */
final class BodyCut {
    private long skipped;
    private int wanted;

    /**
     * Creates a cut.
     *
     * @param skipped the bytes before the range
     * @param wanted the bytes of the range
     */
    BodyCut(long skipped, int wanted) {
        this.skipped = skipped;
        this.wanted = wanted;
    }

    /** Emits the part of a buffer that is wanted, if any. The buffer stays with the caller. */
    void accept(ByteBuf chunk, SynchronousSink<ByteBuf> sink) {
        int before = (int) Math.min(skipped, chunk.readableBytes());
        skipped -= before;
        int some = Math.min(wanted, chunk.readableBytes() - before);
        if (some > 0) {
            wanted -= some;
            sink.next(chunk.retainedSlice(chunk.readerIndex() + before, some));
        }
    }

    /** Returns true after the last byte of the range. */
    boolean isDone() {
        return wanted == 0;
    }
}
