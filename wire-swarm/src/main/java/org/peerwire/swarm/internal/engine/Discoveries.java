/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.engine;

import java.util.List;
import java.util.function.Consumer;
import org.peerwire.Features;
import org.peerwire.Wire;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Discovery;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.peers.Connections;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The sources of addresses of a swarm. Those that a private torrent must not use end when it is known to be private. */
final class Discoveries {
    private final SwarmLoop loop;
    private final List<Discovery> all;
    private final Consumer<SwarmEvent> events;
    private final Sinks.Empty<Void> forbidden = Sinks.empty();
    private final Disposable.Composite running = Disposables.composite();

    /** The number of sources that have not ended. Confined to the thread of the swarm. */
    private int open;

    /** Written on the thread of the swarm, read by wires. */
    private volatile boolean isPrivate;

    /**
     * Creates sources that are not started.
     *
     * @param events called on the thread of the swarm
     */
    Discoveries(SwarmLoop loop, List<Discovery> all, Consumer<SwarmEvent> events) {
        this.loop = loop;
        this.all = all;
        this.events = events;
    }

    // ---- the thread of the swarm ----

    /** Subscribes to the sources that are allowed. */
    void start(Swarm swarm, Connections connections) {
        List<Discovery> allowed = all.stream().filter(this::isAllowed).toList();
        open = allowed.size();
        connections.expecting(open > 0);
        allowed.forEach(discovery -> subscribe(discovery, swarm, connections));
    }

    private void subscribe(Discovery discovery, Swarm swarm, Connections connections) {
        Runnable end = () -> connections.expecting(--open > 0);
        running.add(whileAllowed(discovery, Flux.defer(() -> Flux.<PeerEvent>from(discovery.peers(swarm))))
                .ofType(PeerEvent.Added.class)
                .publishOn(loop)
                .subscribe(
                        added -> {
                            events.accept(new SwarmEvent.Discovered(discovery.source(), added.peer()));
                            connections.add(added.peer(), discovery.source());
                        },
                        error -> {
                            events.accept(new SwarmEvent.DiscoveryFailed(discovery.source(), error));
                            end.run();
                        },
                        end));
    }

    /** Ends the sources that a private torrent must not use. */
    void forbidUntrusted() {
        isPrivate = true;
        forbidden.tryEmitEmpty();
    }

    /** Ends all sources. */
    void stop() {
        running.dispose();
    }

    // ---- any thread ----

    private boolean isAllowed(Discovery discovery) {
        return discovery.source().isTrusted() || !isPrivate;
    }

    private <T> Flux<T> whileAllowed(Discovery discovery, Flux<T> signals) {
        return discovery.source().isTrusted() ? signals : signals.takeUntilOther(forbidden.asMono());
    }

    /** Returns the feature bits that the allowed sources add to a handshake. */
    Features features() {
        long bits = 0;
        for (Discovery discovery : all) {
            if (isAllowed(discovery)) {
                bits |= discovery.features().bits();
            }
        }
        return new Features(bits);
    }

    /** Lets the allowed sources work on a wire. Call it on the event loop of the wire. */
    Mono<Void> handle(Wire wire) {
        return Flux.fromIterable(all)
                .filter(this::isAllowed)
                .flatMap(discovery -> whileAllowed(discovery, Flux.defer(() -> discovery.handle(wire)))
                        .onErrorComplete())
                .then();
    }
}
