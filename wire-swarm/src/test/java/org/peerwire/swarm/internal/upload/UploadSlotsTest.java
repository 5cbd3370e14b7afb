/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.PeerId;
import org.peerwire.message.BlockRequest;
import org.peerwire.message.Message;
import org.peerwire.message.PieceSet;
import org.peerwire.swarm.ChokeStrategy;
import org.peerwire.swarm.ChokeStrategy.Candidate;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.upload.UploadWorld.Peer;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** Tests the slots between the rounds, strategies of users, and hostile peers. */
class UploadSlotsTest {
    private UploadWorld world = new UploadWorld(UploadWorld.slots(2));

    @AfterEach
    void end() {
        world.end();
        Hooks.resetOnErrorDropped();
    }

    private void world(int slots, ChokeStrategy strategy) {
        world = new UploadWorld(
                SwarmOptions.builder().uploadSlots(slots).choking(strategy).build());
    }

    @Test
    void aNewlyInterestedPeerIsUnchokedAtOnceWhileASlotIsFree() {
        world.start().peers(3);
        world.pass(3_000);

        world.peers.get(2).interested(true);
        assertThat(world.unchoked()).containsExactly(2);
        world.peers.get(0).interested(true);
        assertThat(world.unchoked()).containsExactly(0, 2);
        world.peers.get(1).interested(true);
        assertThat(world.unchoked()).containsExactly(0, 2);
    }

    @Test
    void aPeerThatLosesInterestFreesItsSlotForTheNext() {
        world.start().peers(3).forEach(peer -> peer.interested(true));
        assertThat(world.unchoked()).containsExactly(0, 1);

        world.peers.get(0).interested(false);

        assertThat(world.unchoked()).containsExactly(1, 2);
    }

    @Test
    void anEndedWireFreesItsSlotForTheNextOfTheRanking() {
        world.start().peers(5);
        world.peers.forEach(
                peer -> peer.interested(true).giving(1024 * (5 + peer.ours().hashCode() % 5)));
        world.pass(15_000);
        List<Integer> before = world.unchoked();

        world.peers.get(before.get(0)).pair.cut();

        assertThat(world.unchoked()).hasSize(2).contains(before.get(1)).doesNotContain(before.get(0));
        world.peers.get(before.get(1)).pair.dispose();
        assertThat(world.unchoked()).hasSize(2).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aServingThatFailsChokesThePeer() {
        boolean[] fails = {true};
        world.uploads.offer(
                PieceSet.all(UploadWorld.SHAPE.pieceCount()),
                request -> fails[0]
                        ? Mono.error(new IllegalStateException("a broken disk"))
                        : UploadWorld.ZEROES.read(request));
        world.start().peers(3).forEach(peer -> peer.interested(true));
        assertThat(world.unchoked()).containsExactly(0, 1);

        world.peers.get(0).downloading();

        assertThat(world.unchoked()).containsExactly(1, 2);
        assertThat(world.peers.get(0).wire().isDisposed()).isFalse();
    }

    @Test
    void noSlotServesNobodyNotEvenAllowedFastPieces() {
        world = new UploadWorld(UploadWorld.slots(0));
        world.wireOptions = options -> options.allowedFastPieces(10);
        world.start();
        Peer peer = world.peer().interested(true);
        List<String> answers = new ArrayList<>();

        for (int piece : peer.wire().peerAllowedFast()) {
            peer.wire()
                    .blocks()
                    .request(new BlockRequest(piece, 0, 100))
                    .subscribe(block -> answers.add("block"), error -> answers.add("refused"));
        }
        world.pass(60_000);

        assertThat(peer.isUnchoked()).isFalse();
        assertThat(answers).hasSize(10).containsOnly("refused");
    }

    @Test
    void aChokedPeerKeepsItsAllowedFastPieces() {
        world.wireOptions = options -> options.allowedFastPieces(1);
        world.start().peers(2).forEach(peer -> peer.interested(true));
        Peer third = world.peer();
        int piece = third.wire().peerAllowedFast().get(0);
        List<String> answers = new ArrayList<>();

        for (BlockRequest request : List.of(new BlockRequest(piece, 0, 100), new BlockRequest(piece + 1, 0, 100))) {
            third.wire()
                    .blocks()
                    .request(request)
                    .subscribe(block -> answers.add("block"), error -> answers.add("refused"));
        }

        assertThat(third.isUnchoked()).isFalse();
        assertThat(answers).containsExactly("block", "refused");
    }

    @Test
    void aChokeLeavesWaitingReadsOfAllowedFastPieces() {
        world = new UploadWorld(
                SwarmOptions.builder().uploadSlots(2).uploadPerWire(4096).build());
        world.wireOptions = options -> options.allowedFastPieces(1);
        world.start();
        Peer peer = world.peer().interested(true);
        int piece = peer.wire().peerAllowedFast().get(0);
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (int p : List.of(piece, piece + 1)) {
                peer.wire()
                        .blocks()
                        .request(new BlockRequest(p, i * UploadWorld.BLOCK, UploadWorld.BLOCK))
                        .subscribe(block -> got.add(block.piece()), error -> got.add(-1));
            }
        }
        peer.interested(false); // which chokes it

        world.pass(60_000);

        assertThat(peer.isUnchoked()).isFalse();
        assertThat(Collections.frequency(got, piece)).isEqualTo(4);
        assertThat(got).hasSize(8).filteredOn(p -> p == -1).hasSizeBetween(2, 4);
    }

