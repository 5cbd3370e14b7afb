/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * An extension that fails a test class in which an event loop or a timer thread made a blocking call. BlockHound throws
 * at the call; this extension also finds the errors that were caught silently. Allows only {@link ShortWaits} and the
 * defaults of BlockHound, Netty and Reactor.
 */
public final class BlockingCalls implements BlockHoundIntegration, AfterAllCallback {
    private static final Queue<BlockingOperationError> SEEN = new ConcurrentLinkedQueue<>();

    /** For BlockHound and for JUnit. */
    public BlockingCalls() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.blockingMethodCallback(method -> {
            BlockingOperationError error = new BlockingOperationError(method);
            SEEN.add(error);
            throw error;
        });
    }

    @Override
    public void afterAll(ExtensionContext context) {
        BlockingOperationError first = next();
        SEEN.clear();
        if (first != null) {
            throw new AssertionError("event loops and timer threads must not block", first);
        }
    }

    /**
     * Removes and returns the oldest blocking call, which then does not fail the class. Returns null without a call.
     */
    public static @Nullable BlockingOperationError next() {
        return SEEN.poll();
    }
}
