/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.peerwire.internal.handshake.EncryptionSetup;
import org.peerwire.internal.handshake.Opening;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * A server that accepts peers. Immutable and thread-safe: each configuration method returns a new server. It uses
 * native epoll if that is on the class path, else NIO.
 */
public final class WireServer {
    private static final Logger LOG = Loggers.getLogger(WireServer.class);

    private final TcpServer tcp;
    private final WireOptions options;
    private final EncryptionSetup encryption;
    private final Admission admission;
    private final Function<? super Wire, ? extends Publisher<Void>> handler;

    private WireServer(
            TcpServer tcp,
            WireOptions options,
            EncryptionSetup encryption,
            Admission admission,
            Function<? super Wire, ? extends Publisher<Void>> handler) {
        this.tcp = tcp;
        this.options = options;
        this.encryption = encryption;
        this.admission = admission;
        this.handler = handler;
    }

    /**
     * Returns a server with the default options and {@link EncryptionPolicy#PLAINTEXT_ONLY}. It refuses every peer
     * until {@link #admit} is set, and keeps wires open until they end.
     */
    public static WireServer create() {
        WireOptions options = WireOptions.defaults();
        return new WireServer(
                TcpServer.create(),
                options,
                EncryptionSetup.of(EncryptionPolicy.PLAINTEXT_ONLY, options),
                (theirs, from) -> Mono.empty(),
                Wire::onClose);
    }

    /** Returns a server with other options, with its own key-exchange limits. */
    public WireServer options(WireOptions options) {
        return new WireServer(tcp, options, encryption.with(options), admission, handler);
    }

    /**
     * Returns a server with another encryption policy.
     *
     * @param policy the policy for incoming connections
     * @param keys the torrents of encrypted handshakes; may change while the server runs. {@link #admit} still decides,
     *     with the handshake that was inside the encrypted one
     */
    public WireServer encryption(EncryptionPolicy policy, EncryptionKeys keys) {
        return new WireServer(tcp, options, encryption.with(policy, keys), admission, handler);
    }

    /**
     * Returns a server over a changed {@link TcpServer}, which configures host, TLS, event loops, metrics and wiretap.
     */
    public WireServer tcp(UnaryOperator<TcpServer> change) {
        return new WireServer(change.apply(tcp), options, encryption, admission, handler);
    }

    /** Returns a server that listens on a port, or on any free port for 0. */
    public WireServer port(int port) {
        return tcp(server -> server.port(port));
    }

    /** Returns a server that listens on the address of a host. */
    public WireServer host(String host) {
        return tcp(server -> server.host(host));
    }

    /** Returns a server with another {@link Admission}, which decides on each incoming handshake. */
    public WireServer admit(Admission admission) {
        return new WireServer(tcp, options, encryption, admission, handler);
    }

    /**
     * Returns a server with another handler for its wires.
     *
     * @param handler called on the event loop of the wire when both handshakes are done, before any message is applied;
     *     must not block. Its publisher ends the wire: completion closes it, and an error is logged and disposes it. If
     *     the wire ends first, the publisher is cancelled
     */
    public WireServer handle(Function<? super Wire, ? extends Publisher<Void>> handler) {
        return new WireServer(tcp, options, encryption, admission, handler);
    }

    /**
     * Binds the server on subscription. Failures of wires are logged: at debug level if the peer caused them, else as
     * errors.
     *
     * @return the bound server, whose disposal stops accepting and leaves wires open; fails with the transport's error,
     *     for example for a port in use
     */
    public Mono<? extends DisposableServer> bind() {
        return tcp.doOnConnection(
                        connection -> over(connection).flatMap(this::handled).subscribe(nothing -> {}, WireServer::log))
                .bind();
    }

    /** Binds the server and returns it bound. Blocks, so it must not be called on an event loop. */
    public DisposableServer bindNow() {
        DisposableServer bound = bind().block();
        if (bound == null) {
            throw new IllegalStateException("the server was not bound");
        }
        return bound;
    }

    /**
     * Opens a wire as the dialled side on subscription, over any unread connection of Reactor Netty. The handler is not
     * called.
     *
     * @param connection an open connection without a subscriber; it belongs to the wire, and a failure closes it
     * @return the wire, as from {@link WireClient#connect}; also fails with {@link HandshakeException} NOT_ADMITTED
     */
    public Mono<Wire> over(Connection connection) {
        return Opening.accept(connection, admission, options, encryption);
    }

    private Mono<Void> handled(Wire wire) {
        return Flux.defer(() -> handler.apply(wire))
                .then()
                .then(Mono.defer(wire::close))
                .onErrorResume(error -> {
                    wire.dispose();
                    return Mono.error(error);
                })
                .takeUntilOther(wire.onClose().onErrorComplete());
    }

    /** The log is the only receiver of these errors. Errors of peers are common; errors of handlers are bugs. */
    private static void log(Throwable error) {
        if (error instanceof WireException) {
            LOG.debug("A wire has failed: {}", error.getMessage());
        } else {
            LOG.error("The handler of a wire has failed", error);
        }
    }
}
