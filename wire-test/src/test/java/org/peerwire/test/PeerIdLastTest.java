/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.bob;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeException.Reason;
import org.peerwire.HandshakeStart;
import org.peerwire.LocalPeer;
import org.peerwire.WireServer;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/** Tests peers that send their peer id only after the answer to their info hash. */
@Timeout(30)
class PeerIdLastTest {
    private static final byte[] HANDSHAKE = bytes(new Handshake(Features.DEFAULT, TORRENT, PEER_ID));
    private static final String ANSWER =
            HexFormat.of().formatHex(bytes(new Handshake(Features.DEFAULT, TORRENT, bob().peerId())));
    private static final byte[] START = Arrays.copyOf(HANDSHAKE, HandshakeStart.LENGTH);
    private static final byte[] REST = Arrays.copyOfRange(HANDSHAKE, HandshakeStart.LENGTH, Handshake.LENGTH);

    private static byte[] bytes(Handshake handshake) {
        byte[] bytes = new byte[Handshake.LENGTH];
        handshake.writeTo(Unpooled.wrappedBuffer(bytes).clear());
        return bytes;
    }

    static IntStream everyCut() {
        return IntStream.rangeClosed(0, Handshake.LENGTH);
    }

    static IntStream cutsInThePeerId() {
        return IntStream.range(HandshakeStart.LENGTH, Handshake.LENGTH);
    }

    private static void assertReason(RawPeer peer, Reason reason) {
        assertThat(peer.wire).isNull();
        assertThat(peer.closed).isTrue();
        assertThat(peer.failure).isInstanceOfSatisfying(HandshakeException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    // case 3
    @ParameterizedTest
    @MethodSource("everyCut")
    void theAnswerComesAfterTheInfoHashAndTheWireAfterThePeerId(int cut) {
        AtomicInteger asked = new AtomicInteger();
        RawPeer peer = new RawPeer((theirs, from) -> {
            asked.incrementAndGet();
            return Mono.just(bob());
        });

        peer.send(Arrays.copyOf(HANDSHAKE, cut));
        if (cut < HandshakeStart.LENGTH) {
            assertThat(peer.received()).isEmpty();
        } else if (cut < Handshake.LENGTH) {
            assertThat(peer.received()).isEqualTo(ANSWER);
            assertThat(peer.wire).isNull();
        }
        peer.send(Arrays.copyOfRange(HANDSHAKE, cut, Handshake.LENGTH));

        assertThat(peer.wire).isNotNull();
        assertThat(peer.wire.remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, PEER_ID));
        assertThat(peer.wire.initiator()).isFalse();
        assertThat(peer.received()).startsWith(ANSWER).matches(".{136}.{8}1400.*");
        assertThat(asked).hasValue(1);
        peer.close();
    }

    @Test
    void noWireIsThereBeforeThePeerId() {
        ScriptedPeer peer = ScriptedPeer.dialling(alice()).send(Unpooled.wrappedBuffer(START));

        assertThat(peer.theirs()).isNotNull();
        assertThatIllegalStateException().isThrownBy(peer::wire);
        peer.expectNothing().send(Unpooled.wrappedBuffer(REST)).expectExtendedHandshake();

        assertThat(peer.wire().remote().peerId()).isEqualTo(PEER_ID);
        peer.dispose();
    }

    @Test
    void a09_unknownInfoHashIsTurnedAwayWithoutAByteBeforeThePeerId() {
        RawPeer peer = new RawPeer((theirs, from) -> Mono.empty()).send(START);

        assertReason(peer, Reason.NOT_ADMITTED);
        assertThat(peer.received()).isEmpty();
    }

    // case 39
    @Test
    void a10_ourOwnPeerIdAfterOurAnswerIsAConnectionToOurselves() {
        RawPeer peer = new RawPeer((theirs, from) -> Mono.just(bob())).send(START);
        assertThat(peer.failure).isNull();

        peer.send(HexFormat.of().parseHex(bob().peerId().toHex()));

        assertReason(peer, Reason.SELF);
        assertThat(peer.received()).isEqualTo(ANSWER);
    }

    @Test
    void peerIdThatComesDuringTheAdmissionIsKept() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        RawPeer peer = new RawPeer((theirs, from) -> decision.asMono());

        peer.send(START).send(REST).send(new byte[] {0, 0, 0, 1, 2});
        assertThat(peer.received()).isEmpty();
        decision.tryEmitValue(bob());

        assertThat(peer.wire).isNotNull();
        assertThat(peer.wire.state().peerInterested()).isTrue();
        peer.close();
    }

    @Test
    void a09_nothingIsSaidBeforeALateAdmissionAndNoWireOpensBeforeThePeerId() {
        Sinks.One<LocalPeer> decision = Sinks.one();
        RawPeer peer = new RawPeer((theirs, from) -> decision.asMono()).send(START);
        assertThat(peer.received()).isEmpty();

        decision.tryEmitValue(bob());
        assertThat(peer.received()).isEqualTo(ANSWER);
        assertThat(peer.failure).isNull();
        assertThat(peer.wire).isNull();
        peer.send(REST);

        assertThat(peer.wire).isNotNull();
        peer.close();
    }

    @ParameterizedTest
    @MethodSource("cutsInThePeerId")
    void connectionThatEndsInsideThePeerIdOpensNoWire(int cut) {
        RawPeer peer = new RawPeer((theirs, from) -> Mono.just(bob())).send(Arrays.copyOf(HANDSHAKE, cut));

        peer.close();

        assertReason(peer, Reason.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("cutsInThePeerId")
    void connectionThatEndsInsideThePeerIdCancelsTheAdmission(int cut) {
        AtomicInteger cancelled = new AtomicInteger();
        RawPeer peer = new RawPeer((theirs, from) -> Mono.<LocalPeer>never().doOnCancel(cancelled::incrementAndGet));
        peer.send(Arrays.copyOf(HANDSHAKE, cut));

        peer.close();

        assertReason(peer, Reason.CLOSED);
        assertThat(cancelled).hasValue(1);
        assertThat(peer.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverAnswersOverTcpBeforeThePeerId(boolean epoll) {
        LoopResources loops = LoopResources.create("peer-id-last", 1, true);
        DisposableServer server = WireServer.create()
                .tcp(tcp -> tcp.runOn(loops, epoll))
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(bob()))
                .handle(wire -> wire.outbound().send(new Message.Unchoke()).then(wire.onClose()))
                .bindNow();
        SocketPeer peer = SocketPeer.dialling((InetSocketAddress) server.address(), TORRENT);
        try {
            peer.send(Unpooled.wrappedBuffer(START));

            Handshake theirs = peer.theirs();
            assertThat(theirs).isNotNull();
            assertThat(ByteBufUtil.hexDump(bytes(theirs))).isEqualTo(ANSWER);
            peer.expectNothing().send(Unpooled.wrappedBuffer(REST)).expectExtendedHandshake();
            peer.expect(new Message.Unchoke()).halfClose().expectClosed();
        } finally {
            peer.dispose();
            server.disposeNow();
            loops.dispose();
        }
    }
}
