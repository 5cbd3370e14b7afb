/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.peerwire.BoundServer;
import org.peerwire.EncryptionKeys;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.Reasons;
import org.peerwire.swarm.SwarmException;
import org.peerwire.swarm.SwarmException.Reason;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;

/** The inside of a host: its port, its swarms by info hash, and the number of its wires. Thread-safe. */
public final class HostState {
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    /** The default limit of a {@link WireServer}. */
    private static final int MIN_CONNECTIONS = 10_000;

    /**
     * A swarm as its host sees it. Each object is another swarm. The functions are called on any thread.
     *
     * @param admission returns our side for a peer that presents one of the hashes, or empty to refuse the peer
     * @param handler runs an accepted wire until its end; called before the first read of the wire
     */
    record Guest(Function<InfoHash, Mono<LocalPeer>> admission, Function<Wire, Mono<Void>> handler) {}

    private final HostSettings settings;
    private final WireServer server;
    private final EncryptionKeys keys = EncryptionKeys.of();
    private final Map<InfoHash, Guest> guests = new ConcurrentHashMap<>();
    private final Set<Guest> present = ConcurrentHashMap.newKeySet();
    private final AtomicInteger wires = new AtomicInteger();

    /** The clients, which know the address of the port after it is bound. */
    private volatile HostClients clients;

    private volatile @Nullable BoundServer bound;
    private volatile boolean closed;

    /** Creates a host without swarms, and without an open port. */
    public HostState(HostSettings settings) {
        this.settings = settings;
        this.clients = new HostClients(settings, null);
        WireServer base = WireServer.create()
                .options(settings.options)
                .encryption(settings.encryption, keys)
                .maxConnections(Math.max(MIN_CONNECTIONS, settings.maxWires));
        Integer port = settings.port;
        WireServer listening =
                port == null ? base : base.tcp(tcp -> tcp.host(settings.host).port(port));
        this.server = settings.server
                .apply(listening)
                .admit((theirs, from) -> admit(theirs.infoHash()))
                .handle(this::accept);
    }

    /** Returns the configuration. */
    public HostSettings settings() {
        return settings;
    }

    /** Returns the clock of all wires. */
    public Scheduler clock() {
        return settings.options.scheduler();
    }

    /** Returns the limit of what all wires receive. */
    public RateLimit download() {
        return settings.download;
    }

    /** Returns the limit of what all wires send. */
    public RateLimit upload() {
        return settings.upload;
    }

    /** Opens the port of a new host on subscription. Fails with {@link SwarmException} PORT. */
    public Mono<HostState> bind() {
        return Mono.defer(() -> {
            if (settings.port == null) {
                return Mono.error(new IllegalStateException("listen must be set before bind"));
            }
            return new HostState(settings).open();
        });
    }

    private Mono<HostState> open() {
        return server.bind().onErrorMap(Exception.class, this::cannotListen).map(port -> {
            bound = port;
            InetSocketAddress here = inet(port);
            clients = new HostClients(settings, here == null ? null : here.getAddress());
            return this;
        });
    }

    private SwarmException cannotListen(Throwable e) {
        String reason = Reasons.text(e.getCause() == null ? e : e.getCause());
        String withoutCall = reason.replaceFirst("^bind\\(.*\\) failed.*: ", "");
        return new SwarmException(
                Reason.PORT, "cannot listen on " + settings.host + ":" + settings.port + ": " + withoutCall);
    }

    private static @Nullable InetSocketAddress inet(BoundServer server) {
        return server.address() instanceof InetSocketAddress address ? address : null;
    }

    /**
     * Returns the address of the open port. A wildcard address has the configured host: the system reports that of
     * IPv6 also for IPv4.
     */
    public Optional<InetSocketAddress> address() {
        return Optional.ofNullable(bound)
                .map(HostState::inet)
                .map(here -> here.getAddress().isAnyLocalAddress()
                        ? new InetSocketAddress(settings.host, here.getPort())
                        : here);
    }

    /** Returns true if peers may reach us. */
    boolean isListening() {
        return (bound != null || settings.announced != null) && !closed;
    }

