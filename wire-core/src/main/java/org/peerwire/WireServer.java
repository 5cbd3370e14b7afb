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

/** Accepts peers. Immutable: every method returns another server. Uses native epoll when it is on the class path. */
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
     * A server with the default options that admits nobody, knows no encryption and keeps wires open until the peer closes
     * them.
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

    /** A server with these options, which counts its key exchanges anew. */
    public WireServer options(WireOptions options) {
        return new WireServer(tcp, options, encryption.with(options), admission, handler);
    }

    /**
     * A server that accepts connections with or without encryption, as this policy says.
     *
     * @param keys the torrents it accepts encrypted handshakes for; may change while it runs. Who is let in is still the
     *     matter of {@link #admit}, which is asked with the handshake that was inside
     */
    public WireServer encryption(EncryptionPolicy policy, EncryptionKeys keys) {
        return new WireServer(tcp, options, encryption.with(policy, keys), admission, handler);
    }

    /** A server over a changed {@link TcpServer}: host, TLS, event loops, metrics and wiretap are Reactor Netty's own. */
    public WireServer tcp(UnaryOperator<TcpServer> change) {
        return new WireServer(change.apply(tcp), options, encryption, admission, handler);
    }

    /** A server that listens on this port, 0 for any free one. */
    public WireServer port(int port) {
        return tcp(server -> server.port(port));
    }

    /** A server that listens on this address. */
    public WireServer host(String host) {
        return tcp(server -> server.host(host));
    }

    /** Who is let in, and what we present to them. */
    public WireServer admit(Admission admission) {
        return new WireServer(tcp, options, encryption, admission, handler);
    }

    /**
     * What to do with a wire: called on its event loop when both handshakes are done and before anything more is read.
     * When the publisher completes the wire is closed, when it fails the wire is disposed, and when the wire ends first
     * the publisher is cancelled.
     */
    public WireServer handle(Function<? super Wire, ? extends Publisher<Void>> handler) {
        return new WireServer(tcp, options, encryption, admission, handler);
    }

    /**
     * Binds on subscription.
     *
     * @return the bound server; disposing it stops accepting and leaves open wires alone
     */
    public Mono<? extends DisposableServer> bind() {
        return tcp.doOnConnection(
                        connection -> over(connection).flatMap(this::handled).subscribe(nothing -> {}, WireServer::log))
                .bind();
    }

    /** Binds and waits for it; not to be called on an event loop. */
    public DisposableServer bindNow() {
        DisposableServer bound = bind().block();
        if (bound == null) {
            throw new IllegalStateException("the server was not bound");
        }
        return bound;
    }

    /**
     * Opens a wire as the one who was dialled over any connection of Reactor Netty that nobody has read from. The
     * handler is not called.
     *
     * @return the wire, as {@link WireClient#connect}
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

    /** A peer's faults are everyday; a handler's are not, and nobody else hears of them. */
    private static void log(Throwable error) {
        if (error instanceof WireException) {
            LOG.debug("A wire has failed: {}", error.getMessage());
        } else {
            LOG.error("The handler of a wire has failed", error);
        }
    }
}
