/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.BoundServer;
import org.peerwire.HandshakeException;
import org.peerwire.WireFailure;
import org.peerwire.WireFailure.Stage;
import org.peerwire.WireServer;
import org.peerwire.test.SocketPeer;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** Tests the limits of a server for connections, over the kernel. */
class ConnectionLimitTest {
    private final List<WireFailure> failures = new CopyOnWriteArrayList<>();
    private final LoopResources loops = LoopResources.create("limit", 2, true);

    @AfterEach
    void closeLoops() {
        loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
    }

    static Stream<Boolean> transports() {
        return FloodLoadTest.transports();
    }

    private WireServer server(boolean epoll) {
        return WireServer.create()
                .tcp(tcp -> tcp.runOn(loops, epoll))
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(OTHER))
                .onFailure(failures::add);
    }

    private static SocketPeer dial(BoundServer server) {
        return SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());
    }

    private static Socket dialFrom(String address, BoundServer server) throws IOException {
        InetSocketAddress to = (InetSocketAddress) server.address();
        return new Socket(to.getAddress(), to.getPort(), InetAddress.getByName(address), 0);
    }

    private HandshakeException refusal() {
        Loopback.await("the refusal to be reported", () -> !failures.isEmpty());
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0).stage()).isEqualTo(Stage.REFUSED);
        return (HandshakeException) failures.get(0).cause();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void a07_oneConnectionOverTheLimitIsClosedBeforeItsHandshakeIsRead(boolean epoll) {
        BoundServer server = server(epoll).maxConnections(2).bindNow();
        SocketPeer one = dial(server).handshake(FAST);
        SocketPeer silent = dial(server);
        one.theirs();
        Loopback.await("both to be counted", () -> server.connections() == 2);

        SocketPeer over = dial(server);
        over.expectClosed();

        assertThat(refusal()).hasMessage("2 connections are open, which is the limit of maxConnections");
        assertThat(refusal().reason()).isEqualTo(HandshakeException.Reason.BUSY);
        assertThat(server.connections()).isEqualTo(2);
        Stream.of(one, silent, over).forEach(SocketPeer::dispose);
        server.disposeNow(Loopback.SOON);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void a07_theLimitOfAnAddressLeavesTheOthersAlone(boolean epoll) throws IOException {
        BoundServer server = server(epoll).maxConnectionsPerAddress(1).bindNow();
        Socket first = dialFrom("127.0.0.2", server);
        Loopback.await("it to be counted", () -> server.connections() == 1);

        Socket second = dialFrom("127.0.0.2", server);
        assertThat(ends(second)).isTrue();
        Socket other = dialFrom("127.0.0.3", server);
        Loopback.await("the other to be counted", () -> server.connections() == 2);

        assertThat(refusal())
                .hasMessage("1 connections of this address are open, which is the limit of maxConnectionsPerAddress");
        assertThat(((InetSocketAddress) failures.get(0).remoteAddress()).getPort())
                .isEqualTo(second.getLocalPort());
        first.close();
        second.close();
        other.close();
        server.disposeNow(Loopback.SOON);
    }

    private static boolean ends(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException late) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** The ways in which a connection ends, each of which must free its place. */
    static Stream<Consumer<SocketPeer>> ends() {
        return Stream.of(
                SocketPeer::close,
                SocketPeer::reset,
                peer -> peer.sendHex("00 01 02 03").expectClosed(),
                peer -> peer.handshake(FAST).close(),
                peer -> {
                    peer.handshake(FAST).theirs();
                    peer.reset();
                },
                peer -> {
                    peer.handshake(FAST).theirs();
                    peer.sendHex("ffffffff").expectClosed();
                });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void everyEndFreesThePlace(boolean epoll) {
        BoundServer server =
                server(epoll).maxConnections(1).maxConnectionsPerAddress(1).bindNow();
        for (int round = 0; round < 5; round++) {
            ends().forEach(end -> {
                SocketPeer peer = dial(server);
                Loopback.await("it to be counted", () -> server.connections() == 1);
                end.accept(peer);
                peer.dispose();
                Loopback.await("its place to be free", () -> server.connections() == 0);
            });
        }

        assertThat(failures).noneMatch(failure -> failure.stage() == Stage.REFUSED);
        SocketPeer last = dial(server).handshake(FAST);
        assertThat(last.theirs()).isNotNull();
        last.dispose();
        server.disposeNow(Loopback.SOON);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void a07_aFloodOverTheLimitDoesNotDisturbTheWiresWithinIt(boolean epoll) {
        BoundServer server = server(epoll).maxConnectionsPerAddress(3).bindNow();
        SocketPeer honest = dial(server).handshake(FAST);
        honest.theirs();
        List<SocketPeer> flood = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 300; i++) {
            flood.add(dial(server));
        }

        Loopback.await("the flood to be refused", () -> failures.size() == 298);
        assertThat(failures).allMatch(failure -> failure.stage() == Stage.REFUSED);
        assertThat(server.connections()).isEqualTo(3);
        assertThat(honest.isClosed()).isFalse();
        flood.forEach(SocketPeer::dispose);
        Loopback.await("the places to be free", () -> server.connections() == 1);
        honest.dispose();
        server.disposeNow(Loopback.SOON);
    }

    @Test
    @EnabledIf("io.netty.channel.epoll.Epoll#isAvailable")
    void aUnixDomainSocketHasNoAddressesAndOnlyOneLimit(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("wires");
        DomainSocketAddress address = new DomainSocketAddress(path.toFile());
        BoundServer server = WireServer.create()
                .tcp(tcp -> tcp.runOn(loops, true).bindAddress(() -> address))
                .maxConnections(2)
                .maxConnectionsPerAddress(1)
                .onFailure(failures::add)
                .bindNow();
        SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(path));
        SocketChannel two = SocketChannel.open(UnixDomainSocketAddress.of(path));
        Loopback.await("both to be counted", () -> server.connections() == 2);

        SocketChannel over = SocketChannel.open(UnixDomainSocketAddress.of(path));

        assertThat(refusal().reason()).isEqualTo(HandshakeException.Reason.BUSY);
        assertThat(failures.get(0).remoteAddress()).isNotNull();
        for (SocketChannel channel : List.of(one, two, over)) {
            channel.close();
        }
        server.disposeNow(Loopback.SOON);
    }

    @Test
    void aLimitOutsideItsRangeIsRefused() {
        for (int wrong : new int[] {0, -1, 16_777_217}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WireServer.create().maxConnections(wrong))
                    .withMessage("maxConnections must be 1 to 16777216, was " + wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WireServer.create().maxConnectionsPerAddress(wrong))
                    .withMessage("maxConnectionsPerAddress must be 1 to 16777216, was " + wrong);
        }
    }
}
