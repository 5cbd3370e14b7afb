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
 * Fails a test class in which an event loop or a timer thread made a blocking call. BlockHound throws there and then; this
 * is for what caught it and said nothing. Nothing is allowed here beyond {@link ShortWaits} and what BlockHound, Netty and Reactor allow.
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
            throw new AssertionError("a thread that must not block has blocked", first);
        }
    }

    /** Takes the oldest blocking call, which then fails nothing; null if there was none. */
    public static @Nullable BlockingOperationError next() {
        return SEEN.poll();
    }
}
