/* SPDX-License-Identifier: MIT */
package org.peerwire.test.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.peerwire.EncryptionPolicy.PLAINTEXT_ONLY;
import static org.peerwire.EncryptionPolicy.PREFER_ENCRYPTED;
import static org.peerwire.EncryptionPolicy.PREFER_PLAINTEXT;
import static org.peerwire.EncryptionPolicy.REQUIRE;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.EncryptionKeys;
import org.peerwire.EncryptionMethod;
import org.peerwire.EncryptionPolicy;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.InfoHash;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireOptions;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import org.peerwire.test.encryption.RefusingPeer.Treatment;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Tests over TCP that a peer that refuses one encryption method is dialled again with the other. */
class SecondDialTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final InfoHash TORRENT = RawEnd.TORRENT;

    private final AtomicInteger dials = new AtomicInteger();

    private static LocalPeer peer() {
        return LocalPeer.of(TORRENT, PeerId.random());
    }

    private Wire dial(EncryptionPolicy policy, InetSocketAddress address) {
        Wire wire = client(policy).connect(address, peer()).block(SOON);
        assertThat(wire).isNotNull();
        return wire;
    }

    private WireClient client(EncryptionPolicy policy) {
        return WireClient.create().encryption(policy).tcp(tcp -> tcp.doOnConnect(config -> dials.incrementAndGet()));
    }

    private HandshakeException failure(EncryptionPolicy policy, InetSocketAddress address) {
        Throwable failure = catchThrowable(() -> dial(policy, address));
        assertThat(failure).isInstanceOf(HandshakeException.class);
        return (HandshakeException) failure;
    }

    private static DisposableServer serve(EncryptionPolicy policy) {
        LocalPeer self = peer();
        return WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .encryption(policy, EncryptionKeys.of(TORRENT))
                .admit((theirs, from) -> Mono.just(self))
                .handle(wire -> wire.outbound().send(new Message.Unchoke()).then(wire.onClose()))
                .bindNow();
    }

    static Stream<Arguments> matrix() {
        Object[][] rows = {
            {PLAINTEXT_ONLY, PLAINTEXT_ONLY, "none", 1},
            {PLAINTEXT_ONLY, PREFER_PLAINTEXT, "none", 1},
            {PLAINTEXT_ONLY, PREFER_ENCRYPTED, "none", 1},
            {PLAINTEXT_ONLY, REQUIRE, "never", 1},
            {PREFER_PLAINTEXT, PLAINTEXT_ONLY, "none", 1},
            {PREFER_PLAINTEXT, PREFER_PLAINTEXT, "none", 1},
            {PREFER_PLAINTEXT, PREFER_ENCRYPTED, "none", 1},
            {PREFER_PLAINTEXT, REQUIRE, "RC4", 2},
            {PREFER_ENCRYPTED, PLAINTEXT_ONLY, "none", 2},
            {PREFER_ENCRYPTED, PREFER_PLAINTEXT, "RC4", 1},
            {PREFER_ENCRYPTED, PREFER_ENCRYPTED, "RC4", 1},
            {PREFER_ENCRYPTED, REQUIRE, "RC4", 1},
            {REQUIRE, PLAINTEXT_ONLY, "never", 1},
            {REQUIRE, PREFER_PLAINTEXT, "RC4", 1},
            {REQUIRE, PREFER_ENCRYPTED, "RC4", 1},
            {REQUIRE, REQUIRE, "RC4", 1},
        };
        return Stream.of(rows).map(Arguments::of);
    }

    // cases 113, 115; A-67: the second dial shares no state with the first
    @ParameterizedTest
    @MethodSource("matrix")
    void a67_everyPairOfPoliciesThatCanMeetDoes(
            EncryptionPolicy dialling, EncryptionPolicy accepting, String expected, int expectedDials) {
        DisposableServer server = serve(accepting);
        InetSocketAddress address = (InetSocketAddress) server.address();
        try {
            if (expected.equals("never")) {
                assertThat(failure(dialling, address).reason()).isIn(Reason.CLOSED, Reason.ENCRYPTION);
            } else {
                Wire wire = dial(dialling, address);
                assertThat(wire.encryption())
                        .isEqualTo(
                                expected.equals("none")
                                        ? Optional.empty()
                                        : Optional.of(EncryptionMethod.valueOf(expected)));
                assertThat(wire.states().filter(state -> !state.peerChoking()).blockFirst(SOON))
                        .isNotNull();
                wire.dispose();
            }
            assertThat(dials).hasValue(expectedDials);
        } finally {
            server.disposeNow(SOON);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static Stream<Treatment> refusals() {
        return Stream.of(
                RefusingPeer::close,
                RefusingPeer::reset,
                RefusingPeer.says(ascii("HTTP/1.1 400 Bad Request\r\n\r\n")),
                RefusingPeer.says(RawEnd.handshake(TORRENT)), // case 115: the peer reads the key as a handshake
                RefusingPeer.says(new byte[2000]));
    }

    // case 115
    @ParameterizedTest
    @MethodSource("refusals")
    void whoDoesNotUnderstandEncryptionIsDialledPlain(Treatment refusal) {
        try (RefusingPeer peer = new RefusingPeer(refusal, RefusingPeer.says(RawEnd.handshake(TORRENT)))) {
            Wire wire = dial(PREFER_ENCRYPTED, peer.address());

            assertThat(wire.encryption()).isEmpty();
            assertThat(wire.remote().peerId()).isEqualTo(RawEnd.PEER_ID);
            assertThat(dials).hasValue(2);
            assertThat(peer.firsts().get(0)).isNotEqualTo(Handshake.protocol());
            assertThat(peer.firsts().get(1)).isEqualTo(Handshake.protocol());
            wire.dispose();
        }
    }

    static Stream<Treatment> plainRefusals() {
        return Stream.of(RefusingPeer::close, RefusingPeer::reset, RefusingPeer.says(new byte[100]));
    }

    // case 115
    @ParameterizedTest
    @MethodSource("plainRefusals")
    void bothFailuresAreToldWhenNeitherWayIsUnderstood(Treatment refusal) {
        try (RefusingPeer peer = new RefusingPeer(refusal, refusal)) {
            HandshakeException failure = failure(PREFER_PLAINTEXT, peer.address());

            assertThat(failure.getSuppressed())
                    .filteredOn(HandshakeException.class::isInstance)
                    .hasSize(1);
            assertThat(dials).hasValue(2);
            assertThat(peer.firsts().get(0)).isEqualTo(Handshake.protocol());
            assertThat(peer.firsts().get(1)).isNotEqualTo(Handshake.protocol());
        }
    }

    @Test
    void policiesWithOneWayDialOnce() {
        for (EncryptionPolicy policy : List.of(PLAINTEXT_ONLY, REQUIRE)) {
            dials.set(0);
            try (RefusingPeer peer = new RefusingPeer(RefusingPeer::close, RefusingPeer::close)) {
                assertThat(failure(policy, peer.address()).reason()).isEqualTo(Reason.CLOSED);
                assertThat(dials).hasValue(1);
            }
        }
    }

    // errors that encryption cannot cause
    @Test
    void anotherTorrentCausesNoSecondDial() {
        InfoHash other = InfoHash.parse("ff".repeat(20));
        try (RefusingPeer peer = new RefusingPeer(RefusingPeer.says(RawEnd.handshake(other)), RefusingPeer::close)) {
            assertThat(failure(PREFER_PLAINTEXT, peer.address()).reason()).isEqualTo(Reason.WRONG_INFO_HASH);
            assertThat(dials).hasValue(1);
        }
    }

    @Test
    void ourOwnPeerIdCausesNoSecondDial() {
        LocalPeer self = LocalPeer.of(TORRENT, RawEnd.PEER_ID);
        try (RefusingPeer peer = new RefusingPeer(RefusingPeer.says(RawEnd.handshake(TORRENT)), RefusingPeer::close)) {
            Throwable failure = catchThrowable(
                    () -> client(PREFER_PLAINTEXT).connect(peer.address(), self).block(SOON));

            assertThat(failure).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                    .isEqualTo(Reason.SELF));
            assertThat(dials).hasValue(1);
        }
    }

    @Test
    void silenceCausesNoSecondDial() {
        try (RefusingPeer peer =
                new RefusingPeer(socket -> socket.getInputStream().readAllBytes())) {
            Throwable failure = catchThrowable(() -> client(PREFER_ENCRYPTED)
                    .options(WireOptions.builder()
                            .handshakeTimeout(Duration.ofMillis(200))
                            .build())
                    .connect(peer.address(), peer())
                    .block(SOON));

            assertThat(failure).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                    .isEqualTo(Reason.TIMED_OUT));
            assertThat(dials).hasValue(1);
        }
    }

    @Test
    void aClosedPortCausesNoSecondDial() throws Exception {
        InetSocketAddress closed;
        try (ServerSocket port = new ServerSocket(0)) {
            closed = new InetSocketAddress("127.0.0.1", port.getLocalPort());
        }

        Throwable failure = catchThrowable(() -> dial(PREFER_ENCRYPTED, closed));

        assertThat(failure).isNotInstanceOf(HandshakeException.class).hasMessageContaining("refused");
        assertThat(dials).hasValue(1);
    }
}
