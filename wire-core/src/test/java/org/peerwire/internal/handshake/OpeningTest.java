/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.handshake.OpeningProbe.SELF;
import static org.peerwire.internal.handshake.OpeningProbe.THEIRS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.ConnectionException;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.HandshakeStart;
import org.peerwire.LocalPeer;
import org.peerwire.PeerId;
import org.peerwire.Wire;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.extension.Extension;
import org.peerwire.message.Message;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

/** An end at each step of an opening. Both handshakes in both directions are tested with whole wires. */
class OpeningTest {
    private final OpeningProbe probe = new OpeningProbe();
    private final AtomicInteger advertised = new AtomicInteger();
    private final Sinks.One<LocalPeer> admission = Sinks.one();
    private final LocalPeer self = SELF.withExtension(new Extension() {
        @Override
        public String name() {
            return "xx_test";
        }

        @Override
        public void advertise(ExtendedHandshake.Builder mine) {
            advertised.incrementAndGet();
        }
    });

    @AfterEach
    void nothingRemains() {
        probe.assertNothingRemains();
    }

    private static TestSubscriber<Wire> subscribe(Mono<Wire> opening) {
        TestSubscriber<Wire> subscriber = TestSubscriber.create();
        opening.subscribe(subscriber);
        return subscriber;
    }

    private Mono<Wire> dial() {
        return Opening.initiate(probe.connection, self, null, probe.options, probe.setup, false);
    }

    private Mono<Wire> accept() {
        return Opening.accept(probe.connection, (theirs, from) -> admission.asMono(), probe.options, probe.setup);
    }

    private static HandshakeException.Reason failure(TestSubscriber<Wire> opening) {
        assertThat(opening.getReceivedOnNext()).isEmpty();
        assertThat(opening.getProtocolErrors()).isEmpty();
        return ((HandshakeException) opening.expectTerminalError()).reason();
    }

