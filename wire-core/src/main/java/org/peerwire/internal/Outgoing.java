/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.Message;
import reactor.core.publisher.MonoSink;

/**
 * A message on its way out, or a mark between messages.
 *
 * @param message what to write; null for a mark
 * @param sink who is told when it has been given to the socket, or that it has not
 * @param done what to run when it has been given to the socket
 * @param counter what counts it while it waits, or null
 * @param origin who wants it to be written
 */
record Outgoing(
        @Nullable Message message,
        @Nullable MonoSink<Void> sink,
        @Nullable Runnable done,
        @Nullable AtomicInteger counter,
        Origin origin) {

    /** Who wants it to be written. */
    enum Origin {
        USER,
        ENGINE,
        PEER
    }

    boolean byHand() {
        return origin == Origin.USER;
    }

    /** It does not wait any more. */
    void left() {
        if (counter != null) {
            counter.decrementAndGet();
        }
    }

    void fail(Throwable cause) {
        if (sink != null) {
            sink.error(cause);
        }
    }
}
