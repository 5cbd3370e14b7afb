/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.peerwire.EncryptionPolicy;
import org.peerwire.HandshakeException;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.swarm.internal.peers.HostSettings;
import org.peerwire.swarm.internal.peers.HostState;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/**
 * One port, encryption keys, limits and rates for any number of swarms. Thread-safe. The configuration is immutable:
 * each configuration method returns a new host without swarms. Swarms share a host if they have the same object.
 *
 * <pre>{@code
 * SwarmHost host = SwarmHost.create().listen("0.0.0.0", 6881).bind().block();
 * Swarm a = Swarm.of(first).host(host).connect();
 * Swarm b = Swarm.of(second).host(host).connect();
 * }</pre>
 */
public final class SwarmHost {
    private static final int MAX_WIRES = 1_000_000;

    private final HostState state;

    private SwarmHost(HostState state) {
        this.state = state;
    }

    /** Returns a host with the defaults, which has no port and so only dials. */
    public static SwarmHost create() {
        return new SwarmHost(new HostState(HostSettings.DEFAULT));
    }

    private SwarmHost with(Consumer<HostSettings> change) {
        return new SwarmHost(new HostState(state.settings().with(change)));
    }

    /**
     * Sets the options of all wires, whose scheduler is the clock of the swarms. Default: {@link WireOptions#defaults()}
     * with pooled payloads.
     */
    public SwarmHost options(WireOptions options) {
        return with(s -> s.options = options);
    }

    /** Sets the encryption of dialled and accepted wires. Default {@link EncryptionPolicy#PREFER_PLAINTEXT}. */
    public SwarmHost encryption(EncryptionPolicy policy) {
        return with(s -> s.encryption = policy);
    }

    /**
     * Sets the port that {@link #bind()} opens. Default: none. Peers are dialled from the same host, unless it is a
     * wildcard or they could not answer to it.
     *
     * @param host the address to listen on, {@code 0.0.0.0} or {@code ::} for all
     * @param port 0 to 65,535; 0 for any free port
     */
    public SwarmHost listen(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
        return with(s -> {
            s.host = host;
            s.port = port;
        });
    }

    /**
     * Sets the address at which peers reach us, for a port that a router maps, and for connections of {@link #accept}.
     * Peers are told its port, and it has the priorities by BEP 40. Default: the address of the open port.
     *
     * @param address a resolved address; a wildcard if only the port is known
     */
    public SwarmHost announce(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address must be resolved, was " + address);
        }
        return with(s -> s.announced = address);
    }

    /**
     * Sets the maximum number of open wires of all swarms. Default 500, range 1 to 1,000,000. At the limit no swarm
     * dials, and further connections are refused.
     */
    public SwarmHost maxWires(int wires) {
        if (wires < 1 || wires > MAX_WIRES) {
            throw new IllegalArgumentException("maxWires must be 1 to " + MAX_WIRES + ", was " + wires);
        }
        return with(s -> s.maxWires = wires);
    }

    /** Sets the limit of the bytes of blocks that all swarms receive. Default none. */
    public SwarmHost download(RateLimit limit) {
        return with(s -> s.download = limit);
    }

    /** Sets the limit of the bytes of blocks that all swarms send. Default none. */
    public SwarmHost upload(RateLimit limit) {
        return with(s -> s.upload = limit);
    }

    /**
     * Changes the client that dials, for a proxy, TLS, or a network in memory. Several calls apply in their order.
     *
     * @param change called several times: for peers that were reached before, the connect timeout of TCP is 4 s
     */
    public SwarmHost client(UnaryOperator<WireClient> change) {
        return with(s -> {
            UnaryOperator<WireClient> before = s.client;
            s.client = client -> change.apply(before.apply(client));
        });
    }

    /** Changes the server that accepts, except its admission and its handler. Several calls apply in their order. */
    public SwarmHost server(UnaryOperator<WireServer> change) {
        return with(s -> {
            UnaryOperator<WireServer> before = s.server;
            s.server = server -> change.apply(before.apply(server));
        });
    }

    /**
     * Opens the port on subscription.
     *
     * @return a new host with this configuration and the open port. Fails with {@link SwarmException} PORT, or with
     *     {@link IllegalStateException} without {@link #listen}
     */
    public Mono<SwarmHost> bind() {
        return state.bind().map(SwarmHost::new);
    }

    /** Returns the address of the open port, or empty without one. A wildcard host is reported as it was given. */
    public Optional<InetSocketAddress> address() {
        return state.address();
    }

    /**
     * Opens a wire on subscription over a connection that was accepted by other means, and gives it to its swarm. No
     * port is needed.
     *
     * @param connection an open connection without a subscriber; it belongs to the host, and a failure closes it
     * @return completes when the wire has ended. Fails with {@link HandshakeException} if no wire was opened, and with
     *     {@link SwarmException} CLOSED after {@link #close()}. A cancellation closes the connection
     */
    public Mono<Void> accept(Connection connection) {
        return state.accept(connection);
    }

    /**
     * Closes the port and the wires that it has accepted, on subscription. Swarms keep the wires that they have
     * dialled: close them first. Further connections and further swarms are refused.
     *
     * @return completes when the port and its wires are closed, at the latest after a second; never fails
     */
    public Mono<Void> close() {
        return state.close();
    }

    /** Returns the number of swarms that have begun and are not closed. */
    public int swarms() {
        return state.swarms();
    }

    /** Returns the number of open wires of all swarms. */
    public int wires() {
        return state.wires();
    }

    /** Returns the inside of the host, for the engine. */
    HostState state() {
        return state;
    }
}
