/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.store;

import io.netty.util.ReferenceCounted;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * The tasks of one store on the disk, on {@link Schedulers#boundedElastic()}. Each task runs to its end: a cancellation
 * discards only the result. An interrupt of the thread would close the file for all its users. The store ends after its
 * last task.
 */
final class DiskTasks {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private final Callable<?> end;

    /** The number of tasks that have begun or are scheduled, and 1 until the close. No task begins after it was 0. */
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * Creates an open store without tasks.
     *
     * @param end frees the resources, after the last task
     */
    DiskTasks(Callable<?> end) {
        this.end = end;
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Runs a task for each subscription. Fails with a {@link org.peerwire.swarm.StoreException}. */
    <T> Mono<T> run(Callable<T> task) {
        return run(null, task);
    }

    /**
     * Runs a task for one subscription.
     *
     * @param held released after the task, and also if it does not run
     */
    <T> Mono<T> run(@Nullable ReferenceCounted held, Callable<T> task) {
        return Mono.create(sink -> {
            AtomicBoolean isCancelled = new AtomicBoolean();
            sink.onCancel(() -> isCancelled.set(true));
            Runnable run = () -> {
                T result = null;
                Throwable failure = null;
                try {
                    result = task.call();
                } catch (Throwable e) {
                    failure = Failures.of(e);
                } finally {
                    release(held);
                    leave();
                }
                if (failure == null) {
                    sink.success(result);
                } else if (!isCancelled.get()) {
                    sink.error(failure);
                }
            };
            if (!enter()) {
                release(held);
                sink.error(Failures.closed());
                return;
            }
            try {
                Schedulers.boundedElastic().schedule(run);
            } catch (RejectedExecutionException e) {
                release(held);
                leave();
                sink.error(e);
            }
        });
    }

    private static void release(@Nullable ReferenceCounted held) {
        if (held != null) {
            held.release();
        }
    }

    /** Lets no further task begin. Completes after the last one, when the resources are free. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            if (closed.compareAndSet(false, true)) {
                try {
                    Schedulers.boundedElastic().schedule(this::leave);
                } catch (RejectedExecutionException e) {
                    leave();
                }
            }
            return ended.asMono();
        });
    }

    private boolean enter() {
        return !closed.get() && users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            try {
                end.call();
                ended.tryEmitEmpty();
            } catch (Exception e) {
                ended.tryEmitError(Failures.of(e));
            }
        }
    }
}
