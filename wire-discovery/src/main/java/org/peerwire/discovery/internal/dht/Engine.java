/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.dht;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.peerwire.discovery.DhtEvent;
import org.peerwire.discovery.DhtException;
import org.peerwire.discovery.DhtOptions;
import org.peerwire.discovery.DhtStats;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * A node. Its public methods may be called on any thread; everything else is confined to the loop. Begins at the first
 * {@link #start()}, and ends all that it has begun at {@link #close()}.
 */
public final class Engine implements Shared.Host {
    private static final Duration MAINTENANCE = Duration.ofMinutes(1);

    private enum State {
        NEW,
        STARTING,
        RUNNING,
        CLOSED
    }

    private final Shared shared;
    private final DhtLoop loop;
    private final Broadcast<DhtEvent> events;
    private final Opening opening;
    private final Bootstrap bootstrap;
    private final Map<Family, Side> sides = new EnumMap<>(Family.class);
    private final Set<Search> searches = new LinkedHashSet<>();
    private final Set<Lane<?>> lanes = new LinkedHashSet<>();
    private final List<MonoSink<Void>> starting = new ArrayList<>();
    private final List<MonoSink<Void>> closing = new ArrayList<>();
    private State state = State.NEW;
    private boolean isOpening;
    private boolean ended;
    private Disposable maintenance = Disposables.disposed();

    /** Creates a node that has not started. */
    public Engine(DhtOptions options, Datagrams datagrams) {
        Scheduler clock = options.scheduler();
        this.loop = new DhtLoop(clock == null ? datagrams.scheduler() : clock);
        this.shared = Shared.create(options, loop, this);
        this.events = shared.events();
        this.opening = new Opening(datagrams, options);
        this.bootstrap = new Bootstrap(this);
    }

    /** Opens the sockets and looks for nodes, once. Completes at the end of the first bootstrap. */
    public Mono<Void> start() {
        return Mono.create(sink -> loop.execute(() -> start(sink)));
    }

    private void start(MonoSink<Void> sink) {
        switch (state) {
            case RUNNING -> sink.success();
            case CLOSED -> sink.error(closed());
            case STARTING -> starting.add(sink);
            case NEW -> {
                starting.add(sink);
                state = State.STARTING;
                isOpening = true;
                opening.open(this::receive, this::emitLater)
                        .subscribe(
                                sockets -> loop.execute(() -> opened(sockets)),
                                error -> loop.execute(() -> notOpened(error)));
            }
        }
    }

    private void emitLater(DhtEvent event) {
        loop.execute(() -> events.emit(event));
    }

    private void receive(Family family, byte[] packet, InetSocketAddress from) {
        loop.offer(() -> {
            Side side = sides.get(family);
            if (side != null) {
                side.received(packet, from);
            }
        });
    }

    private void opened(List<Datagrams.Socket> sockets) {
        isOpening = false;
        if (state == State.CLOSED) {
            end(sockets);
            return;
        }
        for (Datagrams.Socket socket : sockets) {
            Family family = Family.of(socket.local());
            NodeId own = bootstrap.restoredId(family);
            sides.put(family, new Side(shared, family, socket, own == null ? NodeId.random(shared.random()) : own));
            events.emit(new DhtEvent.Listening(socket.local()));
        }
        maintenance = loop.every(MAINTENANCE, this::maintain);
        bootstrap.begin();
    }

    private void notOpened(Throwable error) {
        isOpening = false;
        if (state == State.CLOSED) {
            end(List.of());
        } else {
            state = State.NEW;
            finish(starting, error);
        }
    }

    /** Takes notice that the first bootstrap has ended. */
    void bootstrapped() {
        if (state == State.STARTING) {
            state = State.RUNNING;
            finish(starting, null);
        }
    }

    private static void finish(List<MonoSink<Void>> waiting, @Nullable Throwable error) {
        List<MonoSink<Void>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(sink -> {
            if (error == null) {
                sink.success();
            } else {
                sink.error(error);
            }
        });
    }

    private void maintain() {
        shared.store().expire();
        for (Side side : List.copyOf(sides.values())) {
            side.table().stale(shared.random()).forEach(this::refresh);
        }
        bootstrap.check();
    }

    private void refresh(NodeId target) {
        search(target, new Krpc.Ask.FindNode(target, want()), new Search.Listener() {})
                .proceed();
    }

    /** Returns the families to ask for: both if both are in use, else that of the packet (BEP 32). */
    Krpc.Want want() {
        return sides.size() == 2 ? Krpc.Want.BOTH : Krpc.Want.DEFAULT;
    }

    /** Creates a search. The caller has to proceed with it. It is cancelled with the node. */
    Search search(NodeId target, Krpc.Ask question, Search.Listener listener) {
        Search search = new Search(sides.values(), target, question, listener, searches::remove);
        searches.add(search);
        return search;
    }

    /** Runs work on the loop, once the node has started. */
    void whenRunning(Runnable work, Consumer<Throwable> onFailure) {
        start().subscribe(
                        nothing -> {},
                        onFailure,
                        () -> loop.execute(() -> {
                            if (isRunning()) {
                                work.run();
                            } else {
                                onFailure.accept(closed());
                            }
                        }));
    }

    /** Returns the subscriptions that end with the node. */
    Set<Lane<?>> lanes() {
        return lanes;
    }

    static DhtException closed() {
        return new DhtException(DhtException.Reason.CLOSED, "the DHT node is closed", null);
    }

    /** Pings an address that could be a node. Before the start it is remembered, at most 64 of them. */
    public void learn(InetSocketAddress address) {
        if (address.isUnresolved() || address.getPort() == 0) {
            return;
        }
        loop.execute(() -> {
            Side side = sides.get(Family.of(address));
            if (side != null && isRunning()) {
                side.learn(address);
            } else if (state == State.NEW || state == State.STARTING) {
                bootstrap.learn(address);
            }
        });
    }

    /** Returns the events from the subscription on. */
    public Flux<DhtEvent> events() {
        return events.flux();
    }

    /** Returns a snapshot. */
    public Mono<DhtStats> stats() {
        return Mono.create(sink -> loop.execute(() -> sink.success(snapshot())));
    }

    private DhtStats snapshot() {
        DhtCounters counters = shared.counters();
        Side four = sides.get(Family.FOUR);
        Side six = sides.get(Family.SIX);
        return new DhtStats(
                four == null ? 0 : four.table().size(),
                six == null ? 0 : six.table().size(),
                searches.size(),
                sides.values().stream().mapToInt(Side::pending).sum(),
                counters.queriesSent,
                counters.answersReceived,
                counters.errorsReceived,
                counters.timeouts,
                counters.strayAnswers,
                counters.queriesReceived,
                counters.queriesAnswered,
                counters.queriesRefused,
                counters.malformed,
                shared.store().hashes(),
                shared.store().peers());
    }

    /** Returns the bound addresses; empty before the start. */
    public Mono<List<InetSocketAddress>> addresses() {
        return Mono.create(sink -> loop.execute(() -> sink.success(
                sides.values().stream().map(side -> side.socket().local()).toList())));
    }

    /** Returns the ids and nodes in the form that {@link #restore} takes. */
    public Mono<byte[]> save() {
        return Mono.create(
                sink -> loop.execute(() -> sink.success(Saved.of(sides.values()).encoded())));
    }

    /**
     * Begins the next start with saved ids and nodes.
     *
     * @throws IllegalArgumentException if the bytes are malformed
     */
    public void restore(byte[] saved) {
        Saved nodes = Saved.decode(saved);
        loop.execute(() -> bootstrap.restore(nodes));
    }

    /** Ends all searches and closes the sockets, on subscription. */
    public Mono<Void> close() {
        return Mono.create(sink -> loop.execute(() -> close(sink)));
    }

    private void close(MonoSink<Void> sink) {
        if (ended) {
            sink.success();
            return;
        }
        closing.add(sink);
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        maintenance.dispose();
        bootstrap.close();
        List.copyOf(searches).forEach(Search::close);
        List.copyOf(lanes).forEach(lane -> lane.fail(closed()));
        sides.values().forEach(Side::close);
        finish(starting, closed());
        if (!isOpening) { // else the sockets are closed when they are open
            end(sides.values().stream().map(Side::socket).toList());
        }
    }

    private void end(List<Datagrams.Socket> sockets) {
        Flux.fromIterable(sockets)
                .flatMap(Datagrams.Socket::close)
                .subscribe(nothing -> {}, error -> loop.execute(this::end), () -> loop.execute(this::end));
    }

    private void end() {
        ended = true;
        events.complete();
        finish(closing, null);
        loop.end();
    }

    /** Returns the clock of the node. Its delays end off the loop. */
    public Scheduler scheduler() {
        return loop.scheduler();
    }

    Map<Family, Side> sides() {
        return sides;
    }

    DhtOptions options() {
        return shared.options();
    }

    DhtLoop loop() {
        return loop;
    }

    RandomGenerator random() {
        return shared.random();
    }

    void emit(DhtEvent event) {
        events.emit(event);
    }

    /** Answers others already during the first bootstrap. */
    @Override
    public boolean isRunning() {
        return state == State.RUNNING || state == State.STARTING;
    }

    @Override
    public List<Node> closest(Family family, NodeId target, int max) {
        Side side = sides.get(family);
        return side == null ? List.of() : side.table().closest(target, max);
    }

    @Override
    public void renamed(Side side) {
        NodeId own = side.table().own();
        loop.execute(() -> {
            if (isRunning()) {
                refresh(own);
            }
        });
    }
}
