/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A view of a scheduler that runs every task, also one whose worker is disposed before it begins.
 *
 * <p>A cancelled {@code publishOn} disposes its worker, and leaves its queue to the task that would have emptied it.
 * Where the scheduler drops that task, the buffers in the queue are lost.
 *
 * @see <a href="https://github.com/reactor/reactor-core/issues/4396">reactor-core issue 4396</a>
 */
record LastingTasks(Scheduler scheduler) implements Scheduler {

    @Override
    public Disposable schedule(Runnable task) {
        scheduler.schedule(task);
        return Disposables.disposed();
    }

    @Override
    public Worker createWorker() {
        return new LastingWorker(scheduler, Disposables.single());
    }

    private record LastingWorker(Scheduler scheduler, Disposable end) implements Worker {

        @Override
        public Disposable schedule(Runnable task) {
            scheduler.schedule(task);
            return Disposables.disposed();
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
