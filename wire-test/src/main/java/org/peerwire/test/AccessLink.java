/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * One direction of the access of a host. Its connections share the bandwidth: it serves one packet of each in turn, so
 * that a short message of one connection does not wait for all data of the others. It has at most one clock task.
 *
 * <pre>
 * connection a  ▪▪▪▪ ┐
 * connection b  ▪▪   ├─ a b c a b a a ─▶ next
 * connection c  ▪    ┘
 * </pre>
 */
final class AccessLink {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Scheduler clock;
    private final long bandwidth;
    private final int packet;
    private final ArrayDeque<AccessQueue> waiting = new ArrayDeque<>();
    private final ArrayDeque<Object> onItsWay = new ArrayDeque<>();
    private final Runnable passing = this::pass;
    private @Nullable AccessQueue served;
    private boolean paused;

    /**
     * Creates a link.
     *
     * @param packet the bytes that are served together
     */
    AccessLink(Scheduler clock, long bandwidth, int packet) {
        this.clock = clock;
        this.bandwidth = bandwidth;
        this.packet = packet;
    }

    /** Returns true if bytes do not wait here. */
    boolean isOpen() {
        return bandwidth == HostLink.UNLIMITED && !paused;
    }

    /** Stops, or continues with the queues that wait. A packet that is on its way still passes. */
    void pause(boolean paused) {
        this.paused = paused;
        serve();
    }

    /** Serves a queue in its turn, once. */
    void add(AccessQueue queue) {
        waiting.add(queue);
        serve();
    }

    /** Releases the packet that is on its way, if it is of this queue. */
    void cut(AccessQueue queue) {
        if (served == queue) {
            onItsWay.forEach(ReferenceCountUtil::release);
            onItsWay.clear();
        }
    }

    private void serve() {
        while (served == null && !paused && !waiting.isEmpty()) {
            AccessQueue next = waiting.remove();
            served = next;
            int bytes = next.takeInto(onItsWay, bandwidth == HostLink.UNLIMITED ? Integer.MAX_VALUE : packet);
            if (bytes == 0 || bandwidth == HostLink.UNLIMITED) {
                passOn(next);
            } else {
                clock.schedule(passing, bytes * SECOND / bandwidth, TimeUnit.NANOSECONDS);
            }
        }
    }

    private void pass() {
        passOn(Objects.requireNonNull(served));
        serve();
    }

    private void passOn(AccessQueue queue) {
        Object next;
        while ((next = onItsWay.poll()) != null) {
            queue.passOn(next);
        }
        served = null;
        if (queue.waitsAgain()) {
            waiting.add(queue);
        }
    }
}
