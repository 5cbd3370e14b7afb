/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.loop;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/**
 * The one thread of a swarm, as a scheduler: a single worker of the clock of the options. All mutable state of a swarm
 * is confined to it, so tasks see each other's changes.
 *
 * <p>Runs every task, also one of a worker that is disposed before the task begins. A cancelled {@code publishOn}
 * disposes its worker, and leaves its queue to the task that would have emptied it. Where a scheduler drops that task,
 * the buffers in the queue are lost.
 *
 * @see <a href="https://github.com/reactor/reactor-core/issues/4396">reactor-core issue 4396</a>
 */
public final class SwarmLoop implements Scheduler {
    private final Scheduler clock;
    private final Worker worker;

    /** The tasks without a delay. The worker has one task for all of them, which its disposal does not drop. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** The number of tasks that are in the queue or running. Whoever adds the first one runs the queue. */
    private final AtomicInteger pending = new AtomicInteger();

    private final Consumer<Throwable> onFatal;

    /** Creates a loop on a worker of a scheduler, which only reports fatal errors. */
    public SwarmLoop(Scheduler clock) {
        this(clock, error -> {});
    }

    /**
     * Creates a loop on a worker of a scheduler.
     *
     * @param onFatal called on the loop when the JVM has failed a task, for example without memory: what the task has
     *     left undone is unknown, so its owner must end
     */
    public SwarmLoop(Scheduler clock, Consumer<Throwable> onFatal) {
        this.clock = clock;
        this.worker = clock.createWorker();
        this.onFatal = onFatal;
    }

    /** Runs a task soon; on the calling thread if the loop is disposed, because no other thread will. */
    @Override
    public Disposable schedule(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            try {
                worker.schedule(this::runAll);
            } catch (RejectedExecutionException e) {
                runAll();
            }
        }
        return Disposables.disposed();
    }

    private void runAll() {
        do {
            run(Objects.requireNonNull(tasks.poll()));
        } while (pending.decrementAndGet() > 0);
    }

    /** Runs a task. Whatever it throws, the tasks after it run: the executor would tell nobody of a fatal error. */
    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            if (Exceptions.isJvmFatal(e)) {
                attempt(() -> onFatal.accept(e));
            }
            Thread thread = Thread.currentThread();
            attempt(() -> thread.getUncaughtExceptionHandler().uncaughtException(thread, e));
        }
    }

    /** Runs a step that may fail as well, where the memory has run out. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable ignored) {
            // the error before it is the cause, and has been told as far as possible
        }
    }

    /** Runs a task after a delay, or not at all if the loop is disposed before. */
    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        try {
            return worker.schedule(() -> run(task), delay, unit);
        } catch (RejectedExecutionException e) {
            return Disposables.disposed();
        }
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return worker.schedulePeriodically(() -> run(task), initialDelay, period, unit);
    }

    @Override
    public long now(TimeUnit unit) {
        return clock.now(unit);
    }

    /** Returns the time of the clock in milliseconds. */
    public long millis() {
        return clock.now(TimeUnit.MILLISECONDS);
    }

    /** Returns the number of tasks without a delay that wait or run. */
    public int pending() {
        return pending.get();
    }

    /** Frees the thread after the tasks that are scheduled now. */
    @Override
    public void dispose() {
        schedule(worker::dispose);
    }

    @Override
    public boolean isDisposed() {
        return worker.isDisposed();
    }

    @Override
    public Worker createWorker() {
        return new LoopWorker(this, Disposables.single());
    }

    private record LoopWorker(SwarmLoop loop, Disposable end) implements Worker {

        @Override
        public Disposable schedule(Runnable task) {
            return loop.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return loop.schedule(task, delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return loop.schedulePeriodically(task, initialDelay, period, unit);
        }

        @Override
        public void dispose() {
            end.dispose();
        }

        @Override
        public boolean isDisposed() {
            return end.isDisposed();
        }
    }
}
