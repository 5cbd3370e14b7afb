/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.peerwire.internal.exchange.ExchangeProbe.LENGTH;
import static org.peerwire.internal.exchange.ExchangeProbe.block;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.Block;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.RequestException;
import org.peerwire.message.BlockRequest;

/** Blocks that arrive a second time, under Fast. */
class AnsweredRequestsTest {
    private final ExchangeProbe probe = new ExchangeProbe(true);
    private final List<Integer> got = new ArrayList<>();

    @AfterEach
    void nothingIsLeaked() {
        probe.endWithoutLeak();
    }

    private void answer(int piece) {
        probe.pending.request(block(piece), new PendingRequests.Listener() {
            @Override
            public void onBlock(Block block) {
                block.release();
                got.add(block.piece());
            }

            @Override
            public void onFailure(RequestException failure) {
                throw new AssertionError(failure);
            }
        });
        probe.receive(block(piece));
    }

    private void assertViolation(BlockRequest block) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> probe.receive(block))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(ProtocolException.Reason.UNSOLICITED_BLOCK));
    }

    @Test
    void blockThatComesTwiceIsADuplicateAndTheThirdAViolation() {
        answer(1);

        probe.receive(block(1));

        assertThat(got).containsExactly(1);
        assertThat(probe.ignored(Ignored.DUPLICATE_BLOCK)).isEqualTo(1);
        assertThat(probe.stats().wastedIn()).isEqualTo(LENGTH);
        assertViolation(block(1));
    }

    @Test
    void duplicateOfAnotherLengthIsAViolation() {
        answer(1);

        assertViolation(new BlockRequest(1, 0, LENGTH - 1));
    }

    @Test
    void answeredRequestIsRememberedForAMinuteAndNotForTwo() {
        answer(1);
        answer(2);

        probe.pending.tick(59_000);
        probe.receive(block(1));
        probe.pending.tick(60_000);
        probe.pending.tick(120_000);

        assertViolation(block(2));
    }

    @Test
    void last1024AreRememberedAndNotMoreThan2048() {
        for (int piece = 0; piece < 3_000; piece++) {
            answer(piece);
        }

        probe.receive(block(3_000 - 1_024));

        assertThat(probe.ignored(Ignored.DUPLICATE_BLOCK)).isEqualTo(1);
        assertViolation(block(3_000 - 2_049));
    }

    @Test
    void blockThatIsRequestedAgainIsNoDuplicate() {
        answer(1);
        answer(1);

        assertThat(got).containsExactly(1, 1);
        assertThat(probe.ignored(Ignored.DUPLICATE_BLOCK)).isZero();
    }
}
