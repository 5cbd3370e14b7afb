/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.BlockSource;
import org.peerwire.BoundServer;
import org.peerwire.ConnectionException;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.LocalPeer;
import org.peerwire.ProtocolException;
import org.peerwire.Wire;
import org.peerwire.WireFailure;
import org.peerwire.WireFailure.Stage;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.test.SocketPeer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Tests that the hook of a server hears exactly once of each failure. */
class ServerFailureTest {
    private static final IllegalStateException BUG = new IllegalStateException("a bug of the application");
    private static final BlockSource BROKEN = block -> Mono.error(BUG);

    private final List<WireFailure> failures = new CopyOnWriteArrayList<>();
    private final LoopResources loops = LoopResources.create("failure", 1, true);

    @AfterEach
    void closeLoops() {
        loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
    }

    /** The ways to fail, each with its stage and the type of its cause. */
    enum Way {
        NOT_BITTORRENT(Stage.OPENING, HandshakeException.class, server -> server, raw("GET / HTTP/1.1")),
        CLOSED_EARLY(Stage.OPENING, HandshakeException.class, server -> server, SocketPeer::close),
        RESET_EARLY(Stage.OPENING, HandshakeException.class, server -> server, SocketPeer::reset),
        SLOW(
                Stage.OPENING,
                HandshakeException.class,
                server -> server.options(WireOptions.builder()
                        .handshakeTimeout(Duration.ofMillis(50))
                        .build()),
                SocketPeer::expectClosed),
        BROKEN_EXTENSION(
                Stage.OPENING,
                IllegalStateException.class,
                admitting(OTHER.withExtension(new Extension() {
                    @Override
                    public String name() {
                        return "xx_broken";
                    }

                    @Override
                    public void advertise(ExtendedHandshake.Builder mine) {
                        throw BUG;
                    }
                })),
                speak()),
        UNKNOWN(
                Stage.ADMISSION,
                HandshakeException.class,
                server -> server.admit((theirs, from) -> Mono.empty()),
                speak()),
        ADMISSION_FAILS(
                Stage.ADMISSION,
                HandshakeException.class,
                server -> server.admit((theirs, from) -> Mono.error(BUG)),
                speak()),
        HANDLER_THROWS(
                Stage.HANDLER,
                IllegalStateException.class,
                handling(wire -> {
                    throw BUG;
                }),
                speak()),
        HANDLER_IS_NULL(Stage.HANDLER, NullPointerException.class, handling(wire -> nothing()), speak()),
        HANDLER_FAILS(Stage.HANDLER, IllegalStateException.class, handling(wire -> Mono.error(BUG)), speak()),
        HANDLER_FAILS_ELSEWHERE(
                Stage.HANDLER,
                IllegalStateException.class,
                handling(
                        wire -> Mono.error(BUG).publishOn(Schedulers.parallel()).then()),
                speak()),
        HANDLER_FAILS_WITH_THE_WIRE(
                Stage.WIRE,
                ProtocolException.class,
                handling(wire -> wire.inbound().then()),
                speak(new Message.Have(PIECES))),
        SOURCE_FAILS(
                Stage.SOURCE,
                IllegalStateException.class,
                handling(wire -> wire.outbound()
                        .send(new Message.Unchoke())
                        .then(wire.blocks().serve(BROKEN))),
                speak(request(block(0, 0)))),
        VIOLATION(Stage.WIRE, ProtocolException.class, server -> server, speak(new Message.Have(PIECES))),
        RESET(Stage.WIRE, ConnectionException.class, server -> server, peer -> {
            speak().accept(peer);
            peer.expectExtendedHandshake(); // the wire has been opened
            peer.reset();
        });

        final Stage stage;
        final Class<? extends Throwable> cause;
        final UnaryOperator<WireServer> server;
        final Consumer<SocketPeer> peer;

        Way(
                Stage stage,
                Class<? extends Throwable> cause,
                UnaryOperator<WireServer> server,
                Consumer<SocketPeer> peer) {
            this.stage = stage;
            this.cause = cause;
            this.server = server;
            this.peer = peer;
        }
    }

    private static UnaryOperator<WireServer> handling(Function<Wire, Publisher<Void>> handler) {
        return server -> server.handle(handler);
    }

    private static UnaryOperator<WireServer> admitting(LocalPeer self) {
        return server -> server.admit((theirs, from) -> Mono.just(self));
    }

