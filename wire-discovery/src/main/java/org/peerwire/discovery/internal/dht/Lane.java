/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.util.ArrayDeque;
import java.util.Queue;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One subscription to results of a node. Its signals and its state are confined to the loop. Results without demand
 * wait; the one who offers them stops while there is no demand.
 */
abstract class Lane<T> implements Subscription {
    final Engine engine;
    private final CoreSubscriber<? super T> actual;
    private final Queue<T> waiting = new ArrayDeque<>();
    private long demand;
    private boolean complete;
    private boolean terminated;
    private volatile boolean cancelled;

    Lane(Engine engine, CoreSubscriber<? super T> actual) {
        this.engine = engine;
        this.actual = actual;
    }

    /** Subscribes, and begins once the node has started. */
    final void open() {
        actual.onSubscribe(this);
        engine.whenRunning(
                () -> {
                    if (isOpen()) {
                        engine.lanes().add(this);
                        begin();
                    }
                },
                this::fail);
    }

    /** Begins the work. */
    abstract void begin();

    /** Goes on, if the work has begun: there is more demand. */
    abstract void proceed();

    /** Ends the work, if it has begun. */
    abstract void stop();

    /** Returns true if the subscriber waits for a result. */
    final boolean hasDemand() {
        return demand > 0;
    }

    /** Returns false after a cancellation or the last signal. */
    final boolean isOpen() {
        return !cancelled && !terminated;
    }

    final void offer(T result) {
        waiting.add(result);
        drain();
    }

    /** Completes after the results that wait. */
    final void complete() {
        complete = true;
        drain();
    }

    final void fail(Throwable error) {
        if (isOpen()) {
            terminate();
            actual.onError(error);
        }
    }

    private void terminate() {
        terminated = true;
        engine.lanes().remove(this);
    }

    private void drain() {
        while (demand > 0 && !waiting.isEmpty() && isOpen()) {
            demand--;
            actual.onNext(waiting.remove());
        }
        if (complete && waiting.isEmpty() && isOpen()) {
            terminate();
            actual.onComplete();
        }
    }

    @Override
    public void request(long n) {
        engine.loop().execute(() -> {
            if (n <= 0) {
                stop();
                fail(new IllegalArgumentException("the demand must be positive, was " + n));
                return;
            }
            demand = Operators.addCap(demand, n);
            drain();
            if (isOpen()) {
                proceed();
            }
        });
    }

    @Override
    public void cancel() {
        cancelled = true;
        engine.loop().execute(() -> {
            engine.lanes().remove(this);
            stop();
            waiting.clear();
        });
    }
}
