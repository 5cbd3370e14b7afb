/* SPDX-License-Identifier: MIT */
package org.peerwire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what a task allocates on the calling thread, so that a length that a peer claims cannot be believed unseen. */
public final class Allocation {
    /** What an input of no bytes may cost: exceptions, messages, and what a peer's number may ever add. */
    private static final long ALWAYS = 64 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Fails if the task needs more than 64 KiB and {@code bytes}, also when it is repeated: classes are loaded once. */
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
