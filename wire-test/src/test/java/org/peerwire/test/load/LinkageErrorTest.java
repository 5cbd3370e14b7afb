/* SPDX-License-Identifier: MIT */
package org.peerwire.test.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.SELF;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.BoundServer;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.WireClient;
import org.peerwire.WireFailure;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.test.SocketPeer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * Tests that an error of linking, as with an incompatible Netty on the class path, fails the opening. Reactor throws it
 * on instead of emitting it, and Netty only logs it.
 */
class LinkageErrorTest {
    private static final Duration SHORT = Duration.ofSeconds(5); // less than the handshake timeout
    private static final NoSuchFieldError ERROR = new NoSuchFieldError("SOME_OPTION");

    private static final Extension BROKEN = new Extension() {
        @Override
        public String name() {
            return "xx_broken";
        }

        @Override
        public void advertise(ExtendedHandshake.Builder mine) {
            throw ERROR;
        }
    };

    private final List<WireFailure> failures = new CopyOnWriteArrayList<>();
    private final LoopResources loops = LoopResources.create("linkage", 1, true);
    private BoundServer good;

    @BeforeEach
    void bind() {
        good = bind(false, server -> server);
    }

    @AfterEach
    void close() {
        good.disposeNow(Loopback.SOON);
        loops.disposeLater(Duration.ZERO, Loopback.SOON).block(Loopback.SOON);
    }

    private BoundServer bind(boolean epoll, UnaryOperator<WireServer> change) {
        return change.apply(WireServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .tcp(tcp -> tcp.runOn(loops, epoll))
                        .encryption(EncryptionPolicy.PREFER_PLAINTEXT, EncryptionKeys.of(SELF.infoHash()))
                        .admit((theirs, from) -> Mono.just(OTHER)))
                .onFailure(failures::add)
                .bindNow();
    }

    /** The places of a client where such an error can arise. */
    enum Dial {
        EXTENSION(client -> client, SELF.withExtension(BROKEN)),
        OPTIONS(client -> client.options(broken(WireOptions.builder())), SELF),
        KEY_EXCHANGE(
                client -> client.encryption(EncryptionPolicy.REQUIRE)
                        .options(WireOptions.builder()
                                .encryptionScheduler(new BrokenScheduler())
                                .build()),
                SELF),
        ON_CONNECTED(
                client -> client.tcp(tcp -> tcp.doOnConnected(connection -> {
                    throw ERROR;
                })),
                SELF);

        final UnaryOperator<WireClient> client;
        final LocalPeer self;

        Dial(UnaryOperator<WireClient> client, LocalPeer self) {
            this.client = client;
            this.self = self;
        }
    }

    /** Returns options whose clock cannot be used. */
    private static WireOptions broken(WireOptions.Builder options) {
        return options.scheduler(new BrokenScheduler()).build();
    }

    private static final class BrokenScheduler implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            throw ERROR;
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            throw ERROR;
        }

        @Override
        public Worker createWorker() {
            return Schedulers.immediate().createWorker();
        }
    }

    static Stream<Arguments> dials() {
        return FloodLoadTest.transports()
                .flatMap(epoll -> Stream.of(Dial.values()).map(dial -> Arguments.of(epoll, dial)));
    }

    @ParameterizedTest
    @MethodSource("dials")
    void aDialFailsWithTheErrorAndClosesItsConnection(boolean epoll, Dial dial) {
        WireClient client = dial.client.apply(
                WireClient.create().encryption(EncryptionPolicy.PLAINTEXT_ONLY).tcp(tcp -> tcp.runOn(loops, epoll)));

        assertThatThrownBy(() -> client.connect(good.address(), dial.self).block(SHORT))
                .isSameAs(ERROR);

        Loopback.await("the connection to be closed", SHORT, () -> good.connections() == 0);
    }

    static Stream<Arguments> servers() {
        return FloodLoadTest.transports().flatMap(epoll -> Stream.<UnaryOperator<WireServer>>of(
                        server -> server.admit((theirs, from) -> Mono.just(OTHER.withExtension(BROKEN))),
                        server -> server.options(broken(WireOptions.builder())),
                        server -> server.admit((theirs, from) -> {
                            throw ERROR;
                        }),
                        server -> server.handle(wire -> {
                            throw ERROR;
                        }))
                .map(server -> Arguments.of(epoll, server)));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aServerClosesTheConnectionAndReportsTheError(boolean epoll, UnaryOperator<WireServer> broken) {
        BoundServer server = bind(epoll, broken);
        SocketPeer peer = SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());

        peer.handshake(Features.DEFAULT).expectClosed().dispose();

        Loopback.await("the hook to be called", SHORT, () -> !failures.isEmpty());
        assertThat(failures).hasSize(1);
        Throwable cause = failures.get(0).cause();
        assertThat(cause == ERROR || cause.getCause() == ERROR).isTrue();
        Loopback.await("the connection to be closed", SHORT, () -> server.connections() == 0);
        server.disposeNow(Loopback.SOON);
    }
}
