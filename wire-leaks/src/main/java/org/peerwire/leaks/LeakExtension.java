/* SPDX-License-Identifier: MIT */
package org.peerwire.leaks;

import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a Netty buffer unreleased. Works only in a JVM started with
 * {@code -Dio.netty.customResourceLeakDetector=org.peerwire.leaks.LeakDetector}; {@link LeakDetector} says what it
 * counts. In a JVM without it, prints once to standard error that leaks are not detected. Fails every test class in a
 * JVM with it that does not use the detector.
 *
 * <p>Waits up to 5 s for buffers that another thread still has to release, such as an event loop. Reports a buffer
 * once, so that the next test class does not fail for it. Checks a nested test class together with its outermost class.
 * Cannot tell apart the buffers of test classes that run in parallel.
 *
 * <p>JUnit registers it for all test classes if {@code junit.jupiter.extensions.autodetection.enabled} is true.
 */
public final class LeakExtension implements AfterAllCallback {
    private static final String PROPERTY = "io.netty.customResourceLeakDetector";
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    /** Creates the extension; called by JUnit. */
    public LeakExtension() {
        // Netty reads files when it is loaded, which BlockHound forbids an event loop or a timer thread
        Unpooled.EMPTY_BUFFER.touch();
        NetUtil.isIpV4StackPreferred();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        boolean nested =
                context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
        if (nested) {
            return;
        }
        if (!LeakDetector.isInUse()) {
            failIfRequested();
            warnOnce();
            return;
        }
        long start = System.nanoTime();
        while (LeakDetector.liveBuffers() > 0 && System.nanoTime() - start < TIMEOUT_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        LeakDetector.check(" within " + TimeUnit.NANOSECONDS.toSeconds(TIMEOUT_NANOS) + " s after the tests of "
                + context.getRequiredTestClass().getName());
    }

    private static void failIfRequested() {
        if (LeakDetector.class.getName().equals(System.getProperty(PROPERTY))) {
            throw new IllegalStateException("-D" + PROPERTY + " names the detector, but buffer leaks are not detected:"
                    + " the level of io.netty.leakDetection must not be disabled, was "
                    + ResourceLeakDetector.getLevel()
                    + "; at another level, Netty has logged why it cannot load the detector");
        }
    }

    private static void warnOnce() {
        if (WARNED.compareAndSet(false, true)) {
            System.err.println("Buffer leaks are not detected in this JVM. To detect them, start it with" + " -D"
                    + PROPERTY + "=" + LeakDetector.class.getName());
        }
    }
}
