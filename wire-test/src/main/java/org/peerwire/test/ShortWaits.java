/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets event loops pass BlockHound where they have to wait for one another for a moment, and nothing in a wire could do
 * without. Found by BlockHound itself when it is on the class path, and not needed without it.
 *
 * <ul>
 *   <li>Netty's adaptive allocator: when many threads allocate at once it locks to add room.
 *   <li>The queue of the JDK's timers: taking a timer back locks it, as setting one does, which BlockHound lets pass by
 *       itself. A thread that BlockHound stops in there stays in the queue of the lock for ever, and with it everybody
 *       behind: the timers of the scheduler stand still.
 * </ul>
 */
@SuppressWarnings("exports") // BlockHound is optional
public final class ShortWaits implements BlockHoundIntegration {
    /** For BlockHound. */
    public ShortWaits() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "allocate")
                .allowBlockingCallsInside(
                        "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove");
    }
}
