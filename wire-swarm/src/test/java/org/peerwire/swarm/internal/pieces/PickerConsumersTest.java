/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;

/** The choice of pieces for consumers with demand, room and deadlines. */
class PickerConsumersTest extends PickerTests {

    @Test
    void withoutDemandNothingIsAsked() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        next("a");
        want.active = false;

        assertThat(picker.next("a", now)).isNull();
        want.active = true;
        assertThat(picker.next("a", now)).isNotNull();
    }

    @Test
    void withoutRoomNoPieceIsBegunButTheFirstOfAStream() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        want.room = false;
        assertThat(picker.next("a", now)).isNull();

        want.first = 1;
        assertThat(takeAll("a")).extracting(BlockRequest::piece).containsExactly(1, 1);
    }

    @Test
    void withoutRoomARequestIsRepeatedOnlyWhenItIsOld() {
        picker.sources().offers("slow", PieceSet.all(PIECES));
        picker.sources().offers("quick", PieceSet.all(PIECES));
        next("slow");
        next("slow");
        want.room = false;

        assertThat(picker.next("quick", now)).isNull();
        now = 2_000;
        assertThat(picker.next("quick", now)).isNotNull();
    }

    @Test
    void thePieceWithTheEarliestDeadlineComesFirstAndLaterOfSeveralPeers() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        picker.sources().offers("b", PieceSet.all(PIECES));
        want.deadlines.put(3, 10_000L);
        want.deadlines.put(2, 20_000L);

        assertThat(List.of(next("a"), next("a"), next("a")))
                .extracting(BlockRequest::piece)
                .containsExactly(3, 3, 2);
        assertThat(next("b").piece()).isEqualTo(2);
        takeAll("a");
        now = 5_000;
        assertThat(takeAll("b")).extracting(BlockRequest::piece).contains(3);
    }

    @Test
    void theBegunPiecesOfALeavingConsumerAreGivenUpUnlessAnotherWantsThem() {
        TestWant other = new TestWant(PIECES);
        other.missing.clear();
        other.missing.set(1);
        picker.wants().add(other);
        picker.sources().offers("a", pieces(0, 1));
        takeAll("a");

        picker.remove(want);

        assertThat(abandoned).containsExactly(0);
        assertThat(picker.asked("a")).isEqualTo(2);
    }

    @Test
    void consumersTakeTurns() {
        TestWant other = new TestWant(PIECES);
        want.missing.clear(2, 4);
        other.missing.clear(0, 2);
        picker.wants().add(other);
        picker.sources().offers("a", PieceSet.all(PIECES));

        assertThat(List.of(next("a"), next("a"), next("a")))
                .extracting(block -> block.piece() < 2)
                .contains(true, false);
    }

    @Test
    void aLateBlockOfAnotherPeerIsRefusedWhileAPieceIsFetchedFromOne() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        BlockRequest first = next("a");
        BlockRequest second = next("b");
        deliver("a", first);
        deliver("b", second);
        failed(0);
        next("b");

        assertThat(picker.accept("a", second)).isNull();
    }
}
