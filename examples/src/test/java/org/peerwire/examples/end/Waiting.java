/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions by looking again and again. */
final class Waiting {
    private static final long PAUSE_NANOS = 500_000;

    /** A longer turn means that this process was not given the processor. */
    private static final long STARVED_NANOS = 20_000_000;

    /** The time that may be added to a deadline on a busy machine. */
    private static final long MOST_ADDED_NANOS = 10_000_000_000L;

    private Waiting() {}

    /**
     * Returns true once the condition holds, false if it does not hold by this {@link System#nanoTime()}. Time in which
     * this process was not given the processor does not count.
     */
    static boolean until(long deadline, BooleanSupplier condition) {
        long added = 0;
        long before = System.nanoTime();
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long now = System.nanoTime();
            if (now - before > STARVED_NANOS) {
                added = Math.min(MOST_ADDED_NANOS, added + now - before);
            }
            before = now;
            if (now - deadline > added) {
                return false;
            }
        }
        return true;
    }

    /** Waits likewise and fails with these words. */
    static void until(long deadline, BooleanSupplier condition, Supplier<String> what) {
        if (!until(deadline, condition)) {
            throw new IllegalStateException("waited in vain for " + what.get());
        }
    }
}
