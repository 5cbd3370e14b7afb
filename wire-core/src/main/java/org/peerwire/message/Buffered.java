/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;

/**
 * A value that holds a buffer. Its reference count is the one of the buffer, so the tools of Netty and Reactor Netty
 * handle it like a {@link ByteBuf}.
 *
 * <p>Buffers made by this library are on the heap and need no release, unless the wire uses {@code PayloadMode.POOLED}.
 */
public interface Buffered extends ReferenceCounted {

    /**
     * Returns the buffer itself, without a copy. The payload starts at its reader index. All subscribers of a wire
     * share the buffer: read it through {@link ByteBuf#duplicate()} or by absolute index, and do not change its
     * indices.
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
