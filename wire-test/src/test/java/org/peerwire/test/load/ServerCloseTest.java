/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Fixture.FAST;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.request;

import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.BlockSource;
import org.peerwire.BoundServer;
import org.peerwire.Wire;
import org.peerwire.WireFailure;
import org.peerwire.WireFailure.Stage;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.test.Recorder;
import org.peerwire.test.SocketPeer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.resources.LoopResources;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests the close of a server with its connections, over the kernel. */
class ServerCloseTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final BlockSource NEVER = block -> Mono.never();

    private final List<WireFailure> failures = new CopyOnWriteArrayList<>();
    private final LoopResources loops = LoopResources.create("close", 1, true);
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();

    @AfterEach
    void closeLoops() {
        loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
    }

    static Stream<Boolean> transports() {
        return FloodLoadTest.transports();
    }

    private WireServer server(boolean epoll, BlockSource source) {
        return WireServer.create()
                .options(WireOptions.builder()
                        .scheduler(clock)
                        .allowedFastPieces(0)
                        .build())
                .tcp(tcp -> tcp.runOn(loops, epoll))
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(OTHER))
                .onFailure(failures::add)
                .handle(wire -> wire.outbound()
                        .send(new Message.Unchoke())
                        .then(wire.blocks().serve(source)));
    }

    private static SocketPeer dial(BoundServer server) {
        return SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());
    }

    /** Returns a peer whose requests are queued. */
    private static SocketPeer asking(BoundServer server, List<BlockRequest> asked) {
        SocketPeer peer = dial(server).handshake(FAST);
        peer.expect(new Message.Unchoke());
        return peer.send(asked.stream().map(Message.Request::new).toArray(Message[]::new));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closingAnswersTheRequestsThatHaveArrivedAndThenEnds(boolean epoll) {
        Sinks.Empty<Void> disk = Sinks.empty();
        List<BlockRequest> reads = new CopyOnWriteArrayList<>();
        BoundServer server = server(epoll, block -> {
                    reads.add(block);
                    return disk.asMono().then(Mono.fromSupplier(() -> bytes(block)));
                })
                .bindNow();
        List<BlockRequest> asked = blocks(8);
        SocketPeer one = asking(server, asked);
        SocketPeer two = asking(server, asked);
        Loopback.await("all reads to begin", () -> reads.size() == 16);
        Recorder<Void> closing = Recorder.of(server.close(DEADLINE));
        server.onDispose().block(Loopback.SOON);
        assertThatThrownBy(() -> dial(server)).isInstanceOf(UncheckedIOException.class);

        disk.tryEmitEmpty();

        for (SocketPeer peer : List.of(one, two)) {
            for (BlockRequest block : asked) {
                peer.expect(answer(block));
            }
            peer.expectClosed().dispose();
        }
        Loopback.await("the server to be closed", closing::hasCompleted);
        assertThat(server.connections()).isZero();
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void theDeadlineCutsTheConnectionsThatAreLeft(boolean epoll) {
        List<BlockRequest> reads = new CopyOnWriteArrayList<>();
        BoundServer server = server(epoll, block -> {
                    reads.add(block);
                    return Mono.never();
                })
                .bindNow();
        SocketPeer peer = asking(server, blocks(1));
        Loopback.await("the read to begin", () -> reads.size() == 1);
        Recorder<Void> closing = Recorder.of(server.close(DEADLINE));
        Loopback.await("the server to stop listening", server::isDisposed);
        loops.onServer(epoll).submit(() -> {}).syncUninterruptibly(); // the wire has started its timer before this task

        clock.advanceTimeBy(DEADLINE.minusMillis(1));
        assertThat(closing.hasEnded()).isFalse();
        assertThat(server.connections()).isEqualTo(1);
        clock.advanceTimeBy(Duration.ofMillis(1));

        Loopback.await("the server to be closed", closing::hasCompleted);
        peer.expectClosed().dispose();
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectionsThatAreStillOpeningEndAtOnce(boolean epoll) {
        List<Object> asked = new CopyOnWriteArrayList<>();
        BoundServer server = server(epoll, NEVER)
                .admit((theirs, from) -> {
                    asked.add(from);
                    return Mono.never();
                })
                .bindNow();
        SocketPeer silent = dial(server);
        SocketPeer waiting = dial(server).handshake(FAST);
        Loopback.await("the admission to be asked", () -> !asked.isEmpty() && server.connections() == 2);

        server.close(DEADLINE).block(Loopback.SOON);

        silent.expectClosed().dispose();
        waiting.expectClosed().dispose();
        assertThat(failures).hasSize(2).allMatch(failure -> failure.stage() == Stage.OPENING);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void thePortIsFreeWhenAServerHasClosed(boolean epoll) {
        int port = 0;
        for (int i = 0; i < 100; i++) { // NIO frees the port within a turn of the loop
            BoundServer server = server(epoll, NEVER).port(port).bindNow();
            port = server.port();
            if (i % 2 == 0) {
                server.close(DEADLINE).block(Loopback.SOON);
            } else {
                server.dispose();
                server.onDispose().block(Loopback.SOON);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aClosedServerStaysClosedWhenItsLoopEnds(boolean epoll) {
        LoopResources own = LoopResources.create("own", 1, true);
        BoundServer server =
                server(epoll, NEVER).tcp(tcp -> tcp.runOn(own, epoll)).bindNow();
        server.disposeNow(DEADLINE);

        own.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);

        server.onDispose().block(Loopback.SOON);
        server.close(DEADLINE).block(Loopback.SOON);
    }

    @Test
    void disposingStopsAcceptingAndLeavesTheWiresOpen() {
        BoundServer server = server(false, block -> Mono.just(bytes(block))).bindNow();
        SocketPeer peer = asking(server, blocks(1));
        peer.expect(answer(blocks(1).get(0)));

        server.dispose();
        server.onDispose().block(Loopback.SOON);

        peer.send(request(blocks(2).get(1))).expect(answer(blocks(2).get(1)));
        assertThat(server.connections()).isEqualTo(1);
        peer.dispose();
        server.close(DEADLINE).block(Loopback.SOON);
    }

    // a bound server of Reactor Netty with a channel group fails there, because no wire subscribes to its operations
    @ParameterizedTest
    @MethodSource("transports")
    void disposeNowClosesTheWiresAlsoWithAChannelGroup(boolean epoll) {
        DefaultEventExecutor executor = new DefaultEventExecutor();
        List<Wire> wires = new CopyOnWriteArrayList<>();
        BoundServer server = server(epoll, NEVER)
                .options(WireOptions.defaults())
                .tcp(tcp -> tcp.channelGroup(new DefaultChannelGroup(executor)))
                .handle(wire -> {
                    wires.add(wire);
                    return Mono.never();
                })
                .bindNow();
        SocketPeer peer = dial(server).handshake(FAST);
        Loopback.await("the wire to open", () -> !wires.isEmpty());

        server.disposeNow(Duration.ofSeconds(5));

        assertThat(wires).allMatch(Wire::isDisposed);
        assertThat(server.connections()).isZero();
        peer.expectClosed().dispose();
        executor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void aDeadlineOutsideItsRangeIsRefused() {
        BoundServer server = server(false, NEVER).bindNow();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.close(Duration.ZERO))
                .withMessage("deadline must be 1 ms to 365 days, was PT0S");

        server.disposeNow(Duration.ZERO); // as short as possible
        assertThat(server.isDisposed()).isTrue();
    }
}
