/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.util.LeakPresenceDetector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a Netty buffer unreleased. Needs no garbage collection: every buffer is counted from its
 * allocation. Works only in a JVM started with
 * {@code -Dio.netty.customResourceLeakDetector=io.netty.util.LeakPresenceDetector}, and does nothing without it. Buffers on
 * their way through an event loop are waited for.
 */
public final class LeakExtension implements AfterAllCallback {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** For JUnit. */
    public LeakExtension() {}

    @Override
    public void afterAll(ExtensionContext context) {
        if (!LeakPresenceDetector.class.getName().equals(System.getProperty("io.netty.customResourceLeakDetector"))) {
            return;
        }
        for (long waited = 0; ; waited += PAUSE_NANOS) {
            try {
                LeakPresenceDetector.check();
                return;
            } catch (IllegalStateException leak) {
                if (waited >= PATIENCE_NANOS) {
                    throw new AssertionError(
                            "buffers are left over after " + context.getDisplayName() + ": " + leak.getMessage(), leak);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
