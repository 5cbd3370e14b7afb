/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.engine.EngineProbe.SELF;
import static org.peerwire.internal.engine.EngineProbe.SHAPE;
import static org.peerwire.internal.engine.EngineProbe.block;
import static org.peerwire.internal.engine.EngineProbe.extended;
import static org.peerwire.internal.engine.EngineProbe.piece;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.PeerState;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.Tolerance;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** The messages that subscribers see, and the state and pieces of the peer. */
class InboundRulesTest {
    private static final Features FAST = Features.of(Feature.FAST);
    private static final Features EXTENDED = Features.of(Feature.EXTENSION_PROTOCOL);

    private EngineProbe probe = EngineProbe.open(Features.NONE);
    private TestSubscriber<Message> inbound = watch();

    private void use(EngineProbe other) {
        probe = other;
        inbound = watch();
    }

    private TestSubscriber<Message> watch() {
        TestSubscriber<Message> subscriber = TestSubscriber.create();
        probe.wire.inbound().subscribe(subscriber);
        return subscriber;
    }

    private ProtocolException.Reason violation() {
        TestSubscriber<Void> closed = TestSubscriber.create();
        probe.engine.closed().subscribe(closed);
        return ((ProtocolException) closed.expectTerminalError()).reason();
    }

    private void assertHidden(Ignored kind, Message... messages) {
        long before = probe.wire.stats().ignored(kind);

        probe.receive(messages);

        assertThat(inbound.getReceivedOnNext()).doesNotContain(messages);
        assertThat(probe.wire.stats().ignored(kind)).isEqualTo(before + messages.length);
        assertThat(probe.context.isEnded()).isFalse();
    }

    // ---- all messages ----

    @Test
    void messageIsCountedShownAndReleased() {
        Message.Unknown message = new Message.Unknown(99, Unpooled.buffer().writeZero(5));

        probe.receive(message, new Message.KeepAlive());

        assertThat(inbound.getReceivedOnNext()).containsExactly(message, new Message.KeepAlive());
        assertThat(message.refCnt()).isZero();
        assertThat(probe.wire.stats().messagesIn()).isEqualTo(2);
        assertThat(probe.wire.stats().ignored(Ignored.UNKNOWN_MESSAGE)).isEqualTo(1);
        assertThat(probe.wire.stats().ignored(Ignored.KEEP_ALIVE)).isEqualTo(1);
    }

