/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;

class PiecePickerTest extends PickerTests {

    @Test
    void theRarestPieceComesFirst() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        picker.sources().offers("b", pieces(0, 1, 3));
        picker.sources().offers("c", pieces(0, 3));

        assertThat(next("a").piece()).isEqualTo(2);
        assertThat(next("b").piece()).isEqualTo(1);
    }

    @Test
    void aHaveChangesWhatIsRare() {
        picker.sources().offers("a", pieces(0, 1));
        picker.sources().offers("b", pieces(0));
        picker.sources().offers("c", PieceSet.none(PIECES));
        picker.sources().offers("c", 1);
        picker.sources().offers("d", pieces(1));

        assertThat(next("a").piece()).isEqualTo(0);
    }

    @Test
    void aPeerFinishesThePieceItHasBegun() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        picker.sources().offers("b", PieceSet.all(PIECES));

        int a = next("a").piece();
        int b = next("b").piece();

        assertThat(b).isNotEqualTo(a);
        assertThat(next("a").piece()).isEqualTo(a);
        assertThat(next("b").piece()).isEqualTo(b);
    }

    @Test
    void everyBlockIsAskedForOnceAndTheLastOneIsShort() {
        picker.sources().offers("a", PieceSet.all(PIECES));

        List<BlockRequest> all = takeAll("a");

        assertThat(all).hasSize(8).doesNotHaveDuplicates().contains(new BlockRequest(3, BLOCK, BLOCK / 2));
        assertThat(all).allMatch(shape::contains);
    }

    @Test
    void onlyPiecesThePeerHasAreAskedFor() {
        picker.sources().offers("a", pieces(2));

        assertThat(takeAll("a")).extracting(BlockRequest::piece).containsOnly(2);
        assertThat(picker.next("stranger", now)).isNull();
    }

    @Test
    void piecesThatNobodyWantsAreNotAskedFor() {
        want.missing.clear(0, 3);
        picker.sources().offers("a", pieces(0, 1, 2));
        picker.sources().offers("b", PieceSet.all(PIECES));

        assertThat(picker.wants("a")).isFalse();
        assertThat(picker.wants("b")).isTrue();
        assertThat(picker.next("a", now)).isNull();
        assertThat(next("b").piece()).isEqualTo(3);
    }

    @Test
    void aPieceIsCompleteWithItsLastBlock() {
        picker.sources().offers("a", pieces(1));
        List<BlockRequest> blocks = takeAll("a");

        assertThat(deliver("a", blocks.get(1))).isFalse();
        assertThat(picker.wants("a")).isTrue();
        assertThat(deliver("a", blocks.get(0))).isTrue();
        verified(1);
        assertThat(picker.wants("a")).isFalse();
    }

    @Test
    void thePickerIsIdleWhenEveryWantedPieceIsVerified() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        takeAll("a").forEach(block -> deliver("a", block));
        for (int piece = 0; piece < PIECES; piece++) {
            assertThat(picker.wants().isIdle()).isFalse();
            verified(piece);
        }
        assertThat(picker.wants().isIdle()).isTrue();
    }

    @Test
    void atTheEndABlockIsAskedForTwiceAndTheSecondCopyIsRefused() {
        picker.sources().offers("slow", pieces(0));
        picker.sources().offers("quick", pieces(0));
        List<BlockRequest> asked = takeAll("slow");

        List<BlockRequest> again = takeAll("quick");

        assertThat(again).containsExactlyInAnyOrderElementsOf(asked);
        assertThat(picker.accept("quick", asked.get(0))).containsExactly("slow");
        assertThat(picker.accept("slow", asked.get(0))).isNull();
    }

    @Test
    void atTheEndEveryBlockIsAskedOfEverybody() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        picker.sources().offers("c", pieces(0));
        List<BlockRequest> asked = takeAll("a");
        takeAll("b");

        assertThat(takeAll("c")).containsExactlyInAnyOrderElementsOf(asked);
    }

    @Test
    void theBlocksOfALostPeerGoToAnother() {
        picker.sources().offers("a", pieces(0));
        List<BlockRequest> asked = takeAll("a");
        deliver("a", asked.get(0));
        picker.leave("a");
        picker.sources().offers("b", pieces(0));

        assertThat(takeAll("b")).containsExactly(asked.get(1));
    }

    @Test
    void theBlocksOfAPeerThatChokesGoToAnotherAndMayStillCome() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        List<BlockRequest> asked = takeAll("a");
        picker.stall("a");

        assertThat(picker.next("b", now)).isEqualTo(asked.get(0));
        assertThat(picker.accept("a", asked.get(1))).isEmpty();
        assertThat(takeAll("b")).isEmpty();
    }

    @Test
    void aPeerThatHasStalledIsToldThatAnotherWasFaster() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        BlockRequest block = takeAll("a").get(0);
        picker.stall("a");
        assertThat(next("b")).isEqualTo(block);

        assertThat(picker.accept("b", block)).containsExactly("a");
        assertThat(picker.accept("a", block)).isNull();
    }

    @Test
    void aRefusedPieceIsAskedOfOthersUntilThePeerIsForgiven() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        BlockRequest block = next("a");
        picker.refused("a", block);

        assertThat(picker.next("a", now)).isNull();
        assertThat(picker.wants("a")).isTrue();
        assertThat(picker.next("b", now)).isNotNull();
        picker.forgive("a", 0);
        assertThat(next("a").piece()).isZero();
    }

    @Test
    void theRejectOfACancelledRequestIsIgnored() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        BlockRequest block = takeAll("a").get(0);
        takeAll("b");
        picker.accept("b", block);
        picker.refused("a", block);

        assertThat(picker.next("a", now)).isNull();
        assertThat(picker.asked("a")).isEqualTo(1);
    }

    @Test
    void theOnlySenderOfABadPieceIsKnown() {
        picker.sources().offers("a", pieces(0));
        takeAll("a").forEach(block -> deliver("a", block));

        assertThat(failed(0)).containsExactly("a");
        assertThat(picker.wants("a")).isTrue();
    }

    @Test
    void aBadPieceOfTwoSendersIsFetchedAgainFromOnePeer() {
        picker.sources().offers("a", pieces(0));
        picker.sources().offers("b", pieces(0));
        BlockRequest first = next("a");
        BlockRequest second = next("b");
        deliver("a", first);
        deliver("b", second);

        assertThat(failed(0)).containsExactlyInAnyOrder("a", "b");
        BlockRequest alone = next("b");
        assertThat(picker.next("a", now)).isNull();
        deliver("b", alone);
        deliver("b", next("b"));
        assertThat(failed(0)).containsExactly("b");
    }

    @Test
    void aPieceOfOneSenderRestartsWhenThatPeerLeaves() {
        picker.sources().offers("a", pieces(0));
        takeAll("a").forEach(block -> deliver("a", block));
        failed(0);
        deliver("a", next("a"));
        picker.leave("a");
        picker.sources().offers("b", pieces(0));

        assertThat(takeAll("b")).hasSize(2);
    }

    @Test
    void unrequestedBlocksAreNotAccepted() {
        picker.sources().offers("a", pieces(0));

        assertThat(picker.accept("a", new BlockRequest(0, 0, BLOCK))).isNull();
        picker.next("a", now);
        assertThat(picker.accept("a", new BlockRequest(0, 0, BLOCK - 1))).isNull();
    }

    @Test
    void aRestrictedPeerIsAskedForTheAllowedPiecesOnly() {
        picker.sources().offers("a", pieces(0, 1, 2));
        picker.restrict("a", bits(1, 3));

        assertThat(takeAll("a")).extracting(BlockRequest::piece).containsExactly(1, 1);

        picker.restrict("a", null);
        assertThat(takeAll("a"))
                .extracting(BlockRequest::piece)
                .containsOnly(0, 2)
                .hasSize(4);
    }

    @Test
    void aRestrictionFreesTheOtherBlocksForOtherPeers() {
        picker.sources().offers("a", PieceSet.all(PIECES));
        takeAll("a");
        picker.restrict("a", bits(2));
        picker.sources().offers("b", PieceSet.all(PIECES));

        assertThat(picker.asked("a")).isEqualTo(2);
        assertThat(List.of(next("b"), next("b"), next("b"), next("b"), next("b"), next("b")))
                .extracting(BlockRequest::piece)
                .containsOnly(0, 1, 3);
    }
}
