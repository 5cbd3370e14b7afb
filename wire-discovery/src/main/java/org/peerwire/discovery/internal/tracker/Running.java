/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The announcements that have not ended. Thread-safe. */
public final class Running {
    private final Set<Sinks.Empty<Void>> all = ConcurrentHashMap.newKeySet();

    /** Notes the begin of an announcement. Returns a task to run at its end. */
    public Runnable begun() {
        Sinks.Empty<Void> end = Sinks.empty();
        all.add(end);
        return () -> {
            all.remove(end);
            end.tryEmitEmpty();
        };
    }

    /** Completes when those that run at the subscription have ended. */
    public Mono<Void> ended() {
        return Flux.defer(() -> Flux.fromIterable(all))
                .concatMap(Sinks.Empty::asMono)
                .then();
    }
}
