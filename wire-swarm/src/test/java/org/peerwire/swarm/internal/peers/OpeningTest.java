/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireServer;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.PeerSource;
import org.peerwire.swarm.SwarmEvent;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** Tests wires that end at each step of their opening, and a peer that returns, over real TCP. */
class OpeningTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final InfoHash TORRENT = DialWorld.TORRENT;

    private final Disposable.Composite open = Disposables.composite();
    private final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();
    private HostState host = new HostState(HostSettings.DEFAULT);
    private SwarmLoop loop = new SwarmLoop(Schedulers.immediate());
    private Connections connections = connections();

    /** The bytes that a peer sends before it closes, with the time that it waits. */
    private enum Step {
        NOTHING(0, false),
        HALF_A_HANDSHAKE(30, false),
        THE_INFO_HASH(48, false),
        A_HANDSHAKE(68, false),
        A_HANDSHAKE_AND_A_PAUSE(68, true),
        HALF_A_MESSAGE(70, true),
        WRONG_INFO_HASH(68, false);

        private final int length;
        private final boolean pause;

        Step(int length, boolean pause) {
            this.length = length;
            this.pause = pause;
        }

        byte[] bytes() {
            ByteBuf all = Unpooled.buffer();
            InfoHash hash = this == WRONG_INFO_HASH ? InfoHash.parse("ff".repeat(20)) : TORRENT;
            new Handshake(Features.DEFAULT, hash, PeerId.random()).writeTo(all);
            all.writeShort(0);
            byte[] some = new byte[length];
            all.readBytes(some);
            return some;
        }

        Duration pause() {
            return pause ? Duration.ofMillis(150) : Duration.ZERO;
        }
    }

    @BeforeEach
    void start() {
        host = new HostState(HostSettings.DEFAULT.with(settings -> {
                    settings.host = "127.0.0.1";
                    settings.port = 0;
                }))
                .bind()
                .block(SOON);
        open.add(() -> host.close().subscribe());
        loop = new SwarmLoop(host.clock());
        connections = connections();
        open.add(() -> connections.close(Duration.ZERO).subscribe());
        Mono.fromRunnable(connections::start).subscribeOn(loop).block(SOON); // a peer that dials earlier is refused
    }

    private Connections connections() {
        return new Connections(
                loop,
                host,
                SwarmOptions.defaults(),
                new Random(1),
                InfoHashes.of(TORRENT),
                port -> LocalPeer.of(TORRENT, DialWorld.US),
                wire -> Mono.never(),
                events::add);
    }

    @AfterEach
    void stop() {
        open.dispose();
    }

    private <T> T ask(Supplier<T> question) {
        return Mono.fromSupplier(question).subscribeOn(loop).block(SOON);
    }

    private void await(BooleanSupplier condition) {
        for (long end = System.nanoTime() + SOON.toNanos(); !condition.getAsBoolean(); ) {
            assertThat(System.nanoTime()).as("the time of %s", events).isLessThan(end);
            Mono.delay(Duration.ofMillis(10)).block();
        }
    }

    private void add(InetSocketAddress address) {
        loop.schedule(() -> connections.add(address, PeerSource.USER));
    }

    private boolean isEmpty() {
        return ask(() -> connections.size() + connections.dialling()) + host.wires() == 0;
    }

    private long told(Class<? extends SwarmEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatIsDialledAndClosesLeavesNothing(Step step) {
        Queue<Integer> accepted = new ConcurrentLinkedQueue<>();
        byte[] bytes = step.bytes();
        DisposableServer peer = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((in, out) -> {
                    accepted.add(1);
                    in.receive().subscribe(null, reset -> {}); // or the bytes of the last read may leak
                    return out.sendByteArray(Mono.just(bytes))
                            .then(Mono.delay(step.pause()).then());
                })
                .bindNow();
        open.add(peer);
        add((InetSocketAddress) peer.address());

        await(() -> told(SwarmEvent.Unreachable.class) + told(SwarmEvent.Disconnected.class) > 0);
        assertThat(accepted).isNotEmpty();
        await(this::isEmpty);
        assertThat(told(SwarmEvent.Disconnected.class)).isEqualTo(told(SwarmEvent.Connected.class));
        await(() -> accepted.size() >= 3); // it is dialled again, so the address is not busy for ever
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatDialsAndClosesLeavesNothing(Step step) {
        for (int i = 1; i <= 5; i++) {
            int number = i;
            byte[] bytes = step.bytes();
            TcpClient.newConnection()
                    .remoteAddress(() -> host.address().orElseThrow())
                    .handle((in, out) -> {
                        in.receive().subscribe(null, reset -> {}); // or the bytes of the last read may leak
                        return out.sendByteArray(Mono.just(bytes)).then(step.pause ? connected(number) : Mono.empty());
                    })
                    .connect()
                    .flatMap(connection -> connection.onDispose())
                    .block(SOON);
        }
        await(() -> told(SwarmEvent.Disconnected.class) == told(SwarmEvent.Connected.class) && isEmpty());
        assertThat(told(SwarmEvent.Connected.class)).isLessThanOrEqualTo(step.length < 68 ? 0 : 5);
    }

    /** Completes when this many wires have been connected. */
    private Mono<Void> connected(int count) {
        return Flux.interval(Duration.ofMillis(10))
                .filter(tick -> told(SwarmEvent.Connected.class) >= count)
                .next()
                .then();
    }

    @Test
    void aRefusedDialLeavesNothing() {
        DisposableServer gone = TcpServer.create().host("127.0.0.1").port(0).bindNow();
        gone.disposeNow();
        add((InetSocketAddress) gone.address());

        await(() -> told(SwarmEvent.Unreachable.class) == 1);
        assertThat(events)
                .extracting(event -> ((SwarmEvent.Unreachable) event).reason())
                .containsExactly("connection refused");
        await(this::isEmpty);
    }

    @Test
    void theNameOfAHostIsLookedUp() {
        DisposableServer peer = server(0);
        add(InetSocketAddress.createUnresolved("localhost", peer.port()));
        add(InetSocketAddress.createUnresolved("unknown.invalid", 1));

        await(() -> told(SwarmEvent.Connected.class) == 1 && told(SwarmEvent.Unreachable.class) == 1);
        assertThat(events)
                .filteredOn(SwarmEvent.Unreachable.class::isInstance)
                .extracting(event -> ((SwarmEvent.Unreachable) event).reason())
                .containsExactly("unknown host: unknown.invalid");
    }

    private DisposableServer server(int port) {
        LocalPeer seed = LocalPeer.of(TORRENT, PeerId.random()); // blocks, so not on the event loop
        DisposableServer server = WireServer.create()
                .tcp(tcp -> tcp.host("127.0.0.1").port(port))
                .admit((theirs, from) -> Mono.just(seed))
                .bindNow();
        open.add(() -> server.disposeNow(Duration.ofMillis(100)));
        return server;
    }

    @Test
    void theOnlySeedIsFoundSoonAfterItsReturn() {
        DisposableServer first = server(0);
        add((InetSocketAddress) first.address());
        await(() -> told(SwarmEvent.Connected.class) == 1);
        first.disposeNow(Duration.ofMillis(100));
        await(() -> told(SwarmEvent.Disconnected.class) == 1);
        Mono.delay(Duration.ofSeconds(6)).block();
        List<Wire> none = ask(connections::wires);
        assertThat(none).isEmpty();

        server(first.port());
        long start = System.nanoTime();
        await(() -> ask(connections::size) == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
