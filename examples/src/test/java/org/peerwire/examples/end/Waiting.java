/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions by looking again and again. */
final class Waiting {
    private static final long PAUSE_NANOS = 500_000;

    private Waiting() {}

    /** Returns true once the condition holds, false if it does not hold by this {@link System#nanoTime()}. */
    static boolean until(long deadline, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
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
