/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.peerwire.internal.exchange.ExchangeProbe.LENGTH;
import static org.peerwire.internal.exchange.ExchangeProbe.block;
import static org.peerwire.internal.exchange.ExchangeProbe.cancels;
import static org.peerwire.internal.exchange.ExchangeProbe.requests;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.message.BlockRequest;

/** Requests, their answers, and answers that come late or match no request. */
class PendingRequestsTest {
    private ExchangeProbe probe = new ExchangeProbe(false);
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private void withFast() {
        probe = new ExchangeProbe(true);
    }

    /** Records what it hears, and runs a task at each failure. */
    private final class Waiter implements PendingRequests.Listener {
        private final Runnable onFailure;

        Waiter(Runnable onFailure) {
            this.onFailure = onFailure;
        }

        @Override
        public void onBlock(Block block) {
            assertThat(block.from()).isSameAs(ExchangeProbe.WIRE);
            assertThat(block.data().readableBytes()).isEqualTo(block.length());
            events.add("block " + block.piece());
            block.release();
        }

        @Override
        public void onFailure(RequestException failure) {
            events.add(failure.reason() + " " + failure.request().piece());
            onFailure.run();
        }
    }

    private Waiter request(int... pieces) {
        return request(() -> {}, pieces);
    }

    private Waiter request(Runnable onFailure, int... pieces) {
        Waiter waiter = new Waiter(onFailure);
        for (int piece : pieces) {
            probe.pending.request(block(piece), waiter);
        }
        return waiter;
    }

    private ProtocolException.Reason violation(BlockRequest block) {
        return catchThrowableOfType(ProtocolException.class, () -> probe.receive(block))
                .reason();
    }

    private static BlockRequest blockOfLength(int length) {
        return new BlockRequest(1, 0, length);
    }

    // ---- blocks ----

    @Test
    void requestIsWrittenAndItsListenerTakesTheBlock() {
        request(1, 2);
        assertThat(probe.written()).isEqualTo(requests(1, 2));
        assertThat(probe.stats().requestsOutstanding()).isEqualTo(2);

        probe.receive(block(2));

        assertThat(events).containsExactly("block 2");
        assertThat(probe.stats().payloadIn()).isEqualTo(LENGTH);
        assertThat(probe.stats().requestsOutstanding()).isEqualTo(1);
        assertThat(probe.pending.size()).isEqualTo(1);
    }

    @Test
    void secondRequestAtTheSamePlaceIsADuplicate() {
        request(1);

        request(1);
        probe.pending.request(blockOfLength(50), new Waiter(() -> {}));

        assertThat(events).containsExactly("DUPLICATE 1", "DUPLICATE 1");
        assertThat(probe.written()).isEqualTo(requests(1));
    }

    @Test
    void blockOfAnotherLengthIsAViolationAndTheListenerGoesOnWaiting() {
        request(1);

        assertThat(violation(blockOfLength(LENGTH - 1))).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK);

