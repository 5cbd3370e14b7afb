/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Buffered;

/**
 * A block that was asked for and has come. Whether its bytes are right only the hash of the piece tells; if they are not,
 * {@link #from()} is to blame.
 *
 * <p>With {@link PayloadMode#COPY}, the default, the data is on the heap and needs no release. With
 * {@link PayloadMode#POOLED} whoever receives the block releases it, once.
 *
 * @param request what was asked for; the data has exactly {@code request.length()} bytes
 * @param data the bytes
 * @param from the wire it has come over; null for one that a user made
 */
public record Block(
        BlockRequest request, ByteBuf data, @Nullable Wire from) implements Buffered {

    /** A block from elsewhere. */
    public Block(BlockRequest request, ByteBuf data) {
        this(request, data, null);
    }

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
