/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.peerwire.test.Fixture.BLOCK;
import static org.peerwire.test.Fixture.OTHER;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.block;
import static org.peerwire.test.Fixture.blocks;
import static org.peerwire.test.Fixture.bytes;
import static org.peerwire.test.Fixture.end;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.ConnectionException;
import org.peerwire.HandshakeException;
import org.peerwire.LocalPeer;
import org.peerwire.RequestWindow;
import org.peerwire.Wire;
import org.peerwire.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tests delay, bandwidth and half-close between the two wires of a pair. */
class LineTest {
    private static final LocalPeer LEECH = SELF.withFeatures(PLAIN);
    private static final LocalPeer SEED = OTHER.withFeatures(PLAIN);
    private static final Duration LATENCY = Duration.ofMillis(50);

    private WirePair pair = WirePair.open(LEECH, SEED);

    @AfterEach
    void close() {
        pair.dispose();
    }

    private static Recorder<Message> heard(Wire wire) {
        return Recorder.of(wire.inbound());
    }

    private void initiatorSays(Message message) {
        pair.initiator().outbound().tryEmit(message);
    }

    private WirePair reopen(WirePair.Builder builder) {
        pair.dispose();
        return pair = builder.open();
    }

    private long now() {
        return pair.clock().now(TimeUnit.MILLISECONDS);
    }

    // ---- delay ----

    @Test
    void whatIsDelayedArrivesAfterTheDelayAndNotBefore() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().delay(LATENCY);

        initiatorSays(new Message.Interested());
        pair.advance(LATENCY.minusNanos(1));
        assertThat(heard.values()).isEmpty();
        pair.advance(Duration.ofNanos(1));

        assertThat(heard.values()).containsExactly(new Message.Interested());
    }

    @Test
    void onlyTheWayThatIsDelayedIsDelayed() {
        Recorder<Message> heard = heard(pair.initiator());
        pair.toResponder().delay(LATENCY);

        pair.responder().outbound().tryEmit(new Message.Unchoke());

        assertThat(heard.values()).containsExactly(new Message.Unchoke());
    }

    @Test
    void nothingOvertakesWhatWasSentBeforeTheLineBecameFaster() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().delay(LATENCY);
        initiatorSays(new Message.Interested());
        pair.toResponder().delay(Duration.ZERO);

        initiatorSays(new Message.Have(1));
        assertThat(heard.values()).isEmpty();
        pair.advance(LATENCY);

        assertThat(heard.values()).containsExactly(new Message.Interested(), new Message.Have(1));
    }

    @Test
    void theHandshakesOfADelayedPairTakeARoundTrip() {
        long before = now();
        reopen(WirePair.builder(LEECH, SEED).clock(pair.clock()).delay(LATENCY));

        assertThat(now() - before).isEqualTo(2 * LATENCY.toMillis());
    }

    @Test
    void withoutADelayOpeningTakesNoTime() {
        assertThat(now()).isZero();
    }

    @Test
    void aDelayBeyondTheHandshakeTimeoutIsTold() {
        assertThatIllegalStateException()
                .isThrownBy(() -> WirePair.builder(LEECH, SEED)
                        .delay(Duration.ofMinutes(2))
                        .open())
                .withCauseInstanceOf(HandshakeException.class);
    }

    @Test
    void aCloseIsReadAfterTheDataInFlight() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().delay(LATENCY);

        initiatorSays(new Message.Interested());
        pair.initiator().dispose();
        assertThat(pair.responder().isDisposed()).isFalse();
        pair.advance(LATENCY);

        assertThat(heard.values()).containsExactly(new Message.Interested());
        assertThat(heard.hasCompleted()).isTrue();
    }

    @Test
    void aCutLosesWhatIsOnItsWay() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().delay(LATENCY);

        initiatorSays(new Message.Interested());
        pair.cut();
        pair.advance(LATENCY);

        assertThat(heard.values()).isEmpty();
        assertThat(((ConnectionException) end(pair.responder())).reason()).isEqualTo(ConnectionException.Reason.FAILED);
    }

    // ---- bandwidth ----

    private Recorder<Block> download(int blocks) {
        pair.responder()
                .blocks()
                .serve(request -> Mono.fromSupplier(() -> bytes(request)))
                .subscribe();
        pair.responder().outbound().tryEmit(new Message.Unchoke());
        return Recorder.of(pair.initiator().blocks().download(Flux.fromIterable(blocks(blocks))));
    }

    @Test
    void noMoreArrivesInASecondThanTheBandwidthLets() {
        pair.toInitiator().bandwidth(BLOCK);

        Recorder<Block> blocks = download(10);
        pair.advance(Duration.ofSeconds(4));
        assertThat(blocks.values()).hasSize(3); // a block has a header of 13 bytes
        pair.advance(Duration.ofSeconds(7));

        assertThat(blocks.hasCompleted()).isTrue();
    }

    @Test
    void aSlowLineStopsTheSenderAfter64KiB() {
        reopen(WirePair.builder(LEECH, SEED).options(options -> options.requestWindow(RequestWindow.fixed(30))));
        Recorder<Block> blocks = download(30);
        assertThat(blocks.hasCompleted()).isTrue();
        long before = pair.responder().stats().bytesOut();

        pair.toInitiator().bandwidth(1);
        download(30);

        long sent = pair.responder().stats().bytesOut() - before;
        assertThat(sent).isBetween(64L * 1024, 30L * BLOCK - 1);
        assertThat(pair.responder().stats().uploadsQueued()).isPositive();
    }

    @Test
    void thePairMayHaveABandwidthFromTheFirstByteOn() {
        long before = now();
        reopen(WirePair.builder(LEECH, SEED).clock(pair.clock()).bandwidth(68));

        assertThat(now() - before).isEqualTo(2_000);
    }

    // ---- half-close, hold ----

    @Test
    void aHalfCloseIsReadAfterTheDataAndLaterDataIsLost() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().delay(LATENCY);
        pair.toInitiator().delay(LATENCY);
        initiatorSays(new Message.Interested());

        pair.toResponder().end();
        initiatorSays(new Message.Have(1));
        pair.responder().outbound().tryEmit(new Message.Unchoke());
        pair.advance(LATENCY);

        assertThat(heard.values()).containsExactly(new Message.Interested());
        assertThat(heard.hasCompleted()).isTrue();
        assertThat(pair.initiator().state().peerChoking())
                .as("it still listens")
                .isFalse();
    }

    @Test
    void aHalfCloseInTheMiddleOfAMessageIsAnError() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().fault(Fault.dropAfter(7));

        initiatorSays(new Message.Have(1));
        pair.toResponder().end();

        assertThat(heard.values()).isEmpty();
        assertThat(((ConnectionException) end(pair.responder())).reason())
                .isEqualTo(ConnectionException.Reason.TRUNCATED);
    }

    @Test
    void whatIsHeldArrivesInItsOrderWhenItIsLetGo() {
        Recorder<Message> heard = heard(pair.responder());
        pair.toResponder().hold();

        initiatorSays(new Message.Interested());
        initiatorSays(new Message.Request(block(0, 0)));
        assertThat(heard.values()).isEmpty();
        pair.toResponder().letGo();

        assertThat(heard.values()).isEqualTo(List.of(new Message.Interested(), new Message.Request(block(0, 0))));
    }
}
