/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * An exemption from BlockHound for short locks that every wire needs. BlockHound finds this class on the class path.
 *
 * <ul>
 *   <li>Netty's adaptive allocator locks to add memory when many threads allocate at once.
 * <li>The JDK's timer queue locks to cancel a timer, as it does to set one, which BlockHound allows by default. A
 * thread that BlockHound interrupts there stays in the queue of the lock, and all timers of the scheduler stop.
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
