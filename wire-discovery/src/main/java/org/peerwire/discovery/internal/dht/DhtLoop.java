/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.peerwire.discovery.internal.net.MonotonicTime;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The one thread of a node: a worker of a scheduler. Runs every task, in order; after its end on the calling thread,
 * where a task only finds the node closed. A worker drops tasks when it is disposed, and their subscribers would wait.
 */
final class DhtLoop {
    /** The maximum number of datagrams that wait for the thread. Further ones are discarded, as a socket would. */
    private static final int MAX_WAITING = 4_096;

    private final Scheduler scheduler;
    private final Scheduler.Worker worker;
    private final MonotonicTime time;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** The number of tasks that are in the queue or running. Whoever adds the first one runs the queue. */
    private final AtomicInteger pending = new AtomicInteger();

    DhtLoop(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.worker = scheduler.createWorker();
        this.time = new MonotonicTime(scheduler);
    }

    /** Returns the milliseconds since the loop was created. */
    long now() {
        return time.millis();
    }

    /** Runs a task soon. Any thread may call it. */
    void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            try {
                worker.schedule(this::runAll);
            } catch (RejectedExecutionException ended) {
                runAll();
            }
        }
    }

    /** Runs the work for a datagram soon, or never if too many wait. Any thread may call it. */
    void offer(Runnable work) {
        if (pending.get() < MAX_WAITING) {
            execute(work);
        }
    }

    private void runAll() {
        do {
            run(Objects.requireNonNull(tasks.poll()));
        } while (pending.decrementAndGet() > 0);
    }

    /** Runs a task. Whatever it throws, the tasks after it run. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** Runs a task later, unless it is disposed or the loop ends before. */
    Disposable after(long millis, Runnable task) {
        try {
            return worker.schedule(() -> run(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            return Disposables.disposed();
        }
    }

    /** Runs a task again and again, until it is disposed or the loop ends. */
    Disposable every(Duration period, Runnable task) {
        long millis = period.toMillis();
        try {
            return worker.schedulePeriodically(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            return Disposables.disposed();
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** Frees the thread after the tasks that wait now. */
    void end() {
        execute(worker::dispose);
    }
}
