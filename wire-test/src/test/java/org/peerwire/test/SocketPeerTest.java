/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.peerwire.test.Fixture.EXTENDED;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.LocalPeer;
import org.peerwire.Wire;
import org.peerwire.WireClient;
import org.peerwire.WireServer;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Tests the scripted peer on a port, against wires over TCP. */
@Timeout(30)
class SocketPeerTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(30);

    private final Disposable.Composite open = Disposables.composite();

    @AfterEach
    void close() {
        open.dispose();
    }

    private SocketPeer listening() {
        SocketPeer peer = SocketPeer.listening(SELF.infoHash());
        open.add(peer);
        return peer;
    }

    private CompletableFuture<Wire> dial(SocketPeer peer, LocalPeer self) {
        return WireClient.create()
                .connect(peer.address(), self)
                .doOnNext(open::add)
                .toFuture();
    }

    private Wire wire(SocketPeer peer) {
        CompletableFuture<Wire> dialled = dial(peer, SELF);
        peer.handshake(PLAIN);
        return dialled.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void aWireDialsItAndHasItsRequestAnswered() {
        SocketPeer peer = listening();
        Wire wire = wire(peer);
        assertThat(peer.theirs().peerId()).isEqualTo(SELF.peerId());

        peer.send(new Message.Unchoke());
        CompletableFuture<Block> block = wire.states()
                .filter(state -> !state.peerChoking())
                .next()
                .flatMap(state -> wire.blocks().request(block(0, 0)))
                .toFuture();
        peer.expect(request(block(0, 0))).send(answer(block(0, 0)));

        assertThat(block.orTimeout(10, TimeUnit.SECONDS).join().request()).isEqualTo(block(0, 0));
    }

    @Test
    void itDialsAServer() {
        DisposableServer server = WireServer.create()
                .host("127.0.0.1")
                .port(0)
                .admit((theirs, from) -> Mono.just(SELF))
                .handle(wire -> wire.outbound().send(new Message.Unchoke()).then(wire.onClose()))
                .bindNow();
        open.add(server);
        SocketPeer peer = SocketPeer.dialling((InetSocketAddress) server.address(), SELF.infoHash());
        open.add(peer);

        peer.handshake(PLAIN).expect(new Message.Unchoke()).expectNothing(MOMENT);

        assertThat(peer.theirs().infoHash()).isEqualTo(SELF.infoHash());
        peer.halfClose().expectClosed();
    }

    @Test
    void itSpeaksAnExtensionUnderTheNumberTheWireHasGivenIt() {
        SocketPeer peer = listening();
        CompletableFuture<byte[]> heard = WireClient.create()
                .connect(peer.address(), SELF.withExtension(Extension.named("ut_test")))
                .doOnNext(open::add)
                .flatMapMany(wire -> wire.extension("ut_test").inbound())
                .map(ByteBufUtil::getBytes)
                .next()
                .toFuture();

        peer.handshake(EXTENDED).sendExtended("ut_test", Unpooled.wrappedBuffer(new byte[] {1, 2}));

        assertThat(heard.orTimeout(10, TimeUnit.SECONDS).join()).containsExactly(1, 2);
        assertThat(peer.expectExtendedHandshake().supports("ut_test")).isTrue();
    }

    @Test
    void bytesThatAreNoMessageEndTheWire() {
        SocketPeer peer = listening();
        wire(peer);

        peer.sendHex("ffffffff").expectClosed();
    }

    @Test
    void aResetIsAFailureAndACloseIsNotAFailure() {
        SocketPeer closing = listening();
        Wire closed = wire(closing);
        SocketPeer breaking = listening();
        Wire broken = wire(breaking);

        closing.close();
        breaking.reset();

        closed.onClose().block(SOON);
        assertThatExceptionOfType(ConnectionException.class)
                .isThrownBy(() -> broken.onClose().block(SOON));
    }

    @Test
    void aMessageWhereNothingWasExpectedIsTold() {
        SocketPeer peer = listening();
        Wire wire = wire(peer);
        peer.expectNothing(MOMENT);

        wire.outbound().tryEmit(new Message.Interested());

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> peer.expectNothing(SOON))
                .withMessageContaining("Interested");
        assertThat(peer.received()).containsExactly(new Message.Interested());
    }

    @Test
    void patienceHasAnEnd() {
        SocketPeer alone = listening().patience(MOMENT);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> alone.expect(Message.Choke.class))
                .withMessageContaining("must arrive within");

        SocketPeer peer = listening();
        wire(peer);
        peer.patience(MOMENT);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> peer.expect(new Message.Choke()))
                .withMessageContaining("the wire sent nothing");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(peer::expectClosed);
    }

    @Test
    void sendingToOneWhoDoesNotReadEnds() {
        SocketPeer peer = listening();
        Wire wire = wire(peer);
        Recorder<Message> slow = Recorder.of(wire.inbound(), 0);
        peer.patience(Duration.ofMillis(300));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> peer.send(Unpooled.buffer(1 << 24).writeZero(1 << 24)));
        slow.cancel();
    }
}
