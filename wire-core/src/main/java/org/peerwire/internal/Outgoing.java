/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import org.jspecify.annotations.Nullable;
import org.peerwire.message.Message;
import reactor.core.publisher.MonoSink;

/**
 * A message on its way out, or a mark between messages.
 *
 * @param message what to write; null for a mark
 * @param sink who is told when it has been given to the socket, or that it has not
 * @param done what to run when it has been given to the socket
 * @param counted whether it counts against the limit of the queue
 */
record Outgoing(
        @Nullable Message message,
        @Nullable MonoSink<Void> sink,
        @Nullable Runnable done,
        boolean counted) {

    void fail(Throwable cause) {
        if (sink != null) {
            sink.error(cause);
        }
    }
}
