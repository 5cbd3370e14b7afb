/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * An event loop without a thread, for the tests of all rooms. A test is on the loop, except inside {@link #elsewhere}.
 * A task that is handed to the loop waits until {@link #runTasks}.
 */
public final class ManualLoop extends DefaultEventLoop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean away;
    private boolean stopped;

    /** Makes calls as another thread would. */
    public void elsewhere(Runnable calls) {
        away = true;
        try {
            calls.run();
        } finally {
            away = false;
        }
    }

    /** Runs the waiting tasks, and the tasks that they add, on the loop. */
    public void runTasks() {
        Runnable next;
        while ((next = tasks.poll()) != null) {
            next.run();
        }
    }

    /** Refuses tasks from now on. */
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return !away;
    }

    @Override
    public void execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("the loop has shut down");
        }
        tasks.add(task);
    }
}
