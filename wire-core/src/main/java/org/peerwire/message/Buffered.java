/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;

/**
 * A value that carries a buffer. Counting references on it counts them on the buffer, so Netty's and Reactor Netty's
 * tools handle it as they handle a {@link ByteBuf}.
 *
 * <p>Buffers made by this library are on the heap and need no release unless a wire was opened with
 * {@code PayloadMode.POOLED}; see {@code WireOptions}.
 */
public interface Buffered extends ReferenceCounted {

    /**
     * The buffer itself, not a copy. Its reader index is the start of the payload. All subscribers of a wire see the same
     * buffer: read it through {@link ByteBuf#duplicate()}, or by absolute index, and leave its indices alone.
     */
    ByteBuf content();

    @Override
    default int refCnt() {
        return content().refCnt();
    }

    @Override
    default Buffered retain() {
        content().retain();
        return this;
    }

    @Override
    default Buffered retain(int increment) {
        content().retain(increment);
        return this;
    }

    @Override
    default Buffered touch() {
        content().touch();
        return this;
    }

    @Override
    default Buffered touch(Object hint) {
        content().touch(hint);
        return this;
    }

    @Override
    default boolean release() {
        return content().release();
    }

    @Override
    default boolean release(int decrement) {
        return content().release(decrement);
    }
}
