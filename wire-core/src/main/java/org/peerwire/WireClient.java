/* SPDX-License-Identifier: MIT */
package org.peerwire;

import java.net.SocketAddress;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.peerwire.internal.handshake.EncryptionSetup;
import org.peerwire.internal.handshake.Opening;
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
    private final EncryptionSetup encryption;
    private final @Nullable PeerId expected;

    private WireClient(TcpClient tcp, WireOptions options, EncryptionSetup encryption, @Nullable PeerId expected) {
        this.tcp = tcp;
        this.options = options;
        this.encryption = encryption;
        this.expected = expected;
    }

    /** A client with the default options and {@link EncryptionPolicy#PREFER_PLAINTEXT}. */
    public static WireClient create() {
        WireOptions options = WireOptions.defaults();
        EncryptionSetup encryption = EncryptionSetup.of(EncryptionPolicy.PREFER_PLAINTEXT, options);
        return new WireClient(TcpClient.newConnection(), options, encryption, null);
    }

    /** A client with these options, which counts its key exchanges anew. */
    public WireClient options(WireOptions options) {
        return new WireClient(tcp, options, encryption.with(options), expected);
    }

    /** A client that dials with or without encryption, as this policy says. */
    public WireClient encryption(EncryptionPolicy policy) {
        return new WireClient(tcp, options, encryption.with(policy, encryption.keys()), expected);
    }

    /**
     * A client that opens a wire only to the peer with this id, as a tracker or a peer has named it; dialling another
     * fails with {@link HandshakeException} WRONG_PEER_ID.
     */
    public WireClient expecting(PeerId expected) {
        return new WireClient(tcp, options, encryption, expected);
    }

    /**
     * A client over a changed {@link TcpClient}: proxy, TLS, local address, event loops, connect timeout, metrics and
     * wiretap are Reactor Netty's own.
     */
    public WireClient tcp(UnaryOperator<TcpClient> change) {
        return new WireClient(change.apply(tcp), options, encryption, expected);
    }

    /**
     * Dials on subscription and opens a wire. If the policy allows two ways and the peer closes or says what makes no
     * sense before its handshake is done, it is dialled once more, the other way; then the failure is that of the second
     * dial, with the first as {@linkplain Throwable#getSuppressed() suppressed}.
     *
     * @param remote where the peer listens
     * @param self what we present
     * @return the wire, emitted on its event loop when both handshakes are done; nothing more is read until that
     *     {@code onNext} has returned, so what subscribes inside it misses no message. Fails with
     *     {@link HandshakeException}, or with what kept the connection from being made. Cancelling closes
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
        return tcp.remoteAddress(() -> remote).connect().flatMap(connection -> initiate(connection, self, encrypted));
    }

    /** Whether a peer that wants encryption, or does not want it, may have done this. */
    private static boolean mayBeForEncryption(Throwable failure) {
        return failure instanceof HandshakeException handshake
                && switch (handshake.reason()) {
                    case CLOSED, NOT_BITTORRENT, ENCRYPTION -> true;
                    case WRONG_INFO_HASH, WRONG_PEER_ID, NOT_ADMITTED, SELF, TIMED_OUT, BUSY -> false;
                };
    }

    /**
     * Opens a wire as the one who dials over any connection of Reactor Netty that nobody has read from: a Unix domain
     * socket, TLS, an embedded channel. Of the two ways of a policy only the first can be tried.
     *
     * @return as {@link #connect}
     */
    public Mono<Wire> over(Connection connection, LocalPeer self) {
        return initiate(connection, self, encryption.policy().prefersEncryption());
    }

    private Mono<Wire> initiate(Connection connection, LocalPeer self, boolean encrypted) {
        return Opening.initiate(connection, self, expected, options, encryption, encrypted);
    }
}
