/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.SELF;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.ConnectionException;
import org.peerwire.EncryptionPolicy;
import org.peerwire.HandshakeException;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.test.Recorder;
import org.peerwire.test.SocketPeer;
import reactor.netty.resources.LoopResources;

/** Tests that the failures of the kernel read the same over NIO and epoll, in words. */
class BrokenConnectionTest {
    private final LoopResources loops = LoopResources.create("broken", 1, true);

    @AfterEach
    void closeLoops() {
        loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
    }

    static Stream<Boolean> transports() {
        return FloodLoadTest.transports();
    }

    private WireClient client(boolean epoll) {
        return WireClient.create().encryption(EncryptionPolicy.PLAINTEXT_ONLY).tcp(tcp -> tcp.runOn(loops, epoll));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aResetIsNamedSo(boolean epoll) {
        SocketPeer peer = SocketPeer.listening(SELF.infoHash());
        Recorder<Wire> connecting = Recorder.of(client(epoll).connect(peer.address(), SELF));
        peer.theirs();
        peer.handshake(FAST);
        Loopback.await("the wire to open", () -> !connecting.values().isEmpty());
        Wire wire = connecting.values().get(0);

        peer.reset();

        assertThatThrownBy(() -> wire.onClose().block(Loopback.SOON))
                .isInstanceOf(ConnectionException.class)
                .hasMessage("connection reset by the peer")
                .hasCauseInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aResetDuringTheHandshakeIsNamedSo(boolean epoll) {
        SocketPeer peer = SocketPeer.listening(SELF.infoHash());
        Recorder<Wire> connecting = Recorder.of(client(epoll).connect(peer.address(), SELF));
        peer.theirs();

        peer.reset();

        Loopback.await("the dial to fail", connecting::hasEnded);
        assertThat(connecting.error())
                .isInstanceOf(HandshakeException.class)
                .hasMessage("connection reset by the peer before its handshake was complete")
                .hasCauseInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aRefusedDialNamesTheAddress(boolean epoll) {
        SocketPeer gone = SocketPeer.listening(SELF.infoHash());
        InetSocketAddress address = gone.address();
        gone.dispose();

        assertThatThrownBy(() -> client(epoll).connect(address, SELF).block(Loopback.SOON))
                .isInstanceOfSatisfying(ConnectionException.class, failure -> assertThat(failure.reason())
                        .isEqualTo(ConnectionException.Reason.FAILED))
                .hasMessage("connection refused by localhost:" + address.getPort())
                .hasCauseInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anUnknownHostIsNamedSo(boolean epoll) {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no such host", 6881);

        assertThatThrownBy(() -> client(epoll)
                        .tcp(tcp -> tcp.resolver(new NoNames()))
                        .connect(nowhere, SELF)
                        .block(Loopback.SOON))
                .isInstanceOf(ConnectionException.class)
                .hasMessage("unknown host no such host:6881")
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    /** A resolver that knows no name, and asks no server. */
    private static final class NoNames extends AddressResolverGroup<InetSocketAddress> {
        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String host, Promise<InetAddress> promise) {
                    promise.setFailure(new UnknownHostException(host));
                }

                @Override
                protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
                    promise.setFailure(new UnknownHostException(host));
                }
            }.asAddressResolver();
        }
    }
}
