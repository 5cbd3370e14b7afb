/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What Netty does itself: its allocator waits for a lock of its own for as long as another thread changes its lists. */
public final class NettyBlocks implements BlockHoundIntegration {
    private static final String ALLOCATOR = "io.netty.buffer.AdaptivePoolingAllocator";

    /** For the service loader. */
    public NettyBlocks() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(ALLOCATOR, "allocate")
                .allowBlockingCallsInside(ALLOCATOR + "$Chunk", "deallocate")
                .allowBlockingCallsInside(ALLOCATOR + "$Magazine", "free");
    }
}
