/* SPDX-License-Identifier: MIT */
package org.peerwire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Buffered;

/**
 * A requested block that has arrived. Its bytes are not verified: only the hash of the whole piece can do that. If the
 * hash is wrong, {@link #from()} names the sender.
 *
 * <p>With {@link PayloadMode#COPY}, the default, the data is on the heap and needs no release. With
 * {@link PayloadMode#POOLED} the receiver must release the block once.
 *
 * @param request the request
 * @param data exactly {@code request.length()} bytes
 * @param from the wire that received it; null for a block made by a user
 */
public record Block(
        BlockRequest request, ByteBuf data, @Nullable Wire from) implements Buffered {

    /** Creates a block from another source than a wire. */
    public Block(BlockRequest request, ByteBuf data) {
        this(request, data, null);
    }

    /** Returns the index of the piece. */
    public int piece() {
        return request.piece();
    }

    /** Returns the offset of the first byte within the piece. */
    public int offset() {
        return request.offset();
    }

    /** Returns the number of bytes. */
    public int length() {
        return request.length();
    }

    @Override
    public ByteBuf content() {
        return data;
    }
}
