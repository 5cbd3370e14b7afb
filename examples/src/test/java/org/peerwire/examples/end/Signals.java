/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.end;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber that counts the terminal signals of one publisher, of which there must be one. */
class Signals implements CoreSubscriber<Object> {
    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile @Nullable Throwable error;

    @Override
    public void onSubscribe(Subscription s) {
        subscription.set(s);
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object value) {
        if (value instanceof Block block) {
            block.data().release();
        }
    }

    @Override
    public void onError(Throwable cause) {
        error = cause;
        ends.incrementAndGet();
    }

    @Override
    public void onComplete() {
        ends.incrementAndGet();
    }

    /** Returns the number of terminal signals so far. */
    int ends() {
        return ends.get();
    }

    boolean hasEnded() {
        return ends() > 0;
    }

    /** Returns true after a completion, false before the end and after an error. */
    boolean hasCompleted() {
        return hasEnded() && error == null;
    }

    @Nullable
    Throwable error() {
        return error;
    }

    void cancel() {
        Subscription s = subscription.get();
        if (s != null) {
            s.cancel();
        }
    }

    void request(long n) {
        Subscription s = subscription.get();
        if (s != null) {
            s.request(n);
        }
    }

    void subscribed(Subscription s) {
        subscription.set(s);
    }
}
