/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.handshake.EncryptionSetup;
import org.peerwire.internal.handshake.Opening;
import org.peerwire.internal.loop.Transport;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.tcp.TcpClient;

/**
 * A client that dials peers. Immutable and thread-safe: each configuration method returns a new client, and one client
 * may dial any number of peers. It uses native epoll if that is on the class path, else NIO.
 */
public final class WireClient {
    private final TcpClient tcp;
    /** Opens the connections instead of {@link #tcp}, unless it is null. */
    private final @Nullable Function<? super SocketAddress, ? extends Mono<? extends Connection>> dialler;

    private final WireOptions options;
    private final EncryptionSetup encryption;
    private final @Nullable PeerId expected;

    private WireClient(
            TcpClient tcp,
            @Nullable Function<? super SocketAddress, ? extends Mono<? extends Connection>> dialler,
            WireOptions options,
            EncryptionSetup encryption,
            @Nullable PeerId expected) {
        this.tcp = tcp;
        this.dialler = dialler;
        this.options = options;
        this.encryption = encryption;
        this.expected = expected;
    }

    /** Returns a client with the default options and {@link EncryptionPolicy#PREFER_PLAINTEXT}. */
    public static WireClient create() {
        WireOptions options = WireOptions.defaults();
        EncryptionSetup encryption = EncryptionSetup.of(EncryptionPolicy.PREFER_PLAINTEXT, options);
        return new WireClient(TcpClient.newConnection(), null, options, encryption, null);
    }

    /** Returns a client with other options, with its own key-exchange limits. */
    public WireClient options(WireOptions options) {
        return new WireClient(tcp, dialler, options, encryption.with(options), expected);
    }

    /** Returns a client with another encryption policy. */
    public WireClient encryption(EncryptionPolicy policy) {
        return new WireClient(tcp, dialler, options, encryption.with(policy, encryption.keys()), expected);
    }

    /**
     * Returns a client that opens a wire only to the peer with this id, for example one from a tracker. Another peer
     * fails with {@link HandshakeException} WRONG_PEER_ID.
     */
    public WireClient expecting(PeerId expected) {
        return new WireClient(tcp, dialler, options, encryption, expected);
    }

    /**
     * Returns a client over a changed {@link TcpClient}, which configures proxy, TLS, local address, event loops,
     * connect timeout, metrics and wiretap. It dials by TCP, also after {@link #connections}.
     */
    public WireClient tcp(UnaryOperator<TcpClient> change) {
        return new WireClient(change.apply(tcp), null, options, encryption, expected);
    }

    /**
     * Returns a client that opens its connections through a function instead of TCP: to a network in memory, an
     * overlay, or a stream of QUIC. {@link #connect} calls it on subscription, for each dial. No option of
     * {@link #tcp} applies to these connections.
     *
     * @param dialler gets the address of the peer and returns one open connection without a subscriber. An
     *     {@link IOException} of its Mono fails {@link #connect} as one of TCP; an empty Mono is such a failure too.
     *     After a cancellation it must close the connection that it has not emitted
     */
    public WireClient connections(Function<? super SocketAddress, ? extends Mono<? extends Connection>> dialler) {
        return new WireClient(tcp, Objects.requireNonNull(dialler, "dialler"), options, encryption, expected);
    }

    /**
     * Dials a peer on subscription and opens a wire.
     *
     * <p>If the policy allows plain and encrypted connections, a failed dial is repeated once in the other mode, with a
     * new {@link WireOptions#handshakeTimeout()}. This applies to the reasons CLOSED, NOT_BITTORRENT and ENCRYPTION.
     * The failure is then the one of the second dial, with the first as
     * {@linkplain Throwable#getSuppressed() suppressed}.
     *
     * @param remote the address on which the peer listens
     * @param self the peer to present
     * @return the wire, emitted on its event loop when both handshakes are done. No message is applied until
     *     {@code onNext} has returned, so a subscription inside it misses no message. A cancellation closes the
     *     connection. Fails with {@link ConnectionException} FAILED if there is no connection, with the transport's
     *     error as the cause, and with {@link HandshakeException} before both handshakes are done. Fails with
     *     {@link ConnectionException} CLOSED if the wire ends while it opens. Any other error of this side is passed
     *     on: of an extension, or of an incompatible Netty on the class path
     */
    public Mono<Wire> connect(SocketAddress remote, LocalPeer self) {
        EncryptionPolicy policy = encryption.policy();
        boolean encrypted = policy.prefersEncryption();
        Mono<Wire> first = dial(remote, self, encrypted);
        if (!policy.allowsPlaintext() || !policy.allowsEncryption()) {
            return first;
        }
        return first.onErrorResume(WireClient::mayBeForEncryption, failure -> dial(remote, self, !encrypted)
                .doOnError(failure2 -> {
                    failure2.addSuppressed(failure);
                }));
    }

    private Mono<Wire> dial(SocketAddress remote, LocalPeer self, boolean encrypted) {
        return connection(remote)
                .onErrorMap(
                        IOException.class,
                        failure -> new ConnectionException(
                                ConnectionException.Reason.FAILED, Transport.describeDial(remote, failure), failure))
                .flatMap(connection -> initiate(connection, self, encrypted));
    }

    private Mono<? extends Connection> connection(SocketAddress remote) {
        Function<? super SocketAddress, ? extends Mono<? extends Connection>> function = dialler;
        if (function == null) {
            return tcp.remoteAddress(() -> remote).connect();
        }
        return Mono.<Connection>defer(() -> function.apply(remote))
                .switchIfEmpty(Mono.error(() -> new IOException("the dialler has returned no connection")));
    }

    /** Returns true for a failure that a peer may cause by refusing the mode of the dial. */
    private static boolean mayBeForEncryption(Throwable failure) {
        return failure instanceof HandshakeException handshake
                && switch (handshake.reason()) {
                    case CLOSED, NOT_BITTORRENT, ENCRYPTION -> true;
                    case WRONG_INFO_HASH, WRONG_PEER_ID, NOT_ADMITTED, SELF, TIMED_OUT, BUSY -> false;
                };
    }

    /**
     * Opens a wire as the dialling side on subscription, over any unread connection of Reactor Netty: a Unix domain
     * socket, TLS, or an embedded channel. If the policy allows two modes, only the first is tried.
     *
     * @param connection an open connection without a subscriber; it belongs to the wire, and a failure closes it
     * @param self the peer to present
     * @return the wire, as from {@link #connect}
     */
    public Mono<Wire> over(Connection connection, LocalPeer self) {
        return initiate(connection, self, encryption.policy().prefersEncryption());
    }

    private Mono<Wire> initiate(Connection connection, LocalPeer self, boolean encrypted) {
        return Opening.initiate(connection, self, expected, options, encryption, encrypted);
    }
}
