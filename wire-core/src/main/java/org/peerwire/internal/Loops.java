/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** The one way to the event loop. */
final class Loops {
    private Loops() {}

    /** Runs at once on the loop, else soon; at once too when the loop has ended, because then nobody else can. */
    static void run(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            task.run();
        }
    }
}
