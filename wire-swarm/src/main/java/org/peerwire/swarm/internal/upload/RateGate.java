/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.rate.Rates;
import reactor.core.Disposable;

/**
 * The wires with reads that wait for tokens, in turn. One timer wakes them all. Confined to the thread of the swarm,
 * except where noted.
 */
final class RateGate {
    /** Tokens gather for as long as this. Far less than what a bucket holds, so none are lost. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    /** A limit may have been raised since the time was computed. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    private final SwarmLoop loop;
    private final Rates shared;
    private final Random random;
    private final ArrayDeque<GateOfWire> turns = new ArrayDeque<>();
    private volatile boolean contended;
    private volatile boolean stopped;
    private @Nullable Disposable timer;
    private long wakeAt;

    /**
     * Creates an empty queue.
     *
     * @param shared the limits that all wires share
     */
    RateGate(SwarmLoop loop, Rates shared, Random random) {
        this.loop = loop;
        this.shared = shared;
        this.random = random;
    }

    /** Returns the time of the limits. Any thread. */
    long now() {
        return loop.now(TimeUnit.NANOSECONDS);
    }

    /** Returns true if wires wait for a limit that they share, so that nobody may overtake them. Any thread. */
    boolean isContended() {
        return contended;
    }

    /** Adds a wire, which is not in the queue. Any thread. */
    void join(GateOfWire wire) {
        loop.schedule(() -> onJoined(wire));
    }

    private void onJoined(GateOfWire wire) {
        if (stopped) {
            wire.refuse();
            wire.onLeft();
            return;
        }
        turns.add(wire);
        if (contended) {
            return; // the timer runs
        }
        // the others, if any, wait for their own limits only
        long now = now();
        long wait = serve(wire, now);
        if (wait == 0) {
            turns.remove(wire);
            wire.onLeft();
        } else {
            contended = shared.nanosUntilReady(now) > 0;
            wakeIn(wait, now);
        }
    }

    /** Pays the reads of one wire. Returns the nanoseconds until its next one, or 0 if none waits. */
    private long serve(GateOfWire wire, long now) {
        Payment next;
        while ((next = wire.next()) != null) {
            if (!wire.tryPay(next, now)) {
                return Math.max(1, wire.nanosUntilReady(now));
            }
        }
        return 0;
    }

    private void wake() {
        timer = null;
        long now = now();
        long wait = Long.MAX_VALUE;
        List<GateOfWire> refused = new ArrayList<>();
        while (!turns.isEmpty() && shared.nanosUntilReady(now) == 0) {
            GateOfWire wire = turns.remove();
            Payment next = wire.next();
            if (next == null) {
                wire.onLeft();
            } else if (wire.tryPay(next, now)) {
                turns.add(wire); // to the end: one block for each in turn
            } else {
                refused.add(wire);
                wait = Math.min(wait, wire.nanosUntilReady(now));
            }
        }
        turns.removeIf(RateGate::hasLeft); // cancelled, so that no timer runs for nobody
        contended = !turns.isEmpty();
        turns.addAll(refused);
        if (!turns.isEmpty()) {
            wakeIn(contended ? shared.nanosUntilReady(now) : wait, now);
        }
    }

    private static boolean hasLeft(GateOfWire wire) {
        boolean isEmpty = wire.next() == null;
        if (isEmpty) {
            wire.onLeft();
        }
        return isEmpty;
    }

    /** Starts the timer, if it does not run out earlier. By chance a bit later, so that swarms of one host take turns. */
    private void wakeIn(long wait, long now) {
        long delay = Math.min(LONGEST, Math.max(PAUSE, wait) + random.nextInt((int) PAUSE));
        Disposable running = timer;
        if (running != null && wakeAt - now <= delay) {
            return;
        }
        if (running != null) {
            running.dispose();
        }
        wakeAt = now + delay;
        timer = loop.schedule(this::wake, delay, TimeUnit.NANOSECONDS);
    }

    /** Returns the number of wires with reads that wait. */
    int size() {
        return turns.size();
    }

    /** Removes an ended wire. */
    void remove(GateOfWire wire) {
        if (turns.remove(wire)) {
            wire.refuse();
            wire.onLeft();
        }
    }

    /** Ends all waits without a block, and every later one. */
    void stop() {
        stopped = true;
        contended = false;
        if (timer != null) {
            timer.dispose();
            timer = null;
        }
        GateOfWire wire;
        while ((wire = turns.poll()) != null) {
            wire.refuse();
            wire.onLeft();
        }
    }
}
