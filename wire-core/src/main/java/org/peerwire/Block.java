/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Buffered;

/**
 * A block that was asked for and has come.
 *
 * <p>With {@link PayloadMode#COPY}, the default, the data is on the heap and needs no release. With
 * {@link PayloadMode#POOLED} whoever receives the block releases it, once.
 *
 * @param request what was asked for; the data has exactly {@code request.length()} bytes
 * @param data the bytes
 */
public record Block(BlockRequest request, ByteBuf data) implements Buffered {

    /** Index of the piece. */
    public int piece() {
        return request.piece();
    }

    /** First byte within the piece. */
    public int offset() {
        return request.offset();
    }

    /** Number of bytes. */
    public int length() {
        return request.length();
    }

    @Override
    public ByteBuf content() {
        return data;
    }
}
