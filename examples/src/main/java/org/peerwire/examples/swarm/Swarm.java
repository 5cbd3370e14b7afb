/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.EncryptionKeys;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireException;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.pex.CanonicalPriority;
import org.peerwire.pex.PexOptions;
import org.peerwire.pex.PexSwarm;
import org.peerwire.pex.UtPex;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;

/**
 * The connections of one torrent. Dials, accepts, finds peers by peer exchange, and dials lost peers again. A session
 * does the work on each wire. All mutable state is confined to the swarm's thread.
 */
final class Swarm {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final int DIALS_PER_TICK = 5;
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /**
     * The connect timeout in milliseconds for a peer that was reached before. TCP repeats an unanswered connect after
     * ever longer pauses, so a new dial finds a peer that returns sooner.
     */
    private static final int KNOWN_CONNECT = 4_000;

    /** The work on one wire. */
    @FunctionalInterface
    interface Session {
        /** Starts the work, on the wire's event loop and before its first read. The wire's end cancels the result. */
        Mono<Void> run(Wire wire);
    }

    private final SwarmSettings settings;
    private final EncryptionKeys keys = EncryptionKeys.of();
    private final IntFunction<LocalPeer> self;
    private final Session session;
    private final SwarmEvent.Listener events;
    private final Scheduler loop;
    private final WireClient client;
    private final PexSwarm pex = PexSwarm.create(PexOptions.defaults());
    private final AddressBook book = new AddressBook(new Random());
    private final Set<InetSocketAddress> dialling = new HashSet<>();
    private final OpenWires wires;
    private boolean needsPeers = true;

    /** Once true, no dial, no session and no event begins. Written on any thread. */
    private volatile boolean stopped;

    /** The torrent. A peer may present any of its hashes. Written on any thread. */
    private volatile InfoHashes hashes;

    private volatile int listenPort;
    private long lastContact;
    private boolean connected;
    private final Fates fates = new Fates();

    /**
     * Creates a swarm that is not started.
     *
     * @param self returns our side of a handshake for the port we listen on, or for 0
     * @param loop the single thread of the swarm
     */
    Swarm(
            SwarmSettings settings,
            InfoHashes hashes,
            IntFunction<LocalPeer> self,
            Session session,
            SwarmEvent.Listener events,
            Scheduler loop) {
        this.settings = settings;
        this.hashes = hashes;
        hashes(hashes);
        this.self = self;
        this.session = session;
        this.events = event -> {
            fates.on(event);
            events.on(event);
        };
        this.loop = loop;
        this.client = WireClient.create().options(settings.options()).encryption(settings.encryption());
        this.wires = new OpenWires(settings.maxPeers(), book, this.events, loop);
        settings.peers().forEach(book::give);
    }

    /** Runs until cancelled, then closes its wires. Fails when the port cannot be opened or no peer can be reached. */
    Mono<Void> run() {
        return connect().doFinally(signal -> {
            stopped = true;
            pex.dispose();
            loop.schedule(wires::dispose);
        });
    }

    private Mono<Void> connect() {
        Integer port = settings.port();
        if (port == null) {
            return dialAll();
        }
        Mono<? extends DisposableServer> bound = WireServer.create()
                .options(settings.options())
                .encryption(settings.encryption(), keys)
                .tcp(tcp -> tcp.host(settings.host()).port(port))
                .admit((theirs, from) -> !stopped && hashes.contains(theirs.infoHash())
                        ? Mono.fromSupplier(() -> answer(theirs.infoHash()))
                        : Mono.empty())
                .handle(wire -> converse(wire, null))
                .bind()
                .onErrorMap(ChannelBindException.class, this::cannotListen);
        return Mono.usingWhen(
                bound,
                server -> {
                    listenPort = ((InetSocketAddress) server.address()).getPort();
                    events.on(new SwarmEvent.Listening(asGiven((InetSocketAddress) server.address())));
                    return dialAll();
                },
                server -> Mono.fromRunnable(server::dispose));
    }

    /** Returns our side for a peer that presents one of the hashes. */
    private LocalPeer answer(InfoHash presented) {
        LocalPeer us = self.apply(listenPort);
        return presented.equals(us.infoHash()) ? us : us.withV2(presented);
    }

    /** Returns the configured host for a wildcard address: the system reports that of IPv6 also for IPv4. */
    private InetSocketAddress asGiven(InetSocketAddress bound) {
        return bound.getAddress().isAnyLocalAddress() ? new InetSocketAddress(settings.host(), bound.getPort()) : bound;
    }

    private SwarmException cannotListen(ChannelBindException e) {
        String reason = Reasons.text(e.getCause() == null ? e : e.getCause());
        String withoutCall = reason.replaceFirst("^bind\\(.*\\) failed.*: ", "");
        return new SwarmException("cannot listen on " + settings.host() + ":" + settings.port() + ": " + withoutCall
                + "; check --host and --port");
    }

    /** Stops the swarm and closes all wires in order. Completes when they are closed, at the latest after a second. */
    Mono<Void> farewell() {
        return close().timeout(FAREWELL, loop).onErrorComplete();
    }

    /** Stops the swarm and closes all wires in order. Completes when they are closed. */
    Mono<Void> close() {
        return Mono.defer(() -> {
                    stopped = true;
                    return wires.close();
                })
                .subscribeOn(loop);
    }

    /** Sets whether the swarm fails without peers, which is the default. Call it on the swarm's thread. */
    void needsPeers(boolean needed) {
        needsPeers = needed;
        lastContact = now();
    }

