/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.DhtEvent;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Finds the first nodes: a lookup of our own id, which begins with the saved nodes and those of the options. Is repeated
 * while the table has almost no nodes, ever less often. Then it also asks those that did not answer: it may be our own
 * network that was down.
 */
final class Bootstrap {
    private static final Duration RESOLUTION = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 15_000;
    private static final long MAX_PAUSE_MILLIS = 5 * 60_000;

    /** The number of nodes below which the table is almost empty. */
    static final int FEW = 4;

    private static final int MAX_LEARNED = 64;

    private final Engine engine;
    private final Set<InetSocketAddress> learned = new LinkedHashSet<>();
    private Saved saved = Saved.none();
    private boolean active;
    private boolean closed;
    private long pause = FIRST_PAUSE_MILLIS;
    private Disposable resolving = Disposables.disposed();
    private Disposable next = Disposables.disposed();

    Bootstrap(Engine engine) {
        this.engine = engine;
    }

    void restore(Saved nodes) {
        saved = nodes;
    }

    @Nullable
    NodeId restoredId(Family family) {
        return saved.id(family);
    }

    void learn(InetSocketAddress address) {
        if (learned.size() < MAX_LEARNED) {
            learned.add(address);
        }
    }

    void begin() {
        if (active || closed) {
            return;
        }
        active = true;
        resolving = Flux.fromIterable(engine.options().bootstrap())
                .flatMap(this::resolve)
                .collectList()
                .subscribe(addresses -> engine.loop().execute(() -> ask(addresses)));
    }

    private Flux<InetSocketAddress> resolve(InetSocketAddress address) {
        if (!address.isUnresolved()) {
            return Flux.just(address);
        }
        return Mono.fromCallable(() -> InetAddress.getAllByName(address.getHostString()))
                .subscribeOn(Schedulers.boundedElastic())
                .timeout(RESOLUTION, engine.loop().scheduler())
                .flatMapMany(Flux::fromArray)
                .map(ip -> new InetSocketAddress(ip, address.getPort()))
                .onErrorResume(error -> {
                    engine.loop().execute(() -> engine.emit(new DhtEvent.Unresolved(address, error)));
                    return Mono.empty();
                });
    }

    private void ask(List<InetSocketAddress> addresses) {
        if (closed) {
            return;
        }
        List<Side> sides = new ArrayList<>(engine.sides().values());
        NodeId own = sides.get(0).table().own();
        Search search = engine.search(own, new Krpc.Ask.FindNode(own, engine.want()), new Search.Listener() {
            @Override
            public void ended() {
                active = false;
                finished();
            }
        });
        addresses.forEach(search::add);
        learned.forEach(search::add);
        learned.clear();
        saved.nodes().forEach(search::add);
        for (Side side : sides) {
            side.table().contacts().forEach(contact -> search.add(contact.node));
        }
        search.proceed();
    }

    private int known() {
        int nodes = 0;
        for (Side side : engine.sides().values()) {
            nodes += side.table().size();
        }
        return nodes;
    }

    private void finished() {
        int nodes = known();
        engine.emit(new DhtEvent.Bootstrapped(nodes));
        engine.bootstrapped();
        if (nodes >= FEW) {
            pause = FIRST_PAUSE_MILLIS;
        } else if (!closed) {
            next = engine.loop().after(pause, this::begin);
            pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
        }
    }

    /** Begins again if the table has become almost empty. */
    void check() {
        if (known() < FEW && next.isDisposed()) {
            begin();
        }
    }

    void close() {
        closed = true;
        resolving.dispose();
        next.dispose();
    }
}
