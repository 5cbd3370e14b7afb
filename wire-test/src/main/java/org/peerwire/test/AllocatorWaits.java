/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets event loops pass BlockHound where Netty's adaptive allocator makes them wait for one another. When many threads
 * allocate at once it locks for a moment to add room, and what it locks out parks; nothing in a wire could do without. Found
 * by BlockHound itself when it is on the class path, and not needed without it.
 */
public final class AllocatorWaits implements BlockHoundIntegration {
    /** For BlockHound. */
    public AllocatorWaits() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate");
    }
}