    private static void assertEndedAfterTheHandshakes(TestSubscriber<Wire> opening) {
        assertThat(opening.getReceivedOnNext()).isEmpty();
        assertThat(opening.getProtocolErrors()).isEmpty();
        assertThat(opening.expectTerminalError())
                .isInstanceOf(ConnectionException.class)
                .hasCauseInstanceOf(ConnectionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }

    // ---- writes that fail ----

    @Test
    void writeOfOurFirstHandshakeThatFailsEndsTheOpening() {
        probe.breakAt(1);

        TestSubscriber<Wire> opening = subscribe(dial());

        assertThat(failure(opening)).isEqualTo(HandshakeException.Reason.CLOSED);
    }

    @Test
    void writeOfOurAnswerThatFailsEndsTheOpeningBeforeTheWireIsMade() {
        probe.breakAt(1);
        TestSubscriber<Wire> opening = subscribe(accept());
        probe.receive(THEIRS);

        admission.tryEmitValue(self);

        assertThat(failure(opening)).isEqualTo(HandshakeException.Reason.CLOSED);
        assertThat(advertised).hasValue(0);
    }

    @Test
    void writeOfTheExtendedHandshakeThatFailsEmitsNoWireForTheDiallingSide() {
        probe.breakAt(2);
        TestSubscriber<Wire> opening = subscribe(dial());

        probe.receive(THEIRS);

        assertEndedAfterTheHandshakes(opening);
        assertThat(advertised).hasValue(1);
    }

    @Test
    void writeOfTheExtendedHandshakeThatFailsEmitsNoWireForTheAcceptingSide() {
        probe.breakAt(2);
        TestSubscriber<Wire> opening = subscribe(accept());
        probe.receive(THEIRS);

        admission.tryEmitValue(self);

        assertEndedAfterTheHandshakes(opening);
    }

    // ---- cancellation ----

    @Test
    void cancellationBeforeTheBeginningWritesNothing() {
        TestSubscriber<Wire> opening = TestSubscriber.create();

        dial().doOnSubscribe(subscription -> subscription.cancel()).subscribe(opening);

        assertThat(probe.channel.flushes()).isZero();
        assertThat(opening.isTerminated()).isFalse();
    }

    @Test
    void cancellationBeforeTheBeginningReadsNothing() {
        AtomicInteger admissions = new AtomicInteger();

        Opening.accept(
                        probe.connection,
                        (theirs, from) -> {
                            admissions.incrementAndGet();
                            return Mono.empty();
                        },
                        probe.options,
                        probe.setup)
                .doOnSubscribe(subscription -> subscription.cancel())
                .subscribe();

        assertThat(probe.channel.isOpen()).isFalse();
        assertThat(admissions).hasValue(0);
    }

    @Test
    void cancellationDuringTheAdmissionCancelsIt() {
        AtomicInteger cancellations = new AtomicInteger();
        TestSubscriber<Wire> opening = subscribe(Opening.accept(
                probe.connection,
                (theirs, from) -> admission.asMono().doOnCancel(cancellations::incrementAndGet),
                probe.options,
                probe.setup));
        probe.receive(THEIRS);

        opening.cancel();

        assertThat(cancellations).hasValue(1);
        assertThat(probe.channel.flushes()).isZero();
    }

    @Test
    void admissionThatEndsTheOpeningWhileItIsAskedIsCancelled() {
        AtomicInteger cancellations = new AtomicInteger();
        TestSubscriber<Wire> opening = TestSubscriber.create();
        Opening.accept(
                        probe.connection,
                        (theirs, from) -> {
                            opening.cancel();
                            return admission.asMono().doOnCancel(cancellations::incrementAndGet);
                        },
                        probe.options,
                        probe.setup)
                .subscribe(opening);

        probe.receive(THEIRS);

        assertThat(cancellations).hasValue(1);
    }

    // ---- an end during the admission ----

    @Test
    void admissionThatAnswersAfterTheEndOpensNoWire() {
        TestSubscriber<Wire> opening = subscribe(Opening.accept(
                probe.connection,
                (theirs, from) ->
                        Mono.fromDirect(subscriber -> admission.asMono().subscribe(subscriber)),
                probe.options,
                probe.setup));
        probe.receive(THEIRS);
        probe.channel.close();
        probe.channel.runPendingTasks();

        admission.tryEmitValue(self);

        assertThat(failure(opening)).isEqualTo(HandshakeException.Reason.CLOSED);
        assertThat(advertised).hasValue(0);
        assertThat(probe.channel.written.readableBytes()).isZero();
    }

    @Test
    void admissionWithThePeersOwnIdOpensNoWire() {
        TestSubscriber<Wire> opening = subscribe(accept());
        probe.receive(THEIRS);

        admission.tryEmitValue(LocalPeer.of(SELF.infoHash(), THEIRS.peerId()));

        assertThat(failure(opening)).isEqualTo(HandshakeException.Reason.SELF);
        assertThat(probe.channel.written.readableBytes()).as("our answer").isEqualTo(Handshake.LENGTH);
    }

    @Test
    void answersToMessagesInTheReadOfTheHandshakeLeaveWithOneFlush() {
        TestSubscriber<Wire> opening = subscribe(accept().doOnNext(wire ->
                wire.inbound().subscribe(message -> wire.outbound().tryEmit(new Message.Have(7)))));
        admission.tryEmitValue(self);
        ByteBuf glued = Unpooled.buffer();
        THEIRS.writeTo(glued);
        glued.writeBytes(OpeningProbe.encoded(new Message.Have(1), new Message.Have(2), new Message.Have(3)));

        probe.receive(ByteBufUtil.getBytes(glued));

        assertThat(probe.channel.flushes())
                .as("handshake, extended handshake, answers")
                .isEqualTo(3);
        opening.getReceivedOnNext().forEach(Wire::dispose);
    }

    // ---- an end before the peer id ----

    private void receiveStart() {
        ByteBuf all = Unpooled.buffer();
        THEIRS.writeTo(all);
        byte[] start = new byte[HandshakeStart.LENGTH];
        all.readBytes(start);
        probe.receive(start);
    }

    @Test
    void cancellationBeforeThePeerIdClosesTheConnection() {
        TestSubscriber<Wire> opening = subscribe(accept());
        receiveStart();
        admission.tryEmitValue(self);
        assertThat(probe.channel.written.readableBytes()).isEqualTo(Handshake.LENGTH);

        opening.cancel();

        assertThat(probe.channel.isOpen()).isFalse();
        assertThat(advertised).hasValue(0);
    }

    @Test
    void writeOfOurAnswerThatFailsBeforeThePeerIdEndsTheOpening() {
        probe.breakAt(1);
        TestSubscriber<Wire> opening = subscribe(accept());
        receiveStart();

        admission.tryEmitValue(self);

        assertThat(failure(opening)).isEqualTo(HandshakeException.Reason.CLOSED);
        assertThat(advertised).hasValue(0);
    }

    @Test
    void peerThatFloodsInsteadOfWaitingForTheAdmissionIsReadUpToABound() {
        TestSubscriber<Wire> opening = subscribe(accept());
        receiveStart();
        assertThat(probe.channel.config().isAutoRead()).isTrue();

        probe.receive(new byte[64 * 1024]);

        assertThat(probe.channel.config().isAutoRead()).isFalse();
        opening.cancel();
    }

    @Test
    void wireThatTheSubscriberDisposesAtOnceEndsOnce() {
        AtomicInteger ends = new AtomicInteger();
        TestSubscriber<Wire> opening = subscribe(dial().doOnNext(wire -> {
            wire.onClose().subscribe(never -> {}, error -> {}, ends::incrementAndGet);
            wire.dispose();
        }));

        probe.receive(THEIRS);

        assertThat(opening.getReceivedOnNext()).hasSize(1);
        assertThat(ends).hasValue(1);
    }

    @Test
    void peerOfAnotherIdThanExpectedEndsTheOpening() {
        TestSubscriber<Wire> opening = subscribe(Opening.initiate(
                probe.connection, self, PeerId.parse("-PW0100-zzzzzzzzzzzz"), probe.options, probe.setup, false));

        probe.receive(THEIRS);

        assertThat(failure(opening)).isEqualTo(HandshakeException.Reason.WRONG_PEER_ID);
        assertThat(advertised).hasValue(0);
    }
}
