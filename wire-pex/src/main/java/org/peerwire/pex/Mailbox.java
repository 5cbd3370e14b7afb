/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Runs tasks one after another, on the thread that brings one while none runs. What only tasks touch needs no lock.
 */
final class Mailbox {
    private final Queue<Runnable> tasks =
            Queues.<Runnable>unboundedMultiproducer().get();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Runs the task now, or after those before it; a task posted by a task runs after it. */
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
        } catch (Throwable t) { // a task that fails must not keep the others waiting
            Exceptions.throwIfJvmFatal(t);
            Operators.onErrorDropped(t, Context.empty());
        }
    }
}
