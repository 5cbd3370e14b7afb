/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Signals for any number of subscribers. A slow one loses its oldest signals beyond 1,024, and slows nobody. Confined to
 * the thread of the swarm.
 */
final class Broadcast<T> {
    private static final int MAX_WAITING = 1_024;

    private final SwarmLoop loop;
    private final Set<FluxSink<T>> subscribers = new LinkedHashSet<>();
    private boolean completed;

    Broadcast(SwarmLoop loop) {
        this.loop = loop;
    }

    /**
     * Returns what is there at the subscription, then each new signal. Any thread may subscribe.
     *
     * @param begin called at each subscription; misses no signal of what it schedules on the thread of the swarm
     */
    Flux<T> flux(Supplier<? extends Collection<T>> there, Runnable begin) {
        return Flux.<T>create(sink -> {
                    loop.schedule(() -> join(sink, there.get()));
                    begin.run();
                })
                .onBackpressureBuffer(MAX_WAITING, lost -> {}, BufferOverflowStrategy.DROP_OLDEST);
    }

    private void join(FluxSink<T> sink, Collection<T> there) {
        if (sink.isCancelled()) {
            return;
        }
        there.forEach(sink::next);
        if (completed) {
            sink.complete();
        } else {
            subscribers.add(sink);
            sink.onDispose(() -> loop.schedule(() -> subscribers.remove(sink)));
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
