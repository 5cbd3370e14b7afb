/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Asserts a limit for the bytes that a task allocates, because a length claimed by a peer must not cause an allocation.
 */
public final class Allocation {
    /** The limit for an empty input: exceptions, messages, and the first allocation of the decoder. */
    private static final long ALWAYS = 64 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * Fails if the task allocates more than 64 KiB plus {@code bytes}. Repeats it first, because the first run loads
     * classes.
     */
    public static void atMost(long bytes, Runnable task) {
        if (count(task) > ALWAYS + bytes) {
            assertThat(count(task)).as("bytes allocated").isLessThanOrEqualTo(ALWAYS + bytes);
        }
    }

    private static long count(Runnable task) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        task.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
