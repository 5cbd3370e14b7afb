/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import io.netty.buffer.ByteBuf;
import org.peerwire.message.Buffered;

/**
 * A verified piece of a torrent. By default the data is one buffer on the heap, which needs no release. With
 * {@link org.peerwire.PayloadMode#POOLED} the receiver owns the piece and releases it.
 *
 * @param index the index of the piece
 * @param data all bytes of the piece
 */
public record Piece(int index, ByteBuf data) implements Buffered {

    /** Returns the number of bytes. */
    public int length() {
        return data.readableBytes();
    }

    @Override
    public ByteBuf content() {
        return data;
    }
}
