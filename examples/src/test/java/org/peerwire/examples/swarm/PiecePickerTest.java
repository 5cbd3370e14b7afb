/* SPDX-License-Identifier: MIT */
package org.peerwire.examples.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.peerwire.TorrentShape;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.PieceSet;

class PiecePickerTest {
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;
    private static final int PIECES = 4;

    /** Four pieces of two blocks; the last one has a block and a half. */
    private final TorrentShape shape = TorrentShape.of(7L * BLOCK + BLOCK / 2, 2 * BLOCK);

    private final PiecePicker<String> picker = new PiecePicker<>(shape, new BitSet(), new Random(1));

    private PieceSet pieces(int... pieces) {
        return PieceSet.of(PIECES, pieces);
    }

    private List<BlockRequest> takeAll(String peer) {
        List<BlockRequest> taken = new ArrayList<>();
        for (BlockRequest next = picker.next(peer); next != null; next = picker.next(peer)) {
            taken.add(next);
        }
        return taken;
    }

    private BlockRequest next(String peer) {
        return Objects.requireNonNull(picker.next(peer));
    }

    private boolean deliver(String peer, BlockRequest block) {
        return picker.accept(peer, block) != null && picker.written(peer, block);
    }

    @Test
    void theRarestPieceComesFirst() {
        picker.offers("a", PieceSet.all(PIECES));
        picker.offers("b", pieces(0, 1, 3));
        picker.offers("c", pieces(0, 3));

        assertThat(next("a").piece()).isEqualTo(2);
        assertThat(next("b").piece()).isEqualTo(1);
    }

    @Test
    void aHaveChangesWhatIsRare() {
        picker.offers("a", pieces(0, 1));
        picker.offers("b", pieces(0));
        picker.offers("c", PieceSet.none(PIECES));
        picker.offers("c", 1);
        picker.offers("d", pieces(1));

        assertThat(next("a").piece()).isEqualTo(0);
    }

    @Test
    void aPeerFinishesThePieceItHasBegun() {
        picker.offers("a", PieceSet.all(PIECES));
        picker.offers("b", PieceSet.all(PIECES));

        int a = next("a").piece();
        int b = next("b").piece();

        assertThat(b).isNotEqualTo(a);
        assertThat(next("a").piece()).isEqualTo(a);
        assertThat(next("b").piece()).isEqualTo(b);
    }

    @Test
    void everyBlockIsAskedForOnceAndTheLastOneIsShort() {
        picker.offers("a", PieceSet.all(PIECES));

        List<BlockRequest> all = takeAll("a");

        assertThat(all).hasSize(8).doesNotHaveDuplicates().contains(new BlockRequest(3, BLOCK, BLOCK / 2));
        assertThat(all).allMatch(shape::contains);
    }

    @Test
    void onlyPiecesThePeerHasAreAskedFor() {
        picker.offers("a", pieces(2));

        assertThat(takeAll("a")).extracting(BlockRequest::piece).containsOnly(2);
        assertThat(picker.next("stranger")).isNull();
    }

    @Test
    void piecesOnDiskAreNotWanted() {
        BitSet have = new BitSet();
        have.set(0, 3);
        PiecePicker<String> resumed = new PiecePicker<>(shape, have, new Random(1));
        resumed.offers("a", pieces(0, 1, 2));
        resumed.offers("b", PieceSet.all(PIECES));

        assertThat(resumed.wants("a")).isFalse();
        assertThat(resumed.wants("b")).isTrue();
        assertThat(resumed.next("a")).isNull();
        assertThat(Objects.requireNonNull(resumed.next("b")).piece()).isEqualTo(3);
    }

    @Test
    void aPieceIsCompleteWithItsLastBlockOnDisk() {
        picker.offers("a", pieces(1));
        List<BlockRequest> blocks = takeAll("a");

        assertThat(deliver("a", blocks.get(1))).isFalse();
        assertThat(picker.accept("a", blocks.get(0))).isEmpty();
        assertThat(picker.wants("a")).isTrue();
        assertThat(picker.written("a", blocks.get(0))).isTrue();
        picker.verified(1);
        assertThat(picker.wants("a")).isFalse();
    }

    @Test
    void theDownloadIsDoneWhenEveryPieceIsVerified() {
        picker.offers("a", PieceSet.all(PIECES));
        takeAll("a").forEach(block -> deliver("a", block));
        for (int piece = 0; piece < PIECES; piece++) {
            assertThat(picker.isDone()).isFalse();
            picker.verified(piece);
        }
        assertThat(picker.isDone()).isTrue();
    }

    @Test
    void atTheEndABlockIsAskedForTwiceAndTheSecondCopyIsRefused() {
        picker.offers("slow", pieces(0));
        picker.offers("quick", pieces(0));
        List<BlockRequest> asked = takeAll("slow");

        List<BlockRequest> again = takeAll("quick");

        assertThat(again).containsExactlyInAnyOrderElementsOf(asked);
        assertThat(picker.accept("quick", asked.get(0))).containsExactly("slow");
        assertThat(picker.accept("slow", asked.get(0))).isNull();
    }

    @Test
    void atTheEndEveryBlockIsAskedOfEverybody() {
        picker.offers("a", pieces(0));
        picker.offers("b", pieces(0));
        picker.offers("c", pieces(0));
        List<BlockRequest> asked = takeAll("a");
        takeAll("b");

        assertThat(takeAll("c")).containsExactlyInAnyOrderElementsOf(asked);
    }

