/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The sizes of the buffers for reads from a socket. They follow what the last reads have found: a block that is kept
 * keeps the whole buffer of its read, and of a fixed large size a slow peer would fill only a small part.
 */
public final class ReadSizes {
    private static final int LEAST = 1024;
    private static final int FIRST = 64 * 1024;

    private ReadSizes() {}

    /** Returns sizes of at most this number of bytes. */
    public static RecvByteBufAllocator upTo(int most) {
        return new AdaptiveRecvByteBufAllocator(Math.min(LEAST, most), Math.min(FIRST, most), most);
    }
}
