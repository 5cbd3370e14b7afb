/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.encryption;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;

/**
 * Where key exchanges are computed: away from the event loops, so many at once and so many waiting, for all the
 * connections of a client or server. Thread-safe.
 */
public final class KeyExchanges {
    private final Scheduler scheduler;
    private final int atOnce;
    private final int atMost;
    private final Randomness randomness = Randomness.secure();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();

    /** At most {@code atOnce} at a time on this scheduler, and at most {@code waiting} more that wait for it. */
    public KeyExchanges(Scheduler scheduler, int atOnce, int waiting) {
        this.scheduler = scheduler;
        this.atOnce = atOnce;
        this.atMost = atOnce + waiting;
    }

    /** Where secrets and pads come from. */
    public Randomness randomness() {
        return randomness;
    }

    /** How many wait and are computed at most. */
    public int limit() {
        return atMost;
    }

    /** Does the work as soon as it is its turn; false when too much is waiting, or nobody works. */
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

    /** Sees to it that somebody works, if work waits and there may be one more. */
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
            hire(); // for what came after the last look
        }
    }
}
