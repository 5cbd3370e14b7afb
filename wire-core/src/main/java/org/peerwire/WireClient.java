/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.Handshaker;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.tcp.TcpClient;

/**
 * Dials peers. Immutable: every method returns another client, and one client may dial any number of peers from any
 * thread. Uses native epoll when it is on the class path, NIO otherwise.
 */
public final class WireClient {
    private final TcpClient tcp;
    private final WireOptions options;
    private final @Nullable PeerId expected;

    private WireClient(TcpClient tcp, WireOptions options, @Nullable PeerId expected) {
        this.tcp = tcp;
        this.options = options;
        this.expected = expected;
    }

    /** A client with the default options. */
    public static WireClient create() {
        return new WireClient(TcpClient.newConnection(), WireOptions.defaults(), null);
    }

    /** A client with these options. */
    public WireClient options(WireOptions options) {
        return new WireClient(tcp, options, expected);
    }

    /**
     * A client that opens a wire only to the peer with this id, as a tracker or a peer has named it; dialling another
     * fails with {@link HandshakeException} WRONG_PEER_ID.
     */
    public WireClient expecting(PeerId expected) {
        return new WireClient(tcp, options, expected);
    }

    /**
     * A client over a changed {@link TcpClient}: proxy, TLS, local address, event loops, connect timeout, metrics and
     * wiretap are Reactor Netty's own.
     */
    public WireClient tcp(UnaryOperator<TcpClient> change) {
        return new WireClient(change.apply(tcp), options, expected);
    }

    /**
     * Dials on subscription and opens a wire.
     *
     * @param remote where the peer listens
     * @param self what we present
     * @return the wire, emitted on its event loop when both handshakes are done; nothing more is read until that
     *     {@code onNext} has returned, so what subscribes inside it misses no message. Fails with
     *     {@link HandshakeException}, or with what kept the connection from being made. Cancelling closes
     */
    public Mono<Wire> connect(SocketAddress remote, LocalPeer self) {
        return tcp.remoteAddress(() -> remote).connect().flatMap(connection -> over(connection, self));
    }

    /**
     * Opens a wire as the one who dials over any connection of Reactor Netty that nobody has read from: a Unix domain
     * socket, TLS, an embedded channel.
     *
     * @return as {@link #connect}
     */
    public Mono<Wire> over(Connection connection, LocalPeer self) {
        return Handshaker.initiate(connection, self, expected, options);
    }
}
