/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/**
 * Computes the key exchanges of a client or server, on a scheduler and not on the event loops. The number of
 * computations at once and the number that wait are limited. Thread-safe.
 */
public final class KeyExchanges {
    private final Scheduler scheduler;
    private final int atOnce;
    private final int atMost;
    private final Randomness randomness = Randomness.secure();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();

    /** Computes at most {@code atOnce} exchanges at a time, while at most {@code waiting} more wait. */
    public KeyExchanges(Scheduler scheduler, int atOnce, int waiting) {
        this.scheduler = scheduler;
        this.atOnce = atOnce;
        this.atMost = atOnce + waiting;
    }

    /** Returns the source of secrets and pads. */
    public Randomness randomness() {
        return randomness;
    }

    /** Returns the maximum number of exchanges that are computed or wait. */
    public int limit() {
        return atMost;
    }

    /** Runs the work in its turn. Returns false if the limit is reached or the scheduler is disposed. */
    public boolean submit(Runnable work) {
        if (unfinished.incrementAndGet() > atMost) {
            unfinished.decrementAndGet();
            return false;
        }
        waiting.add(work);
        if (!hire() && waiting.remove(work)) {
            unfinished.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Starts another worker, if work waits and the limit allows one. */
    private boolean hire() {
        int now;
        do {
            now = workers.get();
            if (now >= atOnce || waiting.isEmpty()) {
                return true;
            }
        } while (!workers.compareAndSet(now, now + 1));
        try {
            scheduler.schedule(this::work);
            return true;
        } catch (RejectedExecutionException disposed) {
            workers.decrementAndGet();
            return false;
        }
    }

    private void work() {
        try {
            Runnable next;
            while ((next = waiting.poll()) != null) {
                try {
                    next.run();
                } finally {
                    unfinished.decrementAndGet();
                }
            }
        } finally {
            workers.decrementAndGet();
            hire(); // for work that arrived after the last poll
        }
    }
}
