/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** The one way to the event loop. */
public final class Loops {
    private Loops() {}

    /**
     * Runs a task on the loop: at once when called there, otherwise soon. When the loop has shut down, runs it on the
     * calling thread, because no other thread will.
     */
    public static void run(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException shutDown) {
            task.run();
        }
    }
}
