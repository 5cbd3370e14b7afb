/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.EncryptionMethod;
import org.peerwire.Features;
import org.peerwire.LocalPeer;
import org.peerwire.PeerState;
import org.peerwire.TorrentShape;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.extension.ExtensionChannel;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class FakeWireTest {
    private static final String CHAT = "xx_chat";
    private static final LocalPeer SELF =
            LocalPeer.of(Fixture.UNSHAPED.infoHash(), Fixture.UNSHAPED.peerId()).withExtension(Extension.named(CHAT));

    private final FakeWire wire = FakeWire.of(SELF);
    private final ExtensionChannel channel = wire.extension(CHAT);

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static String text(ByteBuf payload) {
        return payload.toString(US_ASCII);
    }

    private static ExtendedHandshake listing() {
        return ExtendedHandshake.builder().extension(CHAT, 3).build();
    }

    private List<Publisher<?>> publishers(Function<ByteBuf, String> decoder) {
        return List.of(
                wire.inbound(),
                channel.inbound(),
                channel.inbound(decoder),
                wire.extendedHandshakes(),
                wire.extendedHandshake(),
                wire.states(),
                wire.onClose());
    }

    @Test
    void eachSubscriberGetsEveryMessageOfAnExtension() {
        Recorder<String> one = Recorder.of(channel.inbound().map(payload -> {
            String text = text(payload);
            payload.skipBytes(payload.readableBytes());
            return text;
        }));
        Recorder<String> other = Recorder.of(channel.inbound().map(FakeWireTest::text), 0);

        wire.receive(CHAT, bytes("hello")).receive(CHAT, bytes("peer"));
        other.request(2);

        assertThat(one.values()).containsExactly("hello", "peer");
        assertThat(other.values()).containsExactly("hello", "peer");
        assertThat(wire.subscribers(CHAT)).isEqualTo(2);
        one.cancel();
        assertThat(wire.subscribers(CHAT)).isOne();
    }

    @Test
    void aMessageIsDecodedOnceForSubscribersWithTheSameDecoder() {
        AtomicInteger decoded = new AtomicInteger();
        Function<ByteBuf, String> decoder = payload -> {
            decoded.incrementAndGet();
            String text = text(payload);
            if (text.equals("bad")) {
                throw new IllegalArgumentException(text);
            }
            return text.isEmpty() ? null : text;
        };
        wire.receive(CHAT, bytes("early"));
        Recorder<String> one = Recorder.of(channel.inbound(decoder));
        Recorder<String> other = Recorder.of(channel.inbound(decoder), 0);

        wire.receive(CHAT, bytes("")).receive(CHAT, bytes("hello")).receive(CHAT, bytes("bad"));
        Recorder<String> later = Recorder.of(channel.inbound(decoder));
        wire.receive(CHAT, bytes("again"));
        other.request(1);

        assertThat(decoded).hasValue(4);
        assertThat(one.values()).containsExactly("hello");
        assertThat(one.error()).hasMessage("bad");
        assertThat(other.values()).containsExactly("hello");
        assertThat(other.error()).hasMessage("bad");
        assertThat(later.values()).containsExactly("again");
        assertThat(wire.isDisposed()).isFalse();
    }

    @Test
    void sendingIsRecordedAndAnswered() {
        Recorder<String> received = Recorder.of(channel.inbound().map(FakeWireTest::text));
        wire.handshake(listing()).onSend(CHAT, payload -> wire.receive(CHAT, bytes("re: " + text(payload))));
        Mono<Void> unsubscribed = channel.send(bytes("never"));

        Recorder<Void> sent = Recorder.of(channel.send(bytes("hello")));

        assertThat(unsubscribed).isNotNull();
        assertThat(sent.hasCompleted()).isTrue();
        assertThat(wire.takeSent(CHAT)).containsExactly(bytes("hello"));
        assertThat(wire.takeSent(CHAT)).isEmpty();
        assertThat(received.values()).containsExactly("re: hello");
    }

    @Test
    void sendingFailsWhileThePeerDoesNotSupportTheExtension() {
        assertThat(channel.supported()).isFalse();
        assertThat(Recorder.of(channel.send(bytes("hello"))).error()).isInstanceOf(IllegalStateException.class);

        wire.handshake(listing());
        assertThat(channel.supported()).isTrue();
        wire.refuseSends(true);
        assertThat(Recorder.of(channel.send(bytes("hello"))).error()).isInstanceOf(IllegalStateException.class);
        wire.refuseSends(false)
                .handshake(ExtendedHandshake.builder().disable(CHAT).build());

        assertThat(channel.supported()).isFalse();
        assertThat(wire.takeSent(CHAT)).isEmpty();
    }

    @Test
    void sendsWaitForAPeerThatDoesNotRead() {
        wire.handshake(listing()).stopReading();

        Recorder<Void> waiting = Recorder.of(channel.send(bytes("hello")));
        assertThat(waiting.hasEnded()).isFalse();
        wire.startReading();
        assertThat(waiting.hasCompleted()).isTrue();
        wire.stopReading();
        Recorder<Void> stuck = Recorder.of(channel.send(bytes("peer")));
        wire.end();

        assertThat(stuck.error()).isInstanceOf(ConnectionException.class);
        assertThat(wire.takeSent(CHAT)).containsExactly(bytes("hello"), bytes("peer"));
        assertThat(Recorder.of(channel.send(bytes("late"))).error()).isInstanceOf(ConnectionException.class);
    }

    @Test
    void messagesGoThroughTheSinkToTheTest() {
        Recorder<Message> received = Recorder.of(wire.inbound());

        wire.receive(new Message.Have(1));
        wire.outbound().send(new Message.Interested()).subscribe();
        wire.outbound()
                .send(Flux.just(new Message.Have(2), new Message.Have(3)))
                .subscribe();
        assertThat(wire.outbound().tryEmit(new Message.Choke())).isEqualTo(Sinks.EmitResult.OK);

        assertThat(received.values()).containsExactly(new Message.Have(1));
        assertThat(wire.takeSent())
                .containsExactly(
                        new Message.Interested(), new Message.Have(2), new Message.Have(3), new Message.Choke());
        wire.dispose();
        assertThat(wire.outbound().tryEmit(new Message.Choke())).isEqualTo(Sinks.EmitResult.FAIL_TERMINATED);
    }

    @Test
    void statesAndHandshakesAreReplayedAndMerged() {
        wire.handshake(listing())
                .handshake(ExtendedHandshake.builder().listenPort(6881).build());
        PeerState unchoked = new PeerState(true, true, false, false);
        wire.state(unchoked).have(PieceSet.of(3, 1));
        wire.readvertise(changes -> changes.disable(CHAT)).subscribe();
        wire.shape(TorrentShape.of(3, 1)).subscribe();

        ExtendedHandshake merged =
                Recorder.of(wire.extendedHandshakes()).values().get(0);
        assertThat(merged.supports(CHAT)).isTrue();
        assertThat(merged.listenPort()).hasValue(6881);
        assertThat(Recorder.of(wire.states()).values()).containsExactly(unchoked);
        assertThat(wire.state()).isEqualTo(unchoked);
        assertThat(wire.peerHas(1)).isTrue();
        assertThat(wire.peerPieces()).isEqualTo(PieceSet.of(3, 1));
        assertThat(wire.readvertised()).singleElement().matches(changes -> !changes.supports(CHAT));
        assertThat(wire.torrent()).hasValue(TorrentShape.of(3, 1));
    }

    @Test
    void theEndReachesEveryPublisherAlsoOneMadeLater() {
        Function<ByteBuf, String> decoder = FakeWireTest::text;
        List<Recorder<?>> before =
                publishers(decoder).stream().<Recorder<?>>map(Recorder::of).toList();
        assertThat(wire.subscribers()).isEqualTo(7);

        wire.end();
        wire.fail(new IllegalStateException("too late"));

        assertThat(before).allMatch(Recorder::hasCompleted);
        assertThat(publishers(FakeWireTest::text))
                .allMatch(late -> Recorder.of(late).hasCompleted());
        assertThat(wire.subscribers()).isZero();
        assertThat(wire.isDisposed()).isTrue();
    }

    @Test
    void anErrorReachesEveryPublisherAlsoOneMadeLater() {
        RuntimeException cause = new ConnectionException(ConnectionException.Reason.FAILED, "reset");
        List<Recorder<?>> before = publishers(FakeWireTest::text).stream()
                .<Recorder<?>>map(Recorder::of)
                .toList();

        wire.fail(cause);

        assertThat(before).allMatch(recorder -> recorder.error() == cause);
        assertThat(Recorder.of(wire.extension(CHAT).inbound()).error()).isSameAs(cause);
        assertThat(Recorder.of(channel.inbound(FakeWireTest::text)).error()).isSameAs(cause);
        assertThat(Recorder.of(wire.onClose()).error()).isSameAs(cause);
    }

    @Test
    void aPeerWithoutTheExtensionProtocolSupportsNothing() {
        FakeWire plain = FakeWire.builder(SELF)
                .features(Features.NONE)
                .initiator(false)
                .encryption(EncryptionMethod.RC4)
                .build();

        assertThat(Recorder.of(plain.extendedHandshake()).hasCompleted()).isTrue();
        assertThat(plain.handshake(listing()).extension(CHAT).supported()).isFalse();
        assertThat(plain.initiator()).isFalse();
        assertThat(plain.encryption()).hasValue(EncryptionMethod.RC4);
        assertThat(plain.features()).isEqualTo(Features.NONE);
        assertThat(plain.remote().infoHash()).isEqualTo(SELF.infoHash());
    }

    @Test
    void operationsWithoutAConnectionAreUnsupported() {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(wire::blocks);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(wire::stats);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> wire.dontHave(1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> wire.announce(PieceSet.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> wire.extension("xx_other"));
    }

    @Test
    void messagesOfSeveralThreadsAreAllDelivered() {
        List<String> received = new CopyOnWriteArrayList<>();
        channel.inbound().map(FakeWireTest::text).subscribe(received::add);

        Flux.range(0, 1000)
                .flatMap(i -> Mono.fromRunnable(() -> wire.receive(CHAT, bytes("text " + i)))
                        .subscribeOn(Schedulers.parallel()))
                .blockLast();

        assertThat(received)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 1000).mapToObj(i -> "text " + i).toList());
    }
}
