/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber without demand until the test requests it. */
final class SlowSubscriber<T> extends BaseSubscriber<T> {
    private final Consumer<? super T> consumer;

    SlowSubscriber(Consumer<? super T> consumer) {
        this.consumer = consumer;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {}

    @Override
    protected void hookOnNext(T value) {
        consumer.accept(value);
    }
}
