/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.engine.EngineProbe.block;
import static org.peerwire.internal.engine.EngineProbe.extended;
import static org.peerwire.internal.engine.EngineProbe.piece;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.PeerState;
import org.peerwire.RequestException;
import org.peerwire.message.Feature;
import org.peerwire.message.HashRange;
import org.peerwire.message.MerkleRoot;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** Our half of the state follows the messages that are written. */
class OutboundRulesTest {
    private EngineProbe probe = EngineProbe.open(Features.of(Feature.FAST));

    private void send(Message... messages) {
        for (Message message : messages) {
            probe.wire.outbound().tryEmit(message);
        }
    }

    private TestSubscriber<Block> request(int piece) {
        TestSubscriber<Block> subscriber = TestSubscriber.create();
        probe.wire.blocks().request(block(piece)).subscribe(subscriber);
        return subscriber;
    }

    // ---- state ----

    @Test
    void stateChangesWithTheMessages() {
        send(new Message.Unchoke(), new Message.Interested());
        assertThat(probe.wire.state()).isEqualTo(new PeerState(false, true, true, false));

        send(new Message.Choke(), new Message.NotInterested());
        assertThat(probe.wire.state()).isEqualTo(PeerState.INITIAL);
    }

    @Test
    void messagesThatChangeNothingAreLeftOut() {
        send(new Message.Choke(), new Message.NotInterested());
        assertThat(probe.written()).isEmpty();

        send(new Message.Unchoke(), new Message.Unchoke(), new Message.Interested(), new Message.Interested());
        assertThat(probe.written()).containsExactly(new Message.Unchoke(), new Message.Interested());
    }

    @Test
    void stateChangesWhenTheMessageIsWrittenAndNotBefore() {
        probe.clog();
        send(new Message.Unchoke(), new Message.Choke(), new Message.Unchoke());
        assertThat(probe.wire.state()).isEqualTo(PeerState.INITIAL);

        probe.unclog();

        assertThat(probe.wire.state().amChoking()).isFalse();
        assertThat(probe.written()).hasSize(3);
    }

    @Test
    void chokeIsFollowedByTheRejectsOfTheRequestsThatItDrops() {
        send(new Message.Unchoke());
        probe.receive(new Message.Request(block(1)), new Message.Request(block(2)));
        probe.written();

        send(new Message.Choke());

        assertThat(probe.written())
                .containsExactly(
                        new Message.Choke(), new Message.RejectRequest(block(1)), new Message.RejectRequest(block(2)));
    }

    @Test
    void graceAfterAChokeCountsFromItsWrite() {
        send(new Message.Unchoke());
        probe.clog();
        send(new Message.Choke());
        probe.advance(Duration.ofSeconds(10));
        probe.unclog();

        probe.receive(new Message.Request(block(1)));

        assertThat(probe.wire.stats().ignored()).isEmpty();
    }

    // ---- requests of ours ----

    @Test
    void requestOfTheUserIsEnteredAndItsDuplicateIsLeftOut() {
        send(new Message.Request(block(1)), new Message.Request(block(1)));

        assertThat(probe.written()).containsExactly(new Message.Request(block(1)));
        assertThat(probe.wire.stats().requestsOutstanding()).isEqualTo(1);
        probe.receive(piece(1));
        assertThat(probe.context.isEnded()).isFalse();
    }

    @Test
    void cancelOfTheUserFailsTheRequestOfTheExchange() {
        probe.receive(new Message.Unchoke());
        TestSubscriber<Block> request = request(1);
        probe.written();

        send(new Message.Cancel(block(1)));

        assertThat(((RequestException) request.expectTerminalError()).reason())
                .isEqualTo(RequestException.Reason.CANCELLED);
        assertThat(probe.written()).containsExactly(new Message.Cancel(block(1)));
    }

    @Test
    void cancelOfTheWireItselfIsWritten() {
        probe.receive(new Message.Unchoke());
        TestSubscriber<Block> request = request(1);
        probe.written();

        request.cancel();

        assertThat(probe.written()).containsExactly(new Message.Cancel(block(1)));
    }

    // ---- answers of the user ----

    @Test
    void pieceOfTheUserAnswersTheRequestOfThePeer() {
        send(new Message.Unchoke());
        probe.receive(new Message.Request(block(1)));

        send(piece(1));

        assertThat(probe.wire.stats().uploadsQueued()).isZero();
        assertThat(probe.wire.stats().payloadOut()).isEqualTo(100);
    }

    @Test
    void rejectOfTheUserAnswersTheRequestOfThePeer() {
        send(new Message.Unchoke());
        probe.receive(new Message.Request(block(1)));
        probe.written();

        send(new Message.RejectRequest(block(1)), new Message.Choke());

        assertThat(probe.written()).containsExactly(new Message.RejectRequest(block(1)), new Message.Choke());
    }

    @Test
    void servedBlockIsCountedOnce() {
        send(new Message.Unchoke());
        probe.wire
                .blocks()
                .serve(request -> Mono.just(Unpooled.buffer().writeZero(100)))
                .subscribe();

        probe.receive(new Message.Request(block(1)));

        assertThat(probe.wire.stats().payloadOut()).isEqualTo(100);
        assertThat(probe.wire.stats().uploadsQueued()).isZero();
    }

    @Test
    void pieceThatTheUserAllowsMayBeRequestedDuringAChoke() {
        probe.clog();
        send(new Message.AllowedFast(1));
        probe.receive(new Message.Request(block(1)));
        assertThat(probe.wire.stats().ignored(Ignored.CHOKED_REQUEST))
                .as("not written yet")
                .isEqualTo(1);

        probe.unclog();
        probe.receive(new Message.Request(block(1)));

        assertThat(probe.wire.stats().ignored(Ignored.CHOKED_REQUEST)).isEqualTo(1);
        assertThat(probe.wire.stats().uploadsQueued()).isEqualTo(1);
    }

    // ---- hashes and extensions ----

    @Test
    void hashesMayAnswerARequestThatWasWritten() {
        probe = EngineProbe.open(Features.of(Feature.V2_UPGRADE));
        HashRange range = new HashRange(MerkleRoot.of(new byte[32]), 0, 0, 2, 0);
        ByteBuf hashes = Unpooled.buffer().writeZero(64);
        send(new Message.HashRequest(range));

        probe.receive(new Message.Hashes(range, hashes));

        assertThat(probe.context.isEnded()).isFalse();
        probe.receive(new Message.HashReject(range));
        assertThat(probe.context.isEnded()).isTrue();
    }

    @Test
    void withdrawalOfTheUserHoldsOnceItIsWritten() {
        probe = EngineProbe.open(Features.of(Feature.EXTENSION_PROTOCOL));
        Message.Extended dontHave = new Message.Extended(1, Unpooled.buffer().writeInt(1));
        probe.receive((Message.Extended) dontHave.retain());
        assertThat(probe.wire.stats().ignored(Ignored.UNKNOWN_EXTENSION)).isZero();

        send(extended(keys -> keys.extension("lt_donthave", 0)));
        probe.receive(dontHave);

        assertThat(probe.wire.stats().ignored(Ignored.UNKNOWN_EXTENSION)).isEqualTo(1);
    }
}
