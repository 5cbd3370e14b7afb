/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.ConnectionException;
import org.peerwire.Wire;
import org.peerwire.WireException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The facts that every part of a wire shares: its event loop, clock, counters, life, failure and, once it is open, the
 * wire itself. A part that starts something asks here first whether the wire has ended.
 */
public final class WireContext {
    private final EventLoop loop;
    private final ActiveClock clock;
    private final Counters counters = new Counters();
    private volatile Life life = Life.OPENING;
    private volatile @Nullable WireException failure;

    @EventLoopOnly
    private @Nullable Wire wire;

    @EventLoopOnly
    private Consumer<@Nullable WireException> closer = cause -> {};

    /** Creates the context of a connection that begins. */
    public WireContext(EventLoop loop, Scheduler scheduler) {
        this.loop = loop;
        this.clock = new ActiveClock(scheduler);
    }

    /** Returns the connection's event loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Returns the clock of the connection. */
    @EventLoopOnly
    public ActiveClock clock() {
        return clock;
    }

    /** Returns the counters of the connection. */
    public Counters counters() {
        return counters;
    }

    /** Runs a task on the event loop: at once when called there, otherwise soon. Any thread. */
    public void run(Runnable task) {
        Loops.run(loop, task);
    }

    // ---- life ----

    /** Returns true after the end. Any thread. */
    public boolean isEnded() {
        return life == Life.ENDED;
    }

    /** Returns true between an orderly close and the end. */
    @EventLoopOnly
    public boolean isClosing() {
        return life == Life.CLOSING;
    }

    /** Moves the life on. Returns false, and changes nothing, if it has reached that state or a later one. */
    @EventLoopOnly
    public boolean enter(Life next) {
        if (next.compareTo(life) <= 0) {
            return false;
        }
        life = next;
        return true;
    }

    /**
     * Replaces the closer of everything that has been started so far. The new closer is called once,
     * when the connection ends, and at once if it has ended already.
     */
    @EventLoopOnly
    public void closeWith(Consumer<@Nullable WireException> next) {
        closer = next;
        if (isEnded()) {
            next.accept(failure);
        }
    }

    /**
     * Ends the connection, once.
     *
     * @param cause null for an orderly end
     */
    @EventLoopOnly
    public void end(@Nullable WireException cause) {
        if (!isEnded()) {
            failure = cause; // before the state, for threads that read both
            enter(Life.ENDED);
            closer.accept(cause);
        }
    }

    /** Returns the exception for a call that comes after the end. Any thread. */
    public ConnectionException closedException() {
        WireException cause = failure;
        String why = cause == null ? "" : ": " + cause.getMessage();
        return new ConnectionException(ConnectionException.Reason.CLOSED, "the wire has ended" + why, cause);
    }

    /** Enters {@link Life#OPEN} with the wire that the user will receive. */
    @EventLoopOnly
    public void open(Wire opened) {
        wire = opened;
        enter(Life.OPEN);
    }

    /**
     * Returns the open wire.
     *
     * @throws IllegalStateException before {@link #open}
     */
    @EventLoopOnly
    public Wire wire() {
        Wire opened = wire;
        if (opened == null) {
            throw new IllegalStateException("the wire must be open, was " + life);
        }
        return opened;
    }

    // ---- time ----

    /**
     * Runs a task on the loop after a delay, unless the connection has ended by then. Starts no timer after the end.
     */
    @EventLoopOnly
    public Disposable after(long millis, Runnable task) {
        return isEnded()
                ? Disposables.disposed()
                : clock.scheduler().schedule(() -> runUnlessEnded(task), millis, TimeUnit.MILLISECONDS);
    }

    /** Runs a task on the loop periodically until it is disposed. Starts no timer after the end. */
    @EventLoopOnly
    public Disposable every(long millis, Runnable task) {
        return isEnded()
                ? Disposables.disposed()
                : clock.scheduler()
                        .schedulePeriodically(() -> runUnlessEnded(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void runUnlessEnded(Runnable task) {
        run(() -> {
            if (!isEnded()) {
                task.run();
            }
        });
    }
}
