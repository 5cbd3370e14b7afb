/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * A queue of tasks that run one after another, on the thread that posts a task while none runs. State that only tasks
 * access needs no lock.
 */
final class Mailbox {
    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Runs a task now, or after the tasks before it. A task that another task posts runs after that one. */
    void post(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
                run(next);
            }
            seen = waiting.addAndGet(-seen);
        } while (seen != 0);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) { // a task that fails must not stop the others
            Exceptions.throwIfJvmFatal(t);
            Operators.onErrorDropped(t, Context.empty());
        }
    }
}
