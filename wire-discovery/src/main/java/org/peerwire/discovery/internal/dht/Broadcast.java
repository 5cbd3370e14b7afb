/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Signals for any number of subscribers. A slow one loses its oldest beyond 1,024. Confined to the loop. */
final class Broadcast<T> {
    private static final int MAX_WAITING = 1_024;

    private final DhtLoop loop;
    private final Set<FluxSink<T>> subscribers = new LinkedHashSet<>();
    private boolean completed;

    Broadcast(DhtLoop loop) {
        this.loop = loop;
    }

    /** Returns the signals from the subscription on. Any thread may subscribe. */
    Flux<T> flux() {
        return Flux.<T>create(sink -> loop.execute(() -> join(sink)))
                .onBackpressureBuffer(MAX_WAITING, lost -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    private void join(FluxSink<T> sink) {
        if (completed) {
            sink.complete();
        } else if (!sink.isCancelled()) {
            subscribers.add(sink);
            sink.onDispose(() -> loop.execute(() -> subscribers.remove(sink)));
        }
    }

    void emit(T signal) {
        List.copyOf(subscribers).forEach(sink -> sink.next(signal));
    }

    void complete() {
        completed = true;
        List.copyOf(subscribers).forEach(FluxSink::complete);
    }
}
