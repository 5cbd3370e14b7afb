/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.peerwire.internal.handshake.EncryptionSetup;
import org.peerwire.internal.handshake.Opening;
import org.peerwire.internal.server.Listening;
import org.peerwire.internal.server.Reception;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.tcp.TcpServer;

/**
 * A server that accepts peers. Immutable and thread-safe: each configuration method returns a new server. It uses
 * native epoll if that is on the class path, else NIO.
 */
public final class WireServer {
    private final Settings set;

    private WireServer(Settings set) {
        this.set = set;
    }

    /** The settings of a server, changed only before the server exists. */
    private static final class Settings implements Cloneable {
        private TcpServer tcp = TcpServer.create();
        private WireOptions options = WireOptions.defaults();
        private EncryptionSetup encryption = EncryptionSetup.of(EncryptionPolicy.PLAINTEXT_ONLY, options);
        private Admission admission = (theirs, from) -> Mono.empty();
        private Function<? super Wire, ? extends Publisher<Void>> handler = Wire::onClose;
        private Consumer<? super WireFailure> onFailure = failure -> {};
        private int maxConnections = 10_000;
        private int maxConnectionsPerAddress = 256;

        private Settings copy() {
            try {
                return (Settings) clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private WireServer with(Consumer<Settings> change) {
        Settings changed = set.copy();
        change.accept(changed);
        return new WireServer(changed);
    }

    /**
     * Returns a server with the default options and {@link EncryptionPolicy#PLAINTEXT_ONLY}. It refuses every peer
     * until {@link #admit} is set, and keeps wires open until they end.
     */
    public static WireServer create() {
        return new WireServer(new Settings());
    }

    /** Returns a server with other options, with its own key-exchange limits. */
    public WireServer options(WireOptions options) {
        return with(to -> {
            to.options = options;
            to.encryption = to.encryption.with(options);
        });
    }

    /**
     * Returns a server with another encryption policy.
     *
     * @param policy the policy for incoming connections
     * @param keys the torrents of encrypted handshakes; may change while the server runs. {@link #admit} still decides,
     *     with the handshake that was inside the encrypted one
     */
    public WireServer encryption(EncryptionPolicy policy, EncryptionKeys keys) {
        return with(to -> to.encryption = to.encryption.with(policy, keys));
    }

    /**
     * Returns a server over a changed {@link TcpServer}, which configures host, TLS, event loops, metrics and wiretap.
     */
    public WireServer tcp(UnaryOperator<TcpServer> change) {
        return with(to -> to.tcp = change.apply(to.tcp));
    }

    /** Returns a server that listens on a port, or on any free port for 0. */
    public WireServer port(int port) {
        return tcp(server -> server.port(port));
    }

    /** Returns a server that listens on the address of a host. */
    public WireServer host(String host) {
        return tcp(server -> server.host(host));
    }

    /** Returns a server with another {@link Admission}, which decides on each incoming connection by its info hash. */
    public WireServer admit(Admission admission) {
        return with(to -> to.admission = admission);
    }

    /**
     * Returns a server with another handler for its wires.
     *
     * @param handler called on the event loop of the wire when both handshakes are done, before any message is applied;
     *     must not block. Its publisher ends the wire: completion closes it as {@link Wire#close()}, and an error
     *     disposes it and is reported to {@link #onFailure}. If the wire ends first, the publisher is cancelled
     */
    public WireServer handle(Function<? super Wire, ? extends Publisher<Void>> handler) {
        return with(to -> to.handler = handler);
    }

    /**
     * Returns a server with another hook for failures. The hook hears exactly once of every accepted connection that
     * did not become a wire, and of every wire that failed. An orderly end is no failure.
     *
     * <p>Failures are logged as well, before the hook hears of them: errors of a handler, a {@link BlockSource} or an
     * extension at error level, of an admission at warning level, those caused by peers at debug level.
     *
     * @param hook called on the event loop of the connection; must not block. An exception of the hook is logged
     */
    public WireServer onFailure(Consumer<? super WireFailure> hook) {
        return with(to -> to.onFailure = hook);
    }

    /**
     * Returns a server with another limit of open connections, with and without a wire. Default 10,000: they need about
     * 100 MiB while they are idle. Range 1 to 16,777,216. A further connection is closed before anything is read, and
     * reported as {@link WireFailure.Stage#REFUSED}. The file descriptors of the process may be a lower limit.
     */
    public WireServer maxConnections(int connections) {
        int checked = Ranges.check("maxConnections", connections, 1, 16_777_216);
        return with(to -> to.maxConnections = checked);
    }

    /**
     * Returns a server with another limit of open connections of one address. IPv6 addresses with the same first 64
     * bits count as one. Default 256: many peers may share an address translator, and 40 addresses are needed to fill
     * the server. Range 1 to 16,777,216. A further connection is refused as by {@link #maxConnections}.
     */
    public WireServer maxConnectionsPerAddress(int connections) {
        int checked = Ranges.check("maxConnectionsPerAddress", connections, 1, 16_777_216);
        return with(to -> to.maxConnectionsPerAddress = checked);
    }

    /**
     * Binds the server on subscription. Admissions and handlers see the context of this subscription.
     *
     * @return the bound server; fails with the transport's error, for example for a port in use
     */
    public Mono<BoundServer> bind() {
        return Mono.deferContextual(context -> Listening.bind(
                set.tcp,
                new Reception(
                        set.maxConnections,
                        set.maxConnectionsPerAddress,
                        connection -> over(connection).contextWrite(context),
                        wire -> handled(wire).contextWrite(context),
                        set.onFailure)));
    }

    private Flux<Void> handled(Wire wire) {
        return Flux.defer(() -> Objects.requireNonNull(set.handler.apply(wire), "the handler returned null"));
    }

    /** Binds the server and returns it bound. Blocks, so it must not be called on an event loop. */
    public BoundServer bindNow() {
        BoundServer bound = bind().block();
        if (bound == null) {
            throw new IllegalStateException("the server was not bound");
        }
        return bound;
    }

    /**
     * Opens a wire as the dialled side on subscription, over any unread connection of Reactor Netty. The admission sees
     * the context of this subscription. The handler and the hook are not called, and the connection is not counted.
     *
     * @param connection an open connection without a subscriber; it belongs to the wire, and a failure closes it
     * @return the wire, as from {@link WireClient#connect}; also fails with {@link HandshakeException} NOT_ADMITTED
     */
    public Mono<Wire> over(Connection connection) {
        return Opening.accept(connection, set.admission, set.options, set.encryption);
    }
}
