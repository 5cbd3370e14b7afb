/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireException;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.pex.PeerEvent;
import org.peerwire.swarm.Patience;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The connections of one torrent. Dials, accepts, finds peers by peer exchange, and dials lost peers again. A session
 * does the work on each wire. All mutable state is confined to the swarm's thread. Unless it says otherwise, a method
 * must be called there.
 */
public final class Connections {
    private static final long TICK = 250;
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** The work on one wire. */
    @FunctionalInterface
    public interface Session {
        /**
         * Starts the work on subscription, on the wire's event loop and before its first read. The wire's end cancels
         * the result. A {@link WireException} closes the wire, whose end has the reason. Any other error closes the
         * wire and is the reason. The completion leaves it open.
         */
        Mono<Void> run(Wire wire);
    }

    private final SwarmLoop loop;
    private final HostState host;
    private final SwarmOptions options;
    private final IntFunction<LocalPeer> self;
    private final Consumer<SwarmEvent> listener;
    private final PeerBook book;
    private final Roster roster;
    private final Dials dials;
    private final Names names;
    private final PeerExchange exchange;
    private final WireWork work;
    private final DialRate rate;
    private final Contact contact = new Contact();
    private final HostState.Guest guest = new HostState.Guest(this::admit, wire -> converse(wire, null, () -> true));

    /** The torrent. A peer may present any of its hashes. Read on any thread. */
    private volatile InfoHashes hashes;

    /** Once true, no dial, no session and no event begins. Written on any thread. */
    private volatile boolean stopped;

    private Disposable ticks = Disposables.disposed();
    private boolean expecting;

    /**
     * Creates an object that is not started.
     *
     * @param random the source of all random choices
     * @param self returns our side of a handshake for the port of the host, or for 0; called on any thread
     * @param events called on the swarm's thread
     */
    public Connections(
            SwarmLoop loop,
            HostState host,
            SwarmOptions options,
            Random random,
            InfoHashes hashes,
            IntFunction<LocalPeer> self,
            Session session,
            Consumer<SwarmEvent> events) {
        this.loop = loop;
        this.host = host;
        this.options = options;
        this.hashes = hashes;
        this.self = self;
        this.listener = events;
        this.book = new PeerBook(options, random, host.self());
        this.rate = new DialRate(options.dialsPerSecond(), loop.millis());
        this.roster = new Roster(options.maxWires(), book, this::emit, loop);
        this.dials = new Dials(loop, (to, wire, end) -> converse(wire, to, end).subscribe(), this::failed);
        this.names = new Names(loop, name -> add(name, PeerSource.USER), this::unknown);
        this.exchange = new PeerExchange(options.pex(), host.clock(), hashes.wire(), loop, this::heard);
        this.work = new WireWork(session::run, exchange);
    }

    /**
     * Registers at the host and begins to dial.
     *
     * @throws IllegalStateException if the host has a swarm with one of the hashes, or its port is not open
     * @throws SwarmException CLOSED if the host is closed
     */
    public void start() {
        if (stopped) {
            return;
        }
        host.register(guest, hashes);
        contact.restart(loop.millis());
        ticks = loop.schedulePeriodically(this::tick, 0, TICK, TimeUnit.MILLISECONDS);
    }

    /** Adds an address. The name of an unresolved address of the user is looked up; others are refused. */
    public void add(InetSocketAddress address, PeerSource source) {
        if (stopped) {
            return;
        }
        if (address.isUnresolved() && source == PeerSource.USER) {
            names.resolve(address);
        } else {
            book.add(address, source, loop.millis());
        }
    }

    private void unknown(InetSocketAddress name, Throwable e) {
        contact.unreachable(name, Reasons.text(e));
        emit(new SwarmEvent.Unreachable(name, Reasons.text(e), e));
    }

    /**
     * Notes facts of the metadata: all hashes of the torrent, which peers may present from now on, and that it is
     * private. A private torrent dials trusted addresses only and exchanges no peers.
     */
    public void know(InfoHashes complete, boolean isPrivate) {
        if (stopped) {
            return;
        }
        hashes = complete;
        host.extend(guest, complete);
        if (isPrivate) {
            exchange.dispose();
            book.trustedOnly();
            cancelForgotten();
        }
    }

    /** Sets whether publishers may still tell addresses. Then an empty book is no failure. Default false. */
    public void expecting(boolean more) {
        expecting = more;
    }

    /** Returns the open wires. */
    public List<Wire> wires() {
        return roster.all();
    }

    /** Returns the number of open wires. */
    public int size() {
        return roster.size();
    }

    /** Returns the number of dials under way. */
    public int dialling() {
        return dials.size();
    }

    /** Returns the number of known addresses. */
    public int known() {
        return book.size();
    }

    /** Returns the number of banned peers and addresses. */
    public int banned() {
        return roster.banned() + book.banned();
    }

    /** Closes the wire and each other wire to its peer, and refuses the peer and its addresses from now on. */
    public void ban(Wire wire, String reason) {
        roster.ban(wire, reason);
        cancelForgotten();
    }