        assertThat(events).isEmpty();
        assertThat(probe.stats().wastedIn()).isEqualTo(LENGTH - 1);
    }

    @Test
    void unsolicitedBlockIsTolerated() {
        probe.receive(block(1));

        assertThat(probe.ignored(Ignored.UNSOLICITED_BLOCK)).isEqualTo(1);
        assertThat(probe.stats().wastedIn()).isEqualTo(LENGTH);
        assertThat(probe.stats().payloadIn()).isZero();
    }

    @Test
    void unsolicitedBlockIsAViolationUnderFast() {
        withFast();

        assertThat(violation(block(1))).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK);
    }

    @Test
    void emptyBlockCountsAsAReject() {
        request(1);

        probe.receive(blockOfLength(0));
        probe.receive(new BlockRequest(2, 0, 0));

        assertThat(events).containsExactly("REJECTED 1");
        assertThat(probe.ignored(Ignored.EMPTY_BLOCK)).isEqualTo(2);
    }

    // ---- cancellation ----

    @Test
    void cancellingAWrittenRequestSendsACancel() {
        Waiter waiter = request(1, 2);
        probe.written();

        probe.pending.cancel(block(1), waiter);

        assertThat(probe.written()).isEqualTo(cancels(1));
        assertThat(events).as("its own cancellation is no failure").isEmpty();
        assertThat(probe.pending.size()).isEqualTo(1);
    }

    @Test
    void cancellingARequestThatWaitsSendsNothing() {
        probe.clog();
        Waiter waiter = request(1, 2);

        probe.pending.cancel(block(1), waiter);
        probe.unclog();

        assertThat(probe.written()).isEqualTo(requests(2));
    }

    @Test
    void requestThatIsMadeAgainBeforeItWasLeftOutIsWrittenOnce() {
        probe.clog();
        Waiter waiter = request(1);
        probe.pending.cancel(block(1), waiter);
        request(1);

        probe.unclog();

        assertThat(probe.written()).isEqualTo(requests(1));
        probe.receive(block(1));
        assertThat(events).containsExactly("block 1");
    }

    @Test
    void listenerCancelsItsOwnRequestsOnly() {
        request(1);
        Waiter other = request(2, 3);
        probe.written();

        probe.pending.cancel(block(1), other);
        probe.pending.cancelAll(other);

        assertThat(probe.written()).isEqualTo(cancels(2, 3));
        assertThat(probe.pending.size()).isEqualTo(1);
    }

    // ---- late answers ----

    @Test
    void lateBlockOfACancelledRequestIsForgivenOnce() {
        withFast();
        probe.pending.cancel(block(1), request(1));

        probe.receive(block(1));

        assertThat(probe.ignored(Ignored.LATE_BLOCK)).isEqualTo(1);
        assertThat(probe.stats().wastedIn()).isEqualTo(LENGTH);
        probe.receive(block(1));
        assertThat(probe.ignored(Ignored.DUPLICATE_BLOCK)).isEqualTo(1);
        assertThat(violation(block(1))).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK);
    }

    @Test
    void lateRejectOfACancelledRequestIsForgivenOnce() {
        withFast();
        probe.pending.cancel(block(1), request(1));

        probe.receiveReject(block(1));
        assertThat(probe.ignored(Ignored.UNKNOWN_REJECT)).isZero();

        probe.receiveReject(block(1));
        assertThat(probe.ignored(Ignored.UNKNOWN_REJECT)).isEqualTo(1);
    }

    @Test
    void lateBlockIsForgivenForAMinute() {
        withFast();
        probe.pending.cancel(block(1), request(1));
        probe.pending.cancel(block(2), request(2));

        probe.advance(60_000);
        probe.pending.tick(60_000);
        probe.receive(block(1));
        probe.advance(1);
        probe.pending.tick(60_001);

        assertThat(violation(block(2))).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK);
    }

    @Test
    void limitedNumberOfRequestsIsRemembered() {
        withFast();
        Waiter waiter = new Waiter(() -> {});
        for (int piece = 0; piece <= 4_096; piece++) {
            probe.pending.request(block(piece), waiter);
            probe.pending.cancel(block(piece), waiter);
        }

        assertThat(violation(block(0))).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK);
        probe.receive(block(1));
        assertThat(probe.ignored(Ignored.LATE_BLOCK)).isEqualTo(1);
    }

    @Test
    void answerToARequestThatWasMadeAgainGoesToTheNewListener() {
        withFast();
        probe.pending.cancel(block(1), request(1));
        request(1);

        probe.receive(block(1));

        assertThat(events).containsExactly("block 1");
        assertThat(probe.ignored(Ignored.LATE_BLOCK)).isZero();
    }

    // ---- rejects, chokes, lost pieces ----

    @Test
    void rejectFailsItsRequest() {
        withFast();
        request(1, 2);

        probe.receiveReject(block(1));
        probe.receiveReject(new BlockRequest(2, 0, LENGTH - 1));

        assertThat(events).containsExactly("REJECTED 1");
        assertThat(probe.ignored(Ignored.UNKNOWN_REJECT)).isEqualTo(1);
    }

    @Test
    void chokeFailsAllRequestsOldestFirst() {
        request(5, 1, 3);

        probe.pending.onChoke();

        assertThat(events).containsExactly("CHOKED 5", "CHOKED 1", "CHOKED 3");
        probe.receive(block(3));
        assertThat(probe.ignored(Ignored.LATE_BLOCK))
                .as("the block may have crossed the choke")
                .isEqualTo(1);
    }

    @Test
    void chokeLeavesRequestsToTheirRejectsUnderFast() {
        withFast();
        request(1);

        probe.pending.onChoke();
        probe.pending.onDontHave(1);

        assertThat(events).isEmpty();
    }

    @Test
    void lostPieceFailsItsRequests() {
        request(1, 2);

        probe.pending.onDontHave(1);

        assertThat(events).containsExactly("REJECTED 1");
    }

    @Test
    void requestThatIsAnsweredBeforeItIsWrittenIsNotWritten() {
        probe.clog();
        request(1, 2);
        probe.receive(block(1));

        probe.unclog();

        assertThat(probe.written()).isEqualTo(requests(2));
        assertThat(probe.pending.size()).isEqualTo(1);
    }

    @Test
    void requestThatIsRejectedBeforeItIsWrittenIsNotWritten() {
        withFast();
        probe.clog();
        request(1, 2);
        probe.receiveReject(block(1));

        probe.unclog();

        assertThat(probe.written()).isEqualTo(requests(2));
        assertThat(probe.pending.size()).isEqualTo(1);
    }
}