    @Test
    void aStrategyOfTheUserDecides() {
        List<Integer> slots = new ArrayList<>();
        world(3, round -> {
            slots.add(round.slots());
            return round.candidates().stream()
                    .sorted(Comparator.comparing((Candidate peer) -> peer.id().toHex()))
                    .toList();
        });
        world.start().peers(8).forEach(peer -> peer.interested(true));
        world.pass(11_000);
        List<Integer> best = List.of(0, 1, 2, 3, 4, 5, 6, 7).stream()
                .sorted(Comparator.comparing(
                        i -> world.peers.get(i).wire().local().peerId().toHex()))
                .toList();

        world.pass(60_000, 1_000, () -> assertThat(world.unchoked()).contains(best.get(0), best.get(1)));
        assertThat(slots).hasSize(8).containsOnly(3);
    }

    @Test
    void aPeerThatTheStrategyLeavesOutGetsOnlyTheOptimisticSlot() {
        world(5, round -> List.of());
        world.start().peers(8).forEach(peer -> peer.interested(true));
        world.pass(11_000);

        world.pass(90_000, 1_000, () -> {
            assertThat(world.unchoked()).hasSize(1);
            world.peers.stream().filter(peer -> !peer.isUnchoked()).forEach(peer -> peer.interested(false)
                    .interested(true));
        });
    }

    @Test
    void aStrategyThatFailsOrInventsPeersEndsNoRound() {
        int[] rounds = {0};
        world(2, round -> {
            if (rounds[0]++ % 2 == 0) {
                throw new IllegalStateException("a bug of the user");
            }
            List<Candidate> twice = new ArrayList<>(round.candidates());
            twice.addAll(round.candidates());
            twice.add(new Candidate(PeerId.random(), false, 0, 0, false));
            return twice;
        });
        world.start().peers(5).forEach(peer -> peer.interested(true));

        world.pass(100_000, 1_000, () -> assertThat(world.unchoked()).hasSize(2));

        assertThat(rounds[0]).isEqualTo(11);
    }

    @Test
    void aFloodOfInterestIsAnsweredOncePerRound() {
        world.start().peers(1);
        Peer flooding = world.peers.get(0);

        for (int i = 0; i < 10_000; i++) {
            flooding.interested(true).interested(false);
        }

        assertThat(flooding.choking).hasSize(2);
        flooding.interested(true);
        world.pass(10_000);
        assertThat(flooding.choking).hasSize(3);
        assertThat(flooding.isUnchoked()).isTrue();
    }