    private static Consumer<SocketPeer> raw(String text) {
        return peer -> peer.send(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /** Sends a handshake and messages in one write, because the server may close after the first byte of each. */
    private static Consumer<SocketPeer> speak(Message... messages) {
        return peer -> {
            ByteBuf bytes = Unpooled.buffer();
            new Handshake(Features.DEFAULT, SELF.infoHash(), SELF.peerId()).writeTo(bytes);
            for (Message message : messages) {
                MessageCodec.encode(message, bytes);
            }
            peer.send(bytes);
        };
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static <T> T nothing() {
        return null;
    }

    private BoundServer bind(boolean epoll, UnaryOperator<WireServer> change) {
        return change.apply(WireServer.create().admit((theirs, from) -> Mono.just(OTHER)))
                .onFailure(failures::add)
                .tcp(tcp -> tcp.runOn(loops, epoll))
                .host("127.0.0.1")
                .port(0)
                .bindNow();
    }

    static Stream<Arguments> ways() {
        return FloodLoadTest.transports()
                .flatMap(epoll -> Stream.of(Way.values()).map(way -> Arguments.of(epoll, way)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theHookHearsOnceOfEachFailure(boolean epoll, Way way) {
        BoundServer server = bind(epoll, way.server);
        SocketPeer peer = SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());
        InetSocketAddress from = peer.address();

        way.peer.accept(peer);

        Loopback.await("the hook to be called", () -> !failures.isEmpty());
        Loopback.await("the connection to be closed", () -> server.connections() == 0);
        assertThat(failures).hasSize(1);
        WireFailure failure = failures.get(0);
        assertThat(failure.stage()).isEqualTo(way.stage);
        assertThat(failure.cause()).isInstanceOf(way.cause);
        assertThat(failure.remoteAddress()).isEqualTo(from);
        assertThat(failure.wire().isPresent()).isEqualTo(way.stage.compareTo(Stage.HANDLER) >= 0);
        failure.wire().ifPresent(wire -> assertThat(wire.isDisposed()).isTrue());
        peer.dispose();
        server.disposeNow(Loopback.SOON);
        assertThat(failures).hasSize(1);
    }

    // a TLS handshake that fails ends a connection in this way
    @ParameterizedTest
    @MethodSource("transports")
    void aConnectionThatEndsBeforeItsFirstByteIsReportedAndCountedDown(boolean epoll) {
        BoundServer server =
                bind(epoll, to -> to.tcp(tcp -> tcp.doOnChannelInit((observer, channel, remote) -> channel.close())));

        for (int i = 1; i <= 3; i++) {
            int count = i;
            SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash())
                    .expectClosed()
                    .dispose();
            Loopback.await("the hook to be called", () -> failures.size() == count);
        }

        assertThat(failures).allMatch(failure -> failure.stage() == Stage.OPENING);
        assertThat(server.connections()).isZero();
        server.disposeNow(Loopback.SOON);
    }

    static Stream<Boolean> transports() {
        return FloodLoadTest.transports();
    }

    /** The ways of an orderly end. */
    enum Orderly {
        PEER_CLOSES(server -> server, SocketPeer::close),
        HANDLER_COMPLETES(handling(wire -> Mono.empty()), SocketPeer::expectClosed),
        WE_CLOSE(handling(Wire::close), SocketPeer::expectClosed),
        WE_DISPOSE(handling(wire -> Mono.fromRunnable(wire::dispose).then(Mono.never())), SocketPeer::expectClosed);

        final UnaryOperator<WireServer> server;
        final Consumer<SocketPeer> peer;

        Orderly(UnaryOperator<WireServer> server, Consumer<SocketPeer> peer) {
            this.server = server;
            this.peer = peer;
        }
    }

    @ParameterizedTest
    @EnumSource(Orderly.class)
    void theHookHearsNothingOfAnOrderlyEnd(Orderly end) {
        BoundServer server = bind(false, end.server);
        SocketPeer peer = SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());
        speak().accept(peer);
        peer.theirs();

        end.peer.accept(peer);
        peer.dispose();

        Loopback.await("the connection to be closed", () -> server.connections() == 0);
        server.disposeNow(Loopback.SOON);
        assertThat(failures).isEmpty();
    }

    @Test
    void aHookThatThrowsDoesNotStopTheServer() {
        BoundServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .onFailure(failure -> {
                    failures.add(failure);
                    throw BUG;
                })
                .bindNow();
        for (int i = 1; i <= 3; i++) {
            SocketPeer peer = SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());
            speak().accept(peer);
            peer.expectClosed().dispose();
        }

        Loopback.await("each failure to be reported", () -> failures.size() == 3);
        Loopback.await("the connections to be closed", () -> server.connections() == 0);
        server.disposeNow(Loopback.SOON);
    }
}
