/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber with the demand of the test, which keeps all signals. */
public final class Recorder<T> extends BaseSubscriber<T> {
    private final long initial;
    private final List<T> values = new ArrayList<>();
    private @Nullable Throwable error;
    private int ends;

    private Recorder(long initial) {
        this.initial = initial;
    }

    /** Creates a subscriber with unbounded demand. */
    public static <T> Recorder<T> of(Publisher<T> source) {
        return of(source, Long.MAX_VALUE);
    }

    public static <T> Recorder<T> of(Publisher<T> source, long demand) {
        Recorder<T> recorder = new Recorder<>(demand);
        source.subscribe(recorder);
        return recorder;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (initial > 0) {
            request(initial);
        }
    }

    @Override
    protected void hookOnNext(T value) {
        values.add(value);
    }

    @Override
    protected void hookOnComplete() {
        ends++;
    }

    @Override
    protected void hookOnError(Throwable cause) {
        error = cause;
        ends++;
    }

    public List<T> values() {
        return values;
    }

    /** Returns the error, or null. */
    @Nullable
    public Throwable error() {
        return error;
    }

    public boolean hasEnded() {
        return ends > 0;
    }

    public boolean hasCompleted() {
        return ends == 1 && error == null;
    }
}
