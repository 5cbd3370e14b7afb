/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Signals of several threads for any number of subscribers. A slow one loses its oldest signals, and slows nobody. */
public final class Watchers<T> {
    static final int MAX_WAITING = 256;

    private final Set<FluxSink<T>> sinks = ConcurrentHashMap.newKeySet();

    /** Returns each signal from the subscription on. Does not end. */
    public Flux<T> flux() {
        return Flux.<T>create(
                        sink -> {
                            sinks.add(sink);
                            sink.onDispose(() -> sinks.remove(sink));
                        },
                        FluxSink.OverflowStrategy.IGNORE)
                .onBackpressureBuffer(MAX_WAITING, lost -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    /** Emits a signal. */
    public void emit(T signal) {
        sinks.forEach(sink -> sink.next(signal));
    }
}