    /** Adds hashes that have become known with the metadata. Any thread. */
    void hashes(InfoHashes known) {
        hashes = known;
        Stream.of(
                        Optional.of(known.wire()),
                        Optional.ofNullable(known.v1()),
                        Optional.ofNullable(known.v2()).map(InfoHashV2::truncated))
                .flatMap(Optional::stream)
                .forEach(keys::add);
    }

    /** Returns the open wires. Call it on the swarm's thread. */
    List<Wire> wires() {
        return wires.all();
    }

    /** Closes a wire and bans its peer. Call it on the swarm's thread. */
    void drop(Wire wire, String reason) {
        wires.drop(wire, reason);
    }

    private Mono<Void> dialAll() {
        lastContact = now();
        Mono<Void> dials = Flux.interval(Duration.ZERO, TICK, loop)
                .onBackpressureDrop()
                .concatMapIterable(tick -> due())
                .flatMap(this::dial, settings.maxPeers())
                .then();
        if (!settings.discovering()) {
            return dials;
        }
        Mono<Void> candidates = pex.candidates(
                        CanonicalPriority.comparator(new InetSocketAddress(settings.host(), listenPort)))
                .publishOn(loop)
                .doOnNext(added -> book.learn(added.peer()))
                .then();
        return Mono.when(dials, candidates);
    }

    private List<InetSocketAddress> due() {
        if (stopped) {
            return List.of();
        }
        if (needsPeers) {
            checkPatience();
        }
        int room = settings.maxPeers() - wires.size() - dialling.size();
        return book.take(now(), Math.min(room, DIALS_PER_TICK), wires.size() == 0);
    }

    private void checkPatience() {
        Patience limits = settings.patience();
        Duration patience = connected ? limits.again() : limits.reach();
        if (wires.size() > 0) {
            lastContact = now();
        } else if (patience == null) {
            return;
        } else if (!book.hasHope() && settings.port() == null) {
            throw new SwarmException(fates.nobodyLeft());
        } else if (now() - lastContact > patience.toMillis()) {
            throw new SwarmException(fates.nobodyFor(Reasons.text(patience)));
        }
    }

    private Mono<Void> dial(InetSocketAddress address) {
        dialling.add(address);
        boolean isKnown = book.wasReached(address);
        WireClient dialler =
                client.tcp(tcp -> bound(address, isKnown ? tcp.option(CONNECT_TIMEOUT_MILLIS, KNOWN_CONNECT) : tcp));
        return HybridDial.connect(dialler, address, self.apply(listenPort), hashes)
                .flatMap(wire -> converse(wire, address))
                .publishOn(loop)
                .onErrorResume(e -> {
                    failed(address, e);
                    return Mono.empty();
                });
    }

    private TcpClient bound(InetSocketAddress address, TcpClient tcp) {
        return settings.dialsFromHost(address) ? tcp.bindAddress(() -> new InetSocketAddress(settings.host(), 0)) : tcp;
    }

    private void failed(InetSocketAddress address, Throwable e) {
        dialling.remove(address);
        if (stopped) {
            return;
        }
        settings.tap().failed(address, e);
        boolean isSelf =
                e instanceof HandshakeException handshake && handshake.reason() == HandshakeException.Reason.SELF;
        if (isSelf) {
            book.ban(address);
            fates.ourselves(address);
        } else {
            fates.unreachable(address, Reasons.text(e));
            if (book.failed(address, now())) {
                events.on(new SwarmEvent.Unreachable(address, Reasons.text(e)));
            }
        }
    }

    /** Runs one wire from its first message to its end. Never fails: the end of a wire is an event, with its reason. */
    Mono<Void> converse(Wire wire, @Nullable InetSocketAddress dialled) {
        if (stopped) {
            wire.dispose(); // the connect completed after the stop
            return Mono.empty();
        }
        settings.tap().opened(wire); // before the session, so that it sees each message first
        OpenWires.Member member = new OpenWires.Member(wire, dialled);
        loop.schedule(() -> {
            if (dialled != null) {
                dialling.remove(dialled);
            }
            wires.enter(member);
            connected = true;
            lastContact = now(); // the wire may end before the next tick looks for open ones
        });
        Mono<Void> ended = wire.onClose().onErrorComplete();
        Mono<Void> work = Mono.when(session.run(wire), exchangePeers(wire), rejectHashes(wire))
                .onErrorComplete(WireException.class) // the end of the wire has the reason
                .doOnError(member::fail)
                .onErrorComplete()
                .takeUntilOther(ended)
                .then(Mono.defer(wire::close))
                .onErrorComplete(WireException.class);
        return Mono.when(work, ended).doFinally(signal -> wire.dispose());
    }

    private Mono<Void> exchangePeers(Wire wire) {
        boolean spoken = wire.local().extensions().stream().anyMatch(UtPex.class::isInstance);
        if (!spoken) {
            return Mono.empty();
        }
        pex.join(wire);
        return UtPex.events(wire)
                .publishOn(loop)
                .doOnNext(news -> events.on(new SwarmEvent.Heard(Addresses.of(wire), news)))
                .onErrorComplete()
                .then();
    }

    /** Rejects requests for hashes of version 2, which we do not keep: the peer has those of version 1. */
    private static Mono<Void> rejectHashes(Wire wire) {
        return wire.inbound()
                .ofType(Message.HashRequest.class)
                .doOnNext(asked -> wire.outbound().tryEmit(new Message.HashReject(asked.range())))
                .then();
    }

    private long now() {
        return loop.now(TimeUnit.MILLISECONDS);
    }
}
