/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Admission;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.test.SocketPeer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** Tests that a connection that ends during the opening of its wire leaves no open wire and no timer. */
class EndWhileOpeningTest {
    private static final int CONNECTIONS = 40;

    private enum End {
        FIN,
        RESET
    }

    private final CountingScheduler clock = new CountingScheduler(Schedulers.parallel());
    private final WireOptions options = WireOptions.builder().scheduler(clock).build();
    private final LoopResources loops = LoopResources.create("end", 1, true);
    private final LocalPeer self = Loopback.peer();
    private final Queue<Wire> wires = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ends = new AtomicInteger();

    static Stream<Arguments> ways() {
        return FloodLoadTest.transports().flatMap(epoll -> Stream.of(End.values())
                .flatMap(end -> Stream.of(0, 3).map(messages -> Arguments.of(epoll, end, messages))));
    }

    @AfterEach
    void closeLoops() {
        loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anAcceptedWireEndsWithItsConnection(boolean epoll, End end, int messages) throws IOException {
        DisposableServer server = serve(epoll, (theirs, from) -> Mono.just(self));
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                end(dial(server, messages), end);
            }
            assertNothingRemains();
        } finally {
            server.disposeNow(Loopback.SOON);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aConnectionEndsThatIsNeverAdmitted(boolean epoll, End end, int messages) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        DisposableServer server = serve(epoll, (theirs, from) -> {
            asked.incrementAndGet();
            return Mono.<LocalPeer>never().doOnCancel(cancelled::incrementAndGet);
        });
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                end(dial(server, messages), end);
            }
            await("every admission to be cancelled", () -> cancelled.get() == asked.get());
            assertNothingRemains();
            assertThat(wires).isEmpty();
        } finally {
            server.disposeNow(Loopback.SOON);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aDialledWireEndsWithItsConnection(boolean epoll, End end, int messages) {
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketPeer peer = SocketPeer.listening(self.infoHash());
            Flux<Wire> connecting = WireClient.create()
                    .options(options)
                    .tcp(tcp -> tcp.runOn(loops, epoll))
                    .connect(peer.address(), self)
                    .doOnNext(this::watch)
                    .flux()
                    .onErrorComplete()
                    .cache();
            connecting.subscribe();
            peer.theirs();
            peer.handshake(Features.DEFAULT);
            if (end == End.RESET) {
                peer.reset();
            }
            peer.dispose();
            connecting.blockLast(Loopback.SOON);
        }
        assertNothingRemains();
    }

    private DisposableServer serve(boolean epoll, Admission admission) {
        return WireServer.create()
                .options(options)
                .tcp(tcp -> tcp.runOn(loops, epoll))
                .host("127.0.0.1")
                .port(0)
                .admit(admission)
                .handle(wire -> {
                    watch(wire);
                    return Mono.never();
                })
                .bindNow();
    }

    private void watch(Wire wire) {
        wires.add(wire);
        wire.onClose().doFinally(end -> ends.incrementAndGet()).subscribe(nothing -> {}, error -> {});
    }

    private Socket dial(DisposableServer server, int messages) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        new Handshake(self.features(), self.infoHash(), PeerId.random()).writeTo(bytes);
        for (int i = 0; i < messages; i++) {
            MessageCodec.encode(new Message.Have(i), bytes);
        }
        InetSocketAddress address = (InetSocketAddress) server.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        bytes.readBytes(socket.getOutputStream(), bytes.readableBytes());
        return socket;
    }

    private static void end(Socket socket, End end) throws IOException {
        if (end == End.RESET) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    private void assertNothingRemains() {
        await("every wire to be disposed", () -> wires.stream().allMatch(Wire::isDisposed));
        await("every wire to say so", () -> ends.get() == wires.size());
        await("no timer", () -> clock.pending().get() == 0);
    }

    private static void await(String what, BooleanSupplier condition) {
        Loopback.await(what, Duration.ofSeconds(3), condition);
    }
}