    /** Returns the address at which peers reach us; a wildcard if its host is unknown, with port 0 without a port. */
    InetSocketAddress self() {
        InetSocketAddress announced = settings.announced;
        return announced != null ? announced : address().orElseGet(() -> new InetSocketAddress(0));
    }

    /** Returns the port that peers are told to dial, or 0. */
    public int port() {
        return self().getPort();
    }

    /**
     * Opens a wire over an accepted connection, which belongs to it, and gives it to its swarm.
     *
     * @return completes when the wire has ended; fails if none was opened. A cancellation closes the connection
     */
    public Mono<Void> accept(Connection connection) {
        return Mono.defer(() -> {
            if (closed) {
                connection.dispose();
                return Mono.error(new SwarmException(Reason.CLOSED, "the host is closed"));
            }
            return server.over(connection).flatMap(this::accept);
        });
    }

    private Mono<Void> accept(Wire wire) {
        Guest guest = guests.get(wire.remote().infoHash());
        if (guest == null) { // it left during the handshake
            wire.dispose();
            return Mono.empty();
        }
        return guest.handler().apply(wire);
    }

    private Mono<LocalPeer> admit(InfoHash presented) {
        Guest guest = closed || room() == 0 ? null : guests.get(presented);
        return guest == null ? Mono.empty() : guest.admission().apply(presented);
    }

    /** Closes the port and the accepted wires within a second. Swarms keep the wires that they have dialled. */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            BoundServer port = bound;
            return port == null ? Mono.empty() : port.close(FAREWELL);
        });
    }

    /** Returns the number of registered swarms. */
    public int swarms() {
        return present.size();
    }

    /** Returns the number of open wires. */
    public int wires() {
        return wires.get();
    }

    /** Returns the number of further wires that the host allows. */
    int room() {
        return Math.max(0, settings.maxWires - wires.get());
    }

    /** Counts a wire until its end. Returns false if the host has the maximum of wires already. */
    boolean enter(Wire wire) {
        if (wires.incrementAndGet() > settings.maxWires) {
            wires.decrementAndGet();
            return false;
        }
        wire.onClose().onErrorComplete().subscribe(null, null, wires::decrementAndGet);
        return true;
    }

    /** Returns the client for a dial. */
    WireClient client(InetSocketAddress peer, boolean isKnown) {
        return clients.to(peer, isKnown);
    }

    /**
     * Registers a swarm.
     *
     * @throws IllegalStateException if a swarm with one of the hashes is registered, or the port is not open
     * @throws SwarmException CLOSED after {@link #close}
     */
    void register(Guest guest, InfoHashes hashes) {
        if (closed) {
            throw new SwarmException(Reason.CLOSED, "the host is closed");
        }
        if (settings.port != null && bound == null) {
            throw new IllegalStateException("the host must be the one that bind() returns, was not bound");
        }
        List<InfoHash> taken = new ArrayList<>();
        for (InfoHash hash : hashes.handshakes()) {
            if (!take(guest, hash)) {
                taken.forEach(mine -> leave(guest, mine));
                throw new IllegalStateException("the swarms of a host must have distinct info hashes, was " + hash);
            }
            taken.add(hash);
        }
        present.add(guest);
    }

    /** Registers hashes that have become known later. A hash of another swarm stays with that swarm. */
    void extend(Guest guest, InfoHashes hashes) {
        if (present.contains(guest)) {
            hashes.handshakes().forEach(hash -> take(guest, hash));
        }
    }

    /** Removes a swarm. Its wires stay open. */
    void unregister(Guest guest, InfoHashes hashes) {
        present.remove(guest);
        hashes.handshakes().forEach(hash -> leave(guest, hash));
    }

    /** Changes the guest and the key of a hash in one step, or the key of the next guest could be removed. */
    private boolean take(Guest guest, InfoHash hash) {
        return guests.compute(hash, (same, other) -> {
                    if (other == null) {
                        keys.add(hash);
                    }
                    return other == null ? guest : other;
                })
                == guest;
    }

    private void leave(Guest guest, InfoHash hash) {
        guests.computeIfPresent(hash, (same, other) -> {
            if (other == guest) {
                keys.remove(hash);
                return null;
            }
            return other;
        });
    }

    /** Returns the number of torrents that encrypted handshakes may name. */
    int keys() {
        return keys.size();
    }
}
