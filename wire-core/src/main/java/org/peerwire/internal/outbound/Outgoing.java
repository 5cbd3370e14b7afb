/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.outbound;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peerwire.message.Message;
import reactor.core.publisher.MonoSink;

/**
 * A message on its way out, or a mark between messages.
 *
 * @param message the message to write; null for a mark
 * @param sink completes when the message has been given to the socket, fails when it has not
 * @param done runs when the message has been given to the socket
 * @param counter the counter of waiting messages to decrement when this one leaves the queue, or null
 * @param origin the side that wants it to be written
 */
record Outgoing(
        @Nullable Message message,
        @Nullable MonoSink<Void> sink,
        @Nullable Runnable done,
        @Nullable AtomicInteger counter,
        Origin origin) {

    /** The side that wants a message to be written. */
    enum Origin {
        USER,
        WIRE,
        PEER
    }

    boolean byUser() {
        return origin == Origin.USER;
    }

    /** Notes that it does not wait any more. */
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