    @Test
    void messageOfAViolationIsReleasedAndNotShown() {
        use(EngineProbe.open(FAST));
        Message.Piece unsolicited = piece(1);

        probe.receive(unsolicited);

        assertThat(violation()).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK);
        assertThat(unsolicited.refCnt()).isZero();
        assertThat(inbound.getReceivedOnNext()).isEmpty();
    }

    @Test
    void messageThatEndsTheWireByItsEffectIsNotShown() {
        probe.receive(new Message.Unchoke());
        probe.wire.blocks().request(block(1)).subscribe(block -> {
            block.release();
            probe.wire.dispose();
        });
        Message.Piece answer = piece(1);

        probe.receive(answer);

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Unchoke());
        assertThat(inbound.isTerminatedComplete()).isTrue();
        assertThat(answer.refCnt()).isZero();
    }

    @Test
    void messageWithoutItsFeatureIsAViolation() {
        probe.receive(new Message.HaveAll());

        assertThat(violation()).isEqualTo(ProtocolException.Reason.UNEXPECTED);
    }

    @Test
    void extendedMessageWithoutTheFeatureIsHiddenWhereItIsTolerated() {
        use(EngineProbe.open(
                Features.NONE,
                options -> options.limits(limits -> limits.tolerance(Ignored.EXTENDED_WITHOUT_BIT, Tolerance.of(1)))));

        assertHidden(Ignored.EXTENDED_WITHOUT_BIT, new Message.Extended(0, Unpooled.buffer()));
        probe.receive(new Message.Extended(0, Unpooled.buffer()));

        assertThat(violation()).isEqualTo(ProtocolException.Reason.FLOOD);
    }

    // ---- state ----

    @Test
    void stateOfThePeerFollowsItsMessages() {
        probe.receive(new Message.Unchoke(), new Message.Interested());
        assertThat(probe.wire.state()).isEqualTo(new PeerState(true, false, false, true));

        probe.receive(new Message.Choke(), new Message.NotInterested());
        assertThat(probe.wire.state()).isEqualTo(PeerState.INITIAL);
        assertThat(inbound.getReceivedOnNext()).hasSize(4);
    }

    @Test
    void chokeFailsRequestsAndUnchokeResumesDownloads() {
        probe.receive(new Message.Unchoke());
        TestSubscriber<Block> request = TestSubscriber.create();
        probe.wire.blocks().request(block(1)).subscribe(request);
        probe.receive(new Message.Choke());
        assertThat(((RequestException) request.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.CHOKED);

        probe.wire.blocks().download(Flux.just(block(2))).subscribe();
        probe.written();
        probe.receive(new Message.Unchoke());

        assertThat(probe.written()).containsExactly(new Message.Request(block(2)));
    }

    // ---- pieces ----

    @Test
    void repeatedHaveIsHidden() {
        probe.receive(new Message.Have(1));
        assertThat(probe.wire.peerHas(1)).isTrue();
        TestSubscriber<Message> later = watch();

        probe.receive(new Message.Have(1));

        assertThat(later.getReceivedOnNext()).isEmpty();
        assertThat(probe.wire.stats().ignored(Ignored.REPEATED_HAVE)).isEqualTo(1);
    }

    @Test
    void bitfieldAfterTheFirstMessageIsCountedAndReplaces() {
        probe.receive(new Message.Bitfield(PieceSet.of(10, 1)));
        assertThat(probe.wire.stats().ignored()).isEmpty();

        probe.receive(new Message.Bitfield(PieceSet.of(10, 2)));

        assertThat(probe.wire.stats().ignored(Ignored.LATE_BITFIELD)).isEqualTo(1);
        assertThat(probe.wire.peerPieces()).isEqualTo(PieceSet.of(10, 2));
    }

    @Test
    void keepAlivesPortsAndExtendedMessagesMayPrecedeTheBitfield() {
        use(EngineProbe.open(Features.of(Feature.EXTENSION_PROTOCOL, Feature.DHT)));

        probe.receive(
                new Message.KeepAlive(),
                extended(keys -> keys),
                new Message.Port(6881),
                new Message.Bitfield(PieceSet.of(10, 1)));

        assertThat(probe.wire.stats().ignored(Ignored.LATE_BITFIELD)).isZero();
        assertThat(inbound.getReceivedOnNext()).hasSize(4);
    }

    @Test
    void spareBitsEndTheWireUnlessTheyAreTolerated() {
        probe.receive(new Message.Bitfield(PieceSet.of(16, 1, 15)));
        assertThat(violation()).isEqualTo(ProtocolException.Reason.BITFIELD);

        use(EngineProbe.open(
                Features.NONE,
                options -> options.limits(limits -> limits.tolerance(Ignored.SPARE_BITS, Tolerance.of(1)))));
        probe.receive(new Message.Bitfield(PieceSet.of(16, 1, 15)));

        assertThat(inbound.getReceivedOnNext()).containsExactly(new Message.Bitfield(PieceSet.of(10, 1)));
    }

    @Test
    void haveAllAndHaveNoneChangeThePieces() {
        use(EngineProbe.open(FAST));

        probe.receive(new Message.HaveAll());
        assertThat(probe.wire.peerPieces()).isEqualTo(PieceSet.all(10));
        probe.receive(new Message.HaveNone());

        assertThat(probe.wire.peerPieces()).isEqualTo(PieceSet.none(10));
    }

    @Test
    void shapeChecksEarlierMessagesAndTrimsTheAdvice() {
        use(new EngineProbe(SELF, FAST));
        probe.start();
        probe.receive(new Message.Bitfield(PieceSet.of(16, 1)));
        probe.receive(new Message.SuggestPiece(12), new Message.SuggestPiece(3), new Message.AllowedFast(11));

        probe.engine.learn(SHAPE);

        assertThat(probe.wire.peerSuggested()).containsExactly(3);
        assertThat(probe.wire.peerAllowedFast()).isEmpty();
        assertThat(probe.wire.peerPieces()).isEqualTo(PieceSet.of(10, 1));
    }
}