    @Test
    void theBlocksOfALostPeerGoToAnother() {
        picker.offers("a", pieces(0));
        List<BlockRequest> asked = takeAll("a");
        deliver("a", asked.get(0));
        picker.leave("a");
        picker.offers("b", pieces(0));

        assertThat(takeAll("b")).containsExactly(asked.get(1));
    }

    @Test
    void aBlockThatWasNotOnDiskWhenThePeerWasLostIsFetchedAgain() {
        picker.offers("a", pieces(0));
        BlockRequest block = takeAll("a").get(0);
        picker.accept("a", block);
        picker.leave("a");
        picker.offers("b", pieces(0));

        assertThat(takeAll("b")).contains(block);
    }

    @Test
    void theBlocksOfAPeerThatChokesGoToAnotherAndMayStillCome() {
        picker.offers("a", pieces(0));
        picker.offers("b", pieces(0));
        List<BlockRequest> asked = takeAll("a");
        picker.stall("a");

        assertThat(picker.next("b")).isEqualTo(asked.get(0));
        assertThat(picker.accept("a", asked.get(1))).isEmpty();
        assertThat(takeAll("b")).isEmpty();
    }

    @Test
    void aRefusedPieceIsAskedOfOthersUntilThePeerIsForgiven() {
        picker.offers("a", pieces(0));
        picker.offers("b", pieces(0));
        BlockRequest block = next("a");
        picker.refused("a", block);

        assertThat(picker.next("a")).isNull();
        assertThat(picker.wants("a")).isTrue();
        assertThat(picker.next("b")).isNotNull();
        picker.forgive("a", 0);
        assertThat(picker.next("a")).isEqualTo(block);
    }

    @Test
    void theRejectOfACancelledRequestIsIgnored() {
        picker.offers("a", pieces(0));
        picker.offers("b", pieces(0));
        BlockRequest block = takeAll("a").get(0);
        takeAll("b");
        picker.accept("b", block);
        picker.refused("a", block);

        assertThat(picker.next("a")).isNull();
        picker.leave("b");
        assertThat(picker.next("a")).isNotNull();
    }

    @Test
    void theOnlyAuthorOfABadPieceIsKnown() {
        picker.offers("a", pieces(0));
        takeAll("a").forEach(block -> deliver("a", block));

        assertThat(picker.failed(0)).containsExactly("a");
        assertThat(picker.wants("a")).isTrue();
    }

    @Test
    void aBadPieceOfTwoAuthorsIsFetchedAgainFromOnePeer() {
        picker.offers("a", pieces(0));
        picker.offers("b", pieces(0));
        BlockRequest first = next("a");
        BlockRequest second = next("b");
        deliver("a", first);
        deliver("b", second);

        assertThat(picker.failed(0)).containsExactlyInAnyOrder("a", "b");
        BlockRequest alone = next("b");
        assertThat(picker.next("a")).isNull();
        deliver("b", alone);
        deliver("b", next("b"));
        assertThat(picker.failed(0)).containsExactly("b");
    }

    @Test
    void aPieceOfOneAuthorRestartsWhenThatPeerLeaves() {
        picker.offers("a", pieces(0));
        takeAll("a").forEach(block -> deliver("a", block));
        picker.failed(0);
        deliver("a", next("a"));
        picker.leave("a");
        picker.offers("b", pieces(0));

        assertThat(takeAll("b")).hasSize(2);
    }

    @Test
    void unrequestedBlocksAreNotAccepted() {
        picker.offers("a", pieces(0));

        assertThat(picker.accept("a", new BlockRequest(0, 0, BLOCK))).isNull();
        picker.next("a");
        assertThat(picker.accept("a", new BlockRequest(0, 0, BLOCK - 1))).isNull();
    }

    @Test
    void underWayCountsRequestedAndUnwrittenBlocks() {
        picker.offers("a", pieces(0, 1));
        List<BlockRequest> asked = takeAll("a");
        assertThat(picker.underWay()).isEqualTo(4);

        picker.accept("a", asked.get(0));
        assertThat(picker.asked("a")).isEqualTo(3);
        assertThat(picker.underWay()).isEqualTo(4);

        picker.written("a", asked.get(0));
        picker.stall("a");
        assertThat(picker.underWay()).isZero();
    }

    @Test
    void aRestrictedPeerIsAskedForTheAllowedPiecesOnly() {
        picker.offers("a", pieces(0, 1, 2));
        picker.restrict("a", List.of(1, 3));

        assertThat(takeAll("a")).extracting(BlockRequest::piece).containsExactly(1, 1);

        picker.restrict("a", null);
        assertThat(takeAll("a"))
                .extracting(BlockRequest::piece)
                .containsOnly(0, 2)
                .hasSize(4);
    }

    @Test
    void aRestrictionFreesTheOtherBlocksForOtherPeers() {
        picker.offers("a", PieceSet.all(PIECES));
        takeAll("a");
        picker.restrict("a", List.of(2));
        picker.offers("b", PieceSet.all(PIECES));

        assertThat(picker.asked("a")).isEqualTo(2);
        assertThat(List.of(next("b"), next("b"), next("b"), next("b"), next("b"), next("b")))
                .extracting(BlockRequest::piece)
                .containsOnly(0, 1, 3);
    }
}