    /** Closes the wire to a peer if there is one, and refuses the peer and its addresses from now on. */
    public void ban(PeerId peer, String reason) {
        roster.ban(peer, reason);
        cancelForgotten();
    }

    /** Cancels the dials of addresses that are banned or not allowed any more. */
    private void cancelForgotten() {
        dials.cancel(address -> !book.contains(address));
    }

    /** Notes that something other than a wire sends now, which is as good as an open one. */
    public void helped() {
        contact.connected(loop.millis());
    }

    /**
     * Returns the failure of a swarm that has been without a wire for too long or has no hope of one, or null.
     *
     * @param hasOthers true if something other than a wire may send
     */
    public @Nullable SwarmException check(Patience patience, boolean hasOthers) {
        if (roster.size() > 0) {
            return null;
        }
        boolean hope = hasOthers || book.hasHope() || names.hasHope() || expecting || host.isListening();
        return contact.check(patience, loop.millis(), hope);
    }

    /** Begins the time of {@link #check} again. */
    public void restartPatience() {
        contact.restart(loop.millis());
    }

    /**
     * Stops on subscription, and closes all wires in order. Any thread.
     *
     * @param deadline the time after which wires that are still open are cut
     * @return completes when all wires are closed
     */
    public Mono<Void> close(Duration deadline) {
        return Mono.<Void>defer(() -> {
                    stop();
                    return roster.close(deadline.compareTo(SHORTEST) < 0 ? SHORTEST : deadline);
                })
                .subscribeOn(loop);
    }

    private void stop() {
        stopped = true;
        host.unregister(guest, hashes);
        ticks.dispose();
        names.dispose();
        exchange.dispose();
        dials.cancel(address -> true);
    }

    private void emit(SwarmEvent event) {
        if (!stopped) {
            contact.on(event);
            listener.accept(event);
        }
    }

    private void tick() {
        if (stopped) {
            return;
        }
        long now = loop.millis();
        int open = roster.size();
        if (open > 0) {
            contact.connected(now);
        }
        int room = Math.min(roster.room(host.isListening()), host.room());
        int dialling = dials.size();
        int some = Math.min(Math.min(room, options.maxDials()) - dialling, rate.allowed(now));
        List<InetSocketAddress> due = book.take(now, some, open == 0);
        rate.begun(due.size());
        due.forEach(this::dial);
    }

    private void dial(InetSocketAddress address) {
        boolean isKnown = book.wasReached(address);
        dials.begin(
                address,
                Mono.defer(() ->
                        HybridDial.connect(host.client(address, isKnown), address, self.apply(host.port()), hashes)));
    }

    private void failed(InetSocketAddress address, Throwable e) {
        if (stopped) {
            return;
        }
        if (e instanceof HandshakeException handshake && handshake.reason() == HandshakeException.Reason.SELF) {
            book.ban(address);
            emit(new SwarmEvent.Ourselves(address));
        } else {
            String reason = Dials.reason(e);
            contact.unreachable(address, reason);
            if (book.failed(address, loop.millis())) {
                emit(new SwarmEvent.Unreachable(address, reason, e));
            }
        }
    }

    /** Returns our side for a peer that presents a hash, or empty to refuse it. Any thread. */
    private Mono<LocalPeer> admit(InfoHash presented) {
        if (stopped) {
            return Mono.empty();
        }
        LocalPeer us = self.apply(host.port());
        return Mono.just(presented.equals(us.infoHash()) ? us : us.withV2(presented));
    }

    /**
     * Runs one wire from its first message to its end, which is an event with its reason. Never fails. Any thread.
     *
     * @param dialled the address we dialled, or null if the peer dialled us
     * @param end ends the dial; called on the swarm's thread; returns false if the dial was cancelled
     */
    Mono<Void> converse(Wire wire, @Nullable InetSocketAddress dialled, BooleanSupplier end) {
        if (stopped) {
            wire.dispose(); // the connect completed after the stop
            return Mono.empty();
        }
        if (!host.enter(wire)) {
            wire.dispose();
            loop.schedule(() -> overfull(dialled, end));
            return Mono.empty();
        }
        Roster.Member member = new Roster.Member(wire, dialled);
        loop.schedule(() -> enter(member, end));
        return work.run(member);
    }

    private void enter(Roster.Member member, BooleanSupplier end) {
        if (!end.getAsBoolean()) {
            member.disposeQuietly();
            return;
        }
        roster.enter(member);
        contact.connected(loop.millis()); // the wire may end before the next tick looks for open ones
    }

    private void overfull(@Nullable InetSocketAddress dialled, BooleanSupplier end) {
        if (end.getAsBoolean() && dialled != null) {
            book.opened(dialled, loop.millis());
            book.closed(dialled, loop.millis(), 0);
        }
    }

    private void heard(InetSocketAddress teller, PeerEvent news) {
        emit(new SwarmEvent.Heard(teller, news));
        if (news instanceof PeerEvent.Added) {
            book.add(news.peer(), PeerSource.PEX, loop.millis());
        }
    }
}
