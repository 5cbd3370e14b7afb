/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.PIECES;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.answer;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Fixture.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.PayloadMode;
import org.peerwire.PeerId;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import org.peerwire.message.MessageCodec;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class InboundTest {
    private static final Message.Have ONE = new Message.Have(1);
    private static final Message.Have TWO = new Message.Have(2);
    private static final Message.Have THREE = new Message.Have(3);

    private static ScriptedPeer pooledPeer() {
        return peer(SELF, PLAIN, options -> options.payloadMode(PayloadMode.POOLED));
    }

    /** Sends a block that the test requested manually, as the only frame of a pooled read. */
    private static ByteBuf pooledAnswer(ScriptedPeer peer) {
        peer.wire().outbound().tryEmit(request(block(0, 0)));
        ByteBuf read = PooledByteBufAllocator.DEFAULT.buffer(20_000);
        MessageCodec.encode(answer(block(0, 0)), read);
        return read;
    }

    // contract 1
    @Test
    void whatSubscribesBeforeTheWireIsPassedOnMissesNothing() {
        List<Message> seen = new ArrayList<>();
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                SELF, options -> options, wire -> wire.inbound().subscribe(seen::add));
        ByteBuf together = Unpooled.buffer();
        new Handshake(PLAIN, SELF.infoHash(), PeerId.parse("-SP0001-abcdefghijkl")).writeTo(together);
        MessageCodec.encode(ONE, together);
        MessageCodec.encode(TWO, together);

        peer.send(together);

        assertThat(seen).containsExactly(ONE, TWO);
        peer.dispose();
    }

    // contract 1
    @Test
    void anAcceptedWireReadsNothingBeforeItIsPassedOnEither() {
        List<Message> seen = new ArrayList<>();
        ScriptedPeer peer = ScriptedPeer.dialling(
                SELF, options -> options, wire -> wire.inbound().subscribe(seen::add));
        ByteBuf together = Unpooled.buffer();
        new Handshake(PLAIN, SELF.infoHash(), PeerId.parse("-SP0001-abcdefghijkl")).writeTo(together);
        MessageCodec.encode(ONE, together);

        peer.send(together).send(TWO);

        assertThat(seen).containsExactly(ONE, TWO);
        peer.dispose();
    }

    // contract 2
    @Test
    void everySubscriberSeesEverythingFromItsSubscriptionOn() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> first = Recorder.of(peer.wire().inbound());
        peer.send(ONE);
        Recorder<Message> second = Recorder.of(peer.wire().inbound());
        Recorder<Message> lazy = Recorder.of(peer.wire().inbound(), 0);
        peer.send(TWO, THREE);
        lazy.request(10);

        assertThat(first.values()).containsExactly(ONE, TWO, THREE);
        assertThat(second.values()).containsExactly(TWO, THREE);
        assertThat(lazy.values()).containsExactly(TWO, THREE);
        peer.dispose();
    }

    // contracts 2 and 3
    @Test
    void withoutASubscriberMessagesAreAppliedAndNotKept() {
        ScriptedPeer peer = peer(PLAIN);
        for (int i = 0; i < 1_000; i++) {
            peer.send(new Message.Interested(), new Message.NotInterested());
        }
        peer.send(new Message.Unchoke(), ONE);

        assertThat(peer.wire().state().peerChoking()).isFalse();
        assertThat(peer.wire().peerPieces()).isEqualTo(PieceSet.of(PIECES, 1));
        assertThat(peer.wire().stats().messagesIn()).isEqualTo(2_002);
        assertThat(Recorder.of(peer.wire().inbound()).values()).isEmpty();
        peer.dispose();
    }

    @Test
    void demandIsNeverExceeded() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> two = Recorder.of(peer.wire().inbound(), 2);

        peer.send(ONE, TWO, THREE);
        assertThat(two.values()).containsExactly(ONE, TWO);
        two.request(1);

        assertThat(two.values()).containsExactly(ONE, TWO, THREE);
        peer.dispose();
    }

    @Test
    void aSubscriberMayLeaveAndAnotherComeInTheMiddleOfAMessage() {
        ScriptedPeer peer = peer(PLAIN);
        List<Message> late = new ArrayList<>();
        Recorder<Message> other = Recorder.of(peer.wire().inbound());
        Recorder<Message> once = Recorder.of(peer.wire()
                .inbound()
                .doOnNext(message -> peer.wire().inbound().take(1).subscribe(late::add))
                .take(1));

        peer.send(ONE, TWO, THREE);

        assertThat(once.values()).containsExactly(ONE);
        assertThat(once.hasCompleted()).isTrue();
        assertThat(late).containsExactly(TWO);
        assertThat(other.values()).containsExactly(ONE, TWO, THREE);
        peer.dispose();
    }

    @Test
    void aSubscriberThatThrowsFailsAlone() {
        ScriptedPeer peer = peer(PLAIN);
        IllegalStateException mine = new IllegalStateException();
        Recorder<Message> broken = Recorder.of(peer.wire().inbound().doOnNext(message -> {
            throw mine;
        }));
        Recorder<Message> other = Recorder.of(peer.wire().inbound());

        peer.send(ONE, TWO);

        assertThat(broken.error()).isSameAs(mine);
        assertThat(other.values()).containsExactly(ONE, TWO);
        assertThat(peer.isClosed()).isFalse();
        peer.dispose();
    }

    @Test
    void aSubscriberMayEndTheWireInTheMiddleOfARead() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> first = Recorder.of(
                peer.wire().inbound().doOnNext(message -> peer.wire().dispose()));
        Recorder<Message> second = Recorder.of(peer.wire().inbound());

        peer.send(ONE, TWO);

        assertThat(first.values()).containsExactly(ONE);
        assertThat(first.hasCompleted()).isTrue();
        assertThat(second.hasCompleted()).isTrue();
        assertThat(second.values()).doesNotContain(TWO);
        assertThat(peer.isClosed()).isTrue();
    }

    @Test
    void whatWaitsIsStillDeliveredWhenTheWireEndsInOrder() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> lazy = Recorder.of(peer.wire().inbound(), 0);

        peer.send(ONE, TWO).close();
        assertThat(lazy.hasEnded()).isFalse();
        lazy.request(1);
        assertThat(lazy.hasEnded()).isFalse();
        lazy.request(1);

        assertThat(lazy.values()).containsExactly(ONE, TWO);
        assertThat(lazy.hasCompleted()).isTrue();
    }

    @Test
    void aFailureOvertakesWhatWaits() {
        ScriptedPeer peer = peer(PLAIN);
        Recorder<Message> lazy = Recorder.of(peer.wire().inbound(), 0);

        peer.send(ONE, TWO).reset();

        assertThat(lazy.error()).isNotNull();
        assertThat(lazy.values()).isEmpty();
    }

    @Test
    void anExtensionsChannelShowsOnlyItsMessages() {
        ScriptedPeer peer = peer(SELF.withExtension(Extension.named("ut_test")), Features.DEFAULT);
        int id = Fixture.handshakeOf(peer).extensions().get("ut_test");
        Recorder<ByteBuf> channel = Recorder.of(peer.wire().extension("ut_test").inbound());

        peer.send(
                new Message.Extended(id, Unpooled.wrappedBuffer(new byte[] {1})),
                new Message.Extended(id + 2, Unpooled.wrappedBuffer(new byte[] {2})),
                ONE,
                new Message.Extended(id, Unpooled.wrappedBuffer(new byte[] {3})));

        assertThat(channel.values()).extracting(data -> data.getByte(0)).containsExactly((byte) 1, (byte) 3);
        peer.dispose();
    }

    // contract 9
    @Test
    void aPooledMessageWithoutASubscriberIsReleased() {
        ScriptedPeer peer = pooledPeer();
        ByteBuf read = pooledAnswer(peer);

        peer.send(read);

        assertThat(read.refCnt()).isZero();
        peer.dispose();
    }

    // contract 9
    @Test
    void aPooledMessageIsValidDuringOnNextAndLongerWhenItIsRetained() {
        ScriptedPeer peer = pooledPeer();
        ByteBuf read = pooledAnswer(peer);
        List<Message.Piece> kept = new ArrayList<>();
        List<Boolean> valid = new ArrayList<>();
        peer.wire().inbound().ofType(Message.Piece.class).subscribe(piece -> {
            valid.add(piece.data().equals(bytes(block(0, 0))));
            piece.retain();
            kept.add(piece);
        });
        peer.wire()
                .inbound()
                .ofType(Message.Piece.class)
                .subscribe(piece -> valid.add(piece.data().equals(bytes(block(0, 0)))));

        peer.send(read).dispose();

        assertThat(valid).containsExactly(true, true);
        assertThat(read.refCnt()).isEqualTo(1);
        assertThat(kept.get(0).data()).isEqualTo(bytes(block(0, 0)));
        kept.get(0).release();
        assertThat(read.refCnt()).isZero();
    }

    // contract 9
    @Test
    void aPooledMessageThatWaitsIsHeldUntilItsSubscriberTakesItOrLeaves() {
        for (int way = 0; way < 3; way++) {
            ScriptedPeer peer = pooledPeer();
            ByteBuf read = pooledAnswer(peer);
            Recorder<Message> lazy = Recorder.of(peer.wire().inbound(), 0);

            peer.send(read);
            assertThat(read.refCnt()).isEqualTo(1);
            switch (way) {
                case 0 -> lazy.request(1);
                case 1 -> lazy.cancel();
                default -> peer.reset();
            }

            assertThat(read.refCnt()).isZero();
            peer.dispose();
        }
    }

    // contract 3
    @Test
    void requestsAreAnsweredBeforeASubscriberSeesTheMessage() {
        ScriptedPeer peer = peer(PLAIN).send(new Message.Unchoke());
        List<String> order = new ArrayList<>();
        peer.wire().inbound().subscribe(message -> order.add("inbound"));
        peer.wire().blocks().request(block(0, 0)).subscribe(block -> order.add("block"));

        peer.send(answer(block(0, 0)));

        assertThat(order).containsExactly("block", "inbound");
        peer.dispose();
    }

    @Test
    void whatTheMessagesOfOneReadCauseIsSentInTheirOrder() {
        ScriptedPeer peer = peer(PLAIN);
        peer.wire().inbound().ofType(Message.Have.class).subscribe(have -> peer.wire()
                .outbound()
                .tryEmit(new Message.Have(9 - have.piece())));

        peer.send(ONE, TWO, THREE);

        assertThat(peer.received()).containsExactly(new Message.Have(8), new Message.Have(7), new Message.Have(6));
        peer.dispose();
    }

    @Test
    void theWayBackMayBeComposed() {
        ScriptedPeer peer = peer(PLAIN);
        Sinks.Empty<Void> stop = Sinks.empty();
        Flux<Message> echo = peer.wire().inbound().takeUntilOther(stop.asMono());
        Mono<Void> done = peer.wire().outbound().send(echo);
        Recorder<Void> echoed = Recorder.of(done);

        peer.send(ONE, TWO);
        assertThat(peer.received()).containsExactly(ONE, TWO);
        stop.tryEmitEmpty();

        assertThat(echoed.hasCompleted()).isTrue();
        peer.dispose();
    }
}
