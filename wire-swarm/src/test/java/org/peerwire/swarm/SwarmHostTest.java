/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.EncryptionPolicy;
import org.peerwire.HandshakeException;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.metadata.InfoHashV2;
import org.peerwire.metadata.InfoHashes;
import org.peerwire.swarm.internal.loop.SwarmLoop;
import org.peerwire.swarm.internal.peers.Connections;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/** Tests a host over real TCP on the loopback interface. */
class SwarmHostTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final InfoHash TORRENT = hash(0);

    private final PeerId us = PeerId.random();
    private final Queue<SwarmEvent> events = new ConcurrentLinkedQueue<>();
    private final Disposable.Composite open = Disposables.composite();

    @AfterEach
    void stop() {
        open.dispose();
    }

    private static InfoHash hash(int number) {
        return InfoHash.parse("%040x".formatted(number));
    }

    private static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(SOON));
    }

    private static void await(BooleanSupplier condition) {
        for (long end = System.nanoTime() + SOON.toNanos(); !condition.getAsBoolean(); ) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Mono.delay(Duration.ofMillis(10)).block();
        }
    }

    private static int port(SwarmHost host) {
        return host.address().orElseThrow().getPort();
    }

    private SwarmHost bind(SwarmHost host) {
        SwarmHost bound = await(host.listen("127.0.0.1", 0).bind());
        open.add(() -> bound.close().subscribe());
        return bound;
    }

    private Running swarm(SwarmHost host, InfoHashes hashes) {
        return swarm(host, hashes, us);
    }

    /** Starts a swarm and waits until it is registered. */
    private Running swarm(SwarmHost host, InfoHashes hashes, PeerId self) {
        SwarmLoop loop = new SwarmLoop(host.state().clock());
        Connections connections = new Connections(
                loop,
                host.state(),
                SwarmOptions.defaults(),
                new Random(),
                hashes,
                port -> LocalPeer.of(hashes.wire(), self).withListenPort(port),
                wire -> Mono.never(),
                events::add);
        open.add(() -> connections.close(Duration.ZERO).subscribe());
        Running running = new Running(loop, connections);
        running.ask(started -> {
            started.start();
            return true;
        });
        return running;
    }

    /** A swarm and its thread, on which all is asked. */
    private record Running(SwarmLoop loop, Connections connections) {
        <T> T ask(Function<Connections, T> question) {
            return await(Mono.fromCallable(() -> question.apply(connections)).subscribeOn(loop));
        }

        int size() {
            return ask(Connections::size);
        }

        InetSocketAddress peer() {
            return ask(connections ->
                    (InetSocketAddress) connections.wires().get(0).remoteAddress());
        }

        void add(InetSocketAddress address) {
            ask(connections -> {
                connections.add(address, PeerSource.USER);
                return true;
            });
        }
    }

    private Wire dial(SwarmHost host, InfoHash torrent, EncryptionPolicy policy) {
        Wire wire = await(WireClient.create()
                .encryption(policy)
                .connect(host.address().orElseThrow(), LocalPeer.of(torrent, PeerId.random())));
        open.add(wire);
        return wire;
    }

    @Test
    void aThousandTorrentsAreReachedAtOnePort() {
        SwarmHost host = bind(SwarmHost.create());
        List<Running> swarms = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            swarms.add(swarm(host, InfoHashes.of(hash(i))));
        }
        assertThat(host.swarms()).isEqualTo(1_000);

        for (int i = 0; i < 1_000; i++) {
            EncryptionPolicy policy = i % 20 == 0 ? EncryptionPolicy.REQUIRE : EncryptionPolicy.PLAINTEXT_ONLY;
            Wire wire = dial(host, hash(i), policy);
            assertThat(wire.remote().infoHash()).isEqualTo(hash(i));
            assertThat(wire.encryption().isPresent()).isEqualTo(policy == EncryptionPolicy.REQUIRE);
            wire.dispose();
        }
        for (EncryptionPolicy policy : List.of(EncryptionPolicy.PLAINTEXT_ONLY, EncryptionPolicy.REQUIRE)) {
            assertThatThrownBy(() -> dial(host, hash(1_001), policy)).isInstanceOf(HandshakeException.class);
        }
        await(() -> host.wires() == 0);
        swarms.forEach(swarm -> swarm.connections().close(Duration.ZERO).subscribe());
        await(() -> host.swarms() == 0);
        assertThatThrownBy(() -> dial(host, hash(1), EncryptionPolicy.PLAINTEXT_ONLY))
                .as("closed")
                .isInstanceOf(HandshakeException.class);
        assertThatThrownBy(() -> dial(host, hash(20), EncryptionPolicy.REQUIRE))
                .as("the key is removed")
                .isInstanceOf(HandshakeException.class);
    }

    @Test
    void aHybridIsReachedByEachOfItsHashesAlsoByOneThatIsKnownLater() {
        SwarmHost host = bind(SwarmHost.create());
        InfoHashV2 v2 = InfoHashV2.parse("ab".repeat(32));
        Running swarm = swarm(host, InfoHashes.of(TORRENT));
        assertThatThrownBy(() -> dial(host, v2.truncated(), EncryptionPolicy.REQUIRE))
                .isInstanceOf(HandshakeException.class);

        swarm.ask(known -> {
            known.know(InfoHashes.hybrid(TORRENT, v2), false);
            return true;
        });
        for (EncryptionPolicy policy : List.of(EncryptionPolicy.PLAINTEXT_ONLY, EncryptionPolicy.REQUIRE)) {
            dial(host, TORRENT, policy);
            dial(host, v2.truncated(), policy);
        }
        assertThat(host.swarms()).isEqualTo(1);
    }

    @Test
    void twoSwarmsOfOneTorrentAreRefusedButNotOneAfterTheOther() {
        SwarmHost host = bind(SwarmHost.create());
        InfoHashV2 v2 = InfoHashV2.parse("ab".repeat(32));
        Running first = swarm(host, InfoHashes.of(v2));
        assertThatThrownBy(() -> swarm(host, InfoHashes.hybrid(TORRENT, v2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the swarms of a host must have distinct info hashes, was " + v2.truncated());
        assertThat(host.swarms()).isEqualTo(1);
        assertThatThrownBy(() -> dial(host, TORRENT, EncryptionPolicy.PLAINTEXT_ONLY))
                .isInstanceOf(HandshakeException.class);

        first.connections().close(Duration.ZERO).subscribe();
        await(() -> host.swarms() == 0);
        swarm(host, InfoHashes.hybrid(TORRENT, v2));
        dial(host, v2.truncated(), EncryptionPolicy.REQUIRE);
    }

    @Test
    void aFullHostRefusesAndDialsNobody() {
        SwarmHost host = bind(SwarmHost.create().maxWires(2));
        swarm(host, InfoHashes.of(TORRENT));
        Running other = swarm(host, InfoHashes.of(hash(1)));
        Wire first = dial(host, TORRENT, EncryptionPolicy.PLAINTEXT_ONLY);
        dial(host, hash(1), EncryptionPolicy.PLAINTEXT_ONLY);
        await(() -> host.wires() == 2);

        assertThatThrownBy(() -> dial(host, TORRENT, EncryptionPolicy.PLAINTEXT_ONLY))
                .isInstanceOf(HandshakeException.class);
        other.add(new InetSocketAddress("127.0.0.1", 9));
        await(Mono.delay(Duration.ofMillis(600)));
        assertThat((int) other.ask(Connections::dialling)).isZero();
        assertThat(events).noneMatch(SwarmEvent.Unreachable.class::isInstance);

        first.dispose();
        await(() -> host.wires() == 1);
        dial(host, TORRENT, EncryptionPolicy.PLAINTEXT_ONLY);
    }

    @Test
    void ourOwnAddressIsFoundOutAndDialledOnce() {
        SwarmHost host = bind(SwarmHost.create());
        Running swarm = swarm(host, InfoHashes.of(TORRENT));
        InetSocketAddress own = host.address().orElseThrow();
        swarm.add(own);
        await(() -> !events.isEmpty());
        swarm.add(own);
        await(Mono.delay(Duration.ofMillis(1_500)));

        assertThat(events).containsExactly(new SwarmEvent.Ourselves(own));
        assertThat((int) swarm.ask(Connections::known)).isZero();
        await(() -> host.wires() == 0);
    }

    @Test
    void twoSwarmsFindEachOtherAndAClosedHostKeepsDialledWires() {
        SwarmHost host = bind(SwarmHost.create());
        SwarmHost dialling = bind(SwarmHost.create());
        Running accepted = swarm(host, InfoHashes.of(TORRENT));
        Running dialled = swarm(dialling, InfoHashes.of(TORRENT), PeerId.random());
        dialled.add(host.address().orElseThrow());
        await(() -> accepted.size() == 1 && dialled.size() == 1);
        assertThat(accepted.peer().getPort()).isNotEqualTo(port(dialling));

        dialling.close().block(SOON);
        assertThat(dialled.size()).isEqualTo(1);
        assertThatThrownBy(() -> dial(dialling, TORRENT, EncryptionPolicy.PLAINTEXT_ONLY))
                .isInstanceOf(RuntimeException.class);
        host.close().block(SOON);
        await(() -> accepted.size() == 0 && dialled.size() == 0);
        assertThatThrownBy(() -> swarm(host, InfoHashes.of(hash(5)))).isInstanceOf(SwarmException.class);
    }

    @Test
    void aConnectionOfAnotherServerIsAccepted() {
        SwarmHost host = SwarmHost.create();
        Running swarm = swarm(host, InfoHashes.of(TORRENT));
        DisposableServer server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> host.accept(connection).subscribe(null, e -> {}))
                .bindNow();
        open.add(server);
        Wire wire = await(WireClient.create().connect(server.address(), LocalPeer.of(TORRENT, PeerId.random())));
        open.add(wire);
        await(() -> swarm.size() == 1 && host.wires() == 1);
        assertThatThrownBy(() ->
                        await(WireClient.create().connect(server.address(), LocalPeer.of(hash(1), PeerId.random()))))
                .isInstanceOf(HandshakeException.class);

        host.close().block(SOON);
        assertThatThrownBy(() ->
                        await(WireClient.create().connect(server.address(), LocalPeer.of(TORRENT, PeerId.random()))))
                .isInstanceOf(HandshakeException.class);
    }

    @Test
    void aPortInUseIsReportedInOneLine() {
        SwarmHost host = bind(SwarmHost.create());
        assertThatThrownBy(() ->
                        await(SwarmHost.create().listen("127.0.0.1", port(host)).bind()))
                .isInstanceOfSatisfying(
                        SwarmException.class, e -> assertThat(e.reason()).isEqualTo(SwarmException.Reason.PORT))
                .hasMessage("cannot listen on 127.0.0.1:" + port(host) + ": Address already in use");
    }

    @Test
    void aHostIsBoundOnlyWithAPortAndUsedOnlyAfterIt() {
        assertThatThrownBy(() -> await(SwarmHost.create().bind()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("listen must be set before bind");
        assertThatThrownBy(() -> swarm(SwarmHost.create().listen("127.0.0.1", 0), InfoHashes.of(TORRENT)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was not bound");
        assertThatThrownBy(() -> SwarmHost.create().listen("127.0.0.1", 65_536))
                .hasMessage("port must be 0 to 65535, was 65536");
        assertThatThrownBy(() -> SwarmHost.create().maxWires(0)).hasMessage("maxWires must be 1 to 1000000, was 0");
    }

    @Test
    void aWildcardAddressIsReportedAsGiven() {
        SwarmHost host = await(SwarmHost.create().listen("0.0.0.0", 0).bind());
        open.add(() -> host.close().subscribe());

        assertThat(host.address().orElseThrow().getHostString()).isEqualTo("0.0.0.0");
        assertThat(port(host)).isPositive();
        assertThat(SwarmHost.create().address()).isEmpty();
    }

    @Test
    void theSettingsOfTheUserApply() {
        RateLimit down = RateLimit.of(1);
        RateLimit up = RateLimit.of(2);
        List<String> calls = new ArrayList<>();
        SwarmHost host = SwarmHost.create()
                .client(client -> {
                    calls.add("a");
                    return client;
                })
                .client(client -> {
                    calls.add("b");
                    return client;
                })
                .server(server -> {
                    calls.add("c");
                    return server;
                })
                .download(down)
                .upload(up);

        assertThat(host.state().download()).isSameAs(down);
        assertThat(host.state().upload()).isSameAs(up);
        assertThat(host.state().settings().options.payloadMode()).isEqualTo(PayloadMode.POOLED);
        assertThat(calls).containsSubsequence("a", "b", "a", "b", "c");
    }

    @Test
    void swarmsDialFromTheHostOfThePort() {
        SwarmHost target = bind(SwarmHost.create());
        Running accepting = swarm(target, InfoHashes.of(TORRENT));
        SwarmHost from = await(SwarmHost.create().listen("127.0.0.5", 0).bind());
        open.add(() -> from.close().subscribe());
        Running dialling = swarm(from, InfoHashes.of(TORRENT), PeerId.random());
        dialling.add(target.address().orElseThrow());
        await(() -> accepting.size() == 1);

        assertThat(accepting.peer().getAddress().getHostAddress()).isEqualTo("127.0.0.5");
    }
}
