/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests of a client that opens its connections through a function. */
class ConnectionsTest {
    private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.1", 50_001);
    private static final InetSocketAddress THERE = new InetSocketAddress("192.0.2.2", 6881);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final WireOptions options = WireOptions.builder()
            .scheduler(clock)
            .encryptionScheduler(Schedulers.immediate())
            .build();
    private final List<SocketAddress> dials = new ArrayList<>();

    /** Dials a server in memory. */
    private Mono<Connection> dial(SocketAddress address, EncryptionPolicy accepted) {
        return Mono.fromCallable(() -> {
            dials.add(address);
            MemoryChannel here = MemoryChannel.withReactorNetty(HERE, THERE);
            MemoryChannel there = MemoryChannel.withReactorNetty(THERE, HERE);
            MemoryChannel.connect(here, there, clock);
            WireServer.create()
                    .options(options)
                    .encryption(accepted, EncryptionKeys.of(Fixture.OTHER.infoHash()))
                    .admit((theirs, from) -> Mono.just(Fixture.OTHER))
                    .over(there.connection())
                    .subscribe(wire -> {}, error -> {});
            return here.connection();
        });
    }

    private WireClient client(EncryptionPolicy accepted) {
        return WireClient.create().options(options).connections(address -> dial(address, accepted));
    }

    private static Recorder<Wire> connect(WireClient client) {
        return Recorder.of(client.connect(THERE, Fixture.SELF));
    }

    private static ConnectionException failure(Mono<Connection> connection) {
        return (ConnectionException)
                connect(WireClient.create().connections(address -> connection)).error();
    }

    @Test
    void aWireOpensOverTheConnectionOfTheFunction() {
        Wire wire = connect(client(EncryptionPolicy.PLAINTEXT_ONLY)).values().get(0);

        assertThat(dials).containsExactly(THERE);
        assertThat(wire.remoteAddress()).isEqualTo(THERE);
        assertThat(wire.localAddress()).isEqualTo(HERE);
        assertThat(wire.initiator()).isTrue();
        wire.dispose();
    }

    @Test
    void theSecondDialOfTheEncryptionUsesTheFunctionToo() {
        Wire wire = connect(client(EncryptionPolicy.REQUIRE)).values().get(0);

        assertThat(dials).containsExactly(THERE, THERE);
        assertThat(wire.encryption()).contains(EncryptionMethod.RC4);
        wire.dispose();
    }

    @Test
    void everyOtherSettingKeepsTheFunction() {
        for (UnaryOperator<WireClient> change : List.<UnaryOperator<WireClient>>of(
                client -> client.options(options),
                client -> client.encryption(EncryptionPolicy.PREFER_PLAINTEXT),
                client -> client.expecting(Fixture.OTHER.peerId()))) {
            dials.clear();
            connect(change.apply(client(EncryptionPolicy.PLAINTEXT_ONLY)))
                    .values()
                    .get(0)
                    .dispose();
            assertThat(dials).containsExactly(THERE);
        }
        WireClient other = client(EncryptionPolicy.PLAINTEXT_ONLY).expecting(PeerId.random());
        assertThat(connect(other).error())
                .hasMessageContaining(Fixture.OTHER.peerId().toString());
    }

    @Test
    void theFunctionIsCalledOnSubscriptionOnly() {
        Mono<Wire> wire = client(EncryptionPolicy.PLAINTEXT_ONLY).connect(THERE, Fixture.SELF);
        assertThat(dials).isEmpty();

        Wire first = Recorder.of(wire).values().get(0);
        Wire second = Recorder.of(wire).values().get(0);
        assertThat(dials).hasSize(2);
        first.dispose();
        second.dispose();
    }

    @Test
    void aFailureOfTheFunctionIsAFailedConnection() {
        ConnectException refused = new ConnectException("Connection refused");
        ConnectionException failure = failure(Mono.error(refused));

        assertThat(failure.reason()).isEqualTo(ConnectionException.Reason.FAILED);
        assertThat(failure).hasMessage("connection refused by 192.0.2.2:6881").hasCause(refused);
    }

    @Test
    void aFunctionWithoutAConnectionIsAFailedConnection() {
        ConnectionException failure = failure(Mono.empty());

        assertThat(failure.reason()).isEqualTo(ConnectionException.Reason.FAILED);
        assertThat(failure).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void anotherErrorIsPassedOn() {
        IllegalStateException ours = new IllegalStateException("ours");
        WireClient returning = WireClient.create().connections(address -> Mono.error(ours));
        WireClient throwing = WireClient.create().connections(address -> {
            throw ours;
        });

        assertThat(connect(returning).error()).isSameAs(ours);
        assertThat(connect(throwing).error()).isSameAs(ours);
    }

    @Test
    void aCancellationReachesTheFunction() {
        boolean[] cancelled = {false};
        WireClient client = WireClient.create()
                .connections(address -> Mono.<Connection>never().doOnCancel(() -> cancelled[0] = true));

        client.connect(THERE, Fixture.SELF).subscribe().dispose();

        assertThat(cancelled[0]).isTrue();
    }

    @Test
    void tcpReturnsToTcp() {
        IllegalStateException tcp = new IllegalStateException("dialled by TCP");
        WireClient client = client(EncryptionPolicy.PLAINTEXT_ONLY)
                .tcp(change -> change.doOnConnect(config -> {
                    throw tcp;
                }));

        assertThatThrownBy(() -> client.connect(THERE, Fixture.SELF).block(Duration.ofSeconds(10)))
                .isSameAs(tcp);
        assertThat(dials).isEmpty();
    }
}
