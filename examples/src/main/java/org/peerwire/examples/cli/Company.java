/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmStats;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The limit of the time without peers, for commands that ask their swarm for no data. A swarm has no limit for these.
 * Confined to the thread of the swarm.
 */
final class Company {
    private static final Duration TICK = Duration.ofMillis(250);

    private final Swarm swarm;
    private final Patience patience;
    private final Scheduler clock = Schedulers.parallel();
    private boolean connected;
    private long last;
    private String reason = "";

    Company(Swarm swarm, Patience patience) {
        this.swarm = swarm;
        this.patience = patience;
    }

    /**
     * Starts the swarm on subscription, and passes its events on. Never completes. Fails with {@link SwarmException}
     * UNREACHABLE after too long a time without peers.
     */
    Mono<Void> watch(Consumer<SwarmEvent> events) {
        return Mono.defer(() -> {
            last = clock.now(TimeUnit.MILLISECONDS);
            Mono<Void> heard = swarm.events()
                    .doOnNext(event -> {
                        note(event);
                        events.accept(event);
                    })
                    .then();
            Mono<Void> checked = Flux.interval(TICK, clock)
                    .onBackpressureDrop()
                    .concatMap(tick -> swarm.stats(), 1)
                    .doOnNext(this::check)
                    .then();
            return Mono.when(heard, checked);
        });
    }

    private void note(SwarmEvent event) {
        if (event instanceof SwarmEvent.Connected) {
            connected = true;
            last = clock.now(TimeUnit.MILLISECONDS);
        } else if (event instanceof SwarmEvent.Unreachable unreachable) {
            reason = " (" + Addresses.text(unreachable.peer()) + ": " + unreachable.reason() + ")";
        } else if (event instanceof SwarmEvent.Disconnected lost) {
            reason = " (" + Addresses.text(lost.peer()) + ": " + lost.reason() + ")";
        }
    }

    private void check(SwarmStats stats) {
        long now = clock.now(TimeUnit.MILLISECONDS);
        @Nullable Duration limit = connected ? patience.again() : patience.reach();
        if (stats.wires() > 0) {
            last = now;
        } else if (limit != null && now - last > limit.toMillis()) {
            String what = connected ? "no peer has been connected for " : "no peer could be reached within ";
            throw new SwarmException(SwarmException.Reason.UNREACHABLE, what + Reasons.text(limit) + reason);
        }
    }
}