    @Test
    void aFloodOfInterestSchedulesOneTaskWhileTheSwarmIsBusy() {
        world.start();
        Peer flooding = world.peer();
        int[] tasks = new int[1];
        world.loop.schedule(() -> {
            int before = world.loop.pending();
            for (int i = 0; i < 10_000; i++) {
                flooding.interested(true).interested(false);
            }
            tasks[0] = world.loop.pending() - before;
        });

        assertThat(tasks[0]).isEqualTo(1);
    }

    @Test
    void aFullOutboundQueueKeepsTheChokeForLater() {
        world.wireOptions = options -> options.outboundQueue(16);
        world.start();
        Peer deaf = world.peer().interested(true);
        deaf.pair.toInitiator().hold();
        int queued = 0;
        while (deaf.ours().outbound().tryEmit(new Message.Have(queued % 1_000)).isSuccess()) {
            queued++;
        }
        Peer other = world.peer().interested(true);
        world.peer().interested(true);
        deaf.interested(false);
        assertThat(world.unchoked()).containsExactly(0, 1); // two slots, and the choke is not sent yet

        deaf.pair.toInitiator().letGo();
        world.pass(10_000);

        assertThat(world.unchoked()).containsExactly(1, 2);
        assertThat(other.choking).hasSize(1);
    }

    @Test
    void anEndedWireIsNotAnnouncedTo() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        Peer peer = world.peer();
        peer.pair.dispose();

        world.uploads.tell(peer.ours());
        world.uploads.serve(peer.ours()).block();

        assertThat(dropped).isEmpty();
        assertThat(world.uploads.sent()).isZero();
    }

    @Test
    void ourPiecesAreAnnouncedAndOnlyTheyAreServed() {
        world.uploads.offer(PieceSet.of(UploadWorld.SHAPE.pieceCount(), 3, 7), UploadWorld.ZEROES);
        world.start();
        Peer peer = world.peer().interested(true);
        List<Object> answers = new ArrayList<>();

        assertThat(peer.wire().peerPieces().stream()).containsExactly(3, 7);
        peer.wire().blocks().request(new BlockRequest(7, 0, 100)).subscribe(block -> answers.add(block.piece()));
        peer.wire()
                .blocks()
                .request(new BlockRequest(8, 0, 100))
                .subscribe(block -> answers.add(block.piece()), error -> answers.add("refused"));

        assertThat(answers).containsExactly(7, "refused");
    }

    @Test
    void repeatedBlocksAndBytesAreCounted() {
        world.start();
        Peer peer = world.peer().interested(true);
        List<Integer> blocks = List.of(0, 1, 2, 1, 1, 63, 0);
        for (int block : blocks) {
            peer.wire()
                    .blocks()
                    .request(new BlockRequest(999, block * UploadWorld.BLOCK, UploadWorld.BLOCK))
                    .block();
        }
        world.pass(9_000);

        assertThat(world.uploads.repeated(peer.ours())).isEqualTo(3);
        assertThat(peer.ours().stats().payloadOut()).isEqualTo(7L * UploadWorld.BLOCK);
        assertThat(world.uploads.uploadRate(peer.ours())).isEqualTo(7L * UploadWorld.BLOCK / 9);
        peer.pair.dispose();
        assertThat(world.uploads.sent()).isEqualTo(7L * UploadWorld.BLOCK);
        assertThat(world.uploads.repeated(peer.ours())).isZero();
    }

    @Test
    void aStoppedSwarmUnchokesNobody() {
        world.start().peers(1);
        world.uploads.stop();
        world.peers.get(0).interested(true);
        world.peer().interested(true);
        world.pass(60_000);

        assertThat(world.unchoked()).isEmpty();
        assertThat(world.counted.timers).hasValue(0);
    }
}
