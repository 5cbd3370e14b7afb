/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.swarm.internal.upload.UploadWorld.ZEROES;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.peerwire.swarm.ChokeStrategy;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.upload.UploadWorld.Peer;
import reactor.core.publisher.Mono;

/** Tests the rounds of the upload slots, with real wires under virtual time. */
class ChokeRoundsTest {
    private static final int KIB = 1024;

    private UploadWorld world = new UploadWorld(UploadWorld.slots(4));

    @AfterEach
    void end() {
        world.end();
    }

    private void world(SwarmOptions options) {
        world = new UploadWorld(options);
    }

    @Test
    void nobodyIsUnchokedBeforeTheStart() {
        Peer early = world.peer().interested(true);
        world.pass(60_000);
        assertThat(early.choking).isEmpty();

        world.start();

        assertThat(early.isUnchoked()).isTrue();
    }

    @Test
    void atMostTheSlotsAreUnchokedAndAllOfThemAre() {
        world.start().peers(12).forEach(peer -> peer.interested(true));

        world.pass(300_000, 1_000, () -> assertThat(world.unchoked()).hasSize(4));
    }

    @Test
    void withFewerPeersThanSlotsAllAreUnchoked() {
        world.start().peers(4).forEach(peer -> peer.interested(true));

        world.pass(120_000, 1_000, () -> assertThat(world.unchoked()).hasSize(4));

        assertThat(world.peers).allSatisfy(peer -> assertThat(peer.choking).hasSize(1));
    }

    @Test
    void peersWithoutInterestGetNoSlot() {
        world.start().peers(5);
        world.peer().interested(true);

        world.pass(60_000, 1_000, () -> assertThat(world.unchoked()).containsExactly(5));
    }

    @Test
    void thePeersThatGiveMostGetAllSlotsButOne() {
        world.start().peers(10).forEach(peer -> peer.interested(true));
        for (int i = 0; i < 10; i++) {
            world.peers.get(i).giving(i < 3 ? (50 + i) * KIB : (5 + i) * KIB);
        }
        world.pass(21_000);

        world.pass(300_000, 1_000, () -> assertThat(world.unchoked()).hasSize(4).contains(0, 1, 2));
    }

    @Test
    void aPeerThatGivesMoreGetsASlotInTheNextRounds() {
        world.start().peers(8).forEach(peer -> peer.interested(true).giving(20 * KIB));
        world.pass(60_000);

        world.peers.get(7).pair.toResponder().bandwidth(500 * KIB);
        world.pass(21_000);

        world.pass(120_000, 1_000, () -> assertThat(world.unchoked()).contains(7));
    }

    @Test
    void theOptimisticUnchokeChangesEveryThirtySeconds() {
        world.start().peers(10).forEach(peer -> peer.interested(true));
        for (int i = 0; i < 3; i++) {
            world.peers.get(i).giving((50 + i) * KIB);
        }
        world.pass(29_500); // half a second before a third round
        List<Integer> lucky = new ArrayList<>();

        world.pass(600_000, 10_000, () -> lucky.add(world.unchoked().get(3)));

        for (int i = 0; i < lucky.size(); i += 3) {
            assertThat(new TreeSet<>(lucky.subList(i, i + 3))).as("30 seconds").hasSize(1);
        }
        Set<Integer> all = new TreeSet<>(lucky);
        assertThat(all).hasSizeGreaterThan(4).noneMatch(peer -> peer < 3);
        for (int i = 3; i < lucky.size(); i += 3) {
            assertThat(lucky.get(i)).isNotEqualTo(lucky.get(i - 1));
        }
    }

    @Test
    void anOptimisticUnchokeThatEarnsASlotMakesRoomForAnother() {
        world.start().peers(10).forEach(peer -> peer.interested(true));
        for (int i = 0; i < 3; i++) {
            world.peers.get(i).giving((50 + i) * KIB);
        }
        world.pass(31_000);
        int lucky = world.unchoked().get(3);
        world.peers.get(lucky).giving(500 * KIB);

        world.pass(20_000);

        assertThat(world.unchoked()).hasSize(4).contains(lucky, 1, 2).anyMatch(peer -> peer > 2 && peer != lucky);
    }

    @Test
    void aSeedServesThePeersThatTakeMost() {
        world.isSeed = true;
        world.start();
        for (int i = 0; i < 8; i++) {
            Peer peer = world.peer();
            peer.pair.toInitiator().bandwidth(i == 5 || i == 6 || i == 7 ? 40L * KIB : 4 * KIB);
            peer.downloading();
        }
        world.pass(400_000);

        world.pass(120_000, 1_000, () -> assertThat(world.unchoked())
                .contains(5, 6, 7)
                .hasSize(4));
    }

    @Test
    void aPeerThatIsAskedAndSendsNothingForAMinuteSnubsUs() {
        List<Boolean> snubbing = new ArrayList<>();
        ChokeStrategy watching = round -> {
            round.candidates().forEach(peer -> snubbing.add(peer.isSnubbing()));
            return ChokeStrategy.reciprocation().rank(round);
        };
        world(SwarmOptions.builder().uploadSlots(2).choking(watching).build());
        boolean[] silent = {true};
        Peer peer = world.start().peer();
        peer.pair.toResponder().bandwidth(50 * KIB);
        peer.interested(true).answering(request -> silent[0] ? Mono.never() : ZEROES.read(request));
        world.pass(61_000);
        assertThat(snubbing).hasSize(6).containsOnly(false);

        world.pass(20_000);
        assertThat(snubbing.subList(6, 8)).containsOnly(true);

        silent[0] = false;
        world.pass(60_000); // the requests of before time out
        assertThat(snubbing.get(snubbing.size() - 1)).isFalse();
    }

    @Test
    void aSnubbingPeerGetsNoSlotButTheOptimisticOne() {
        world(UploadWorld.slots(3));
        world.start().peers(3).forEach(peer -> peer.interested(true).answering(request -> Mono.never()));
        world.pass(75_000);

        world.pass(60_000, 1_000, () -> assertThat(world.unchoked()).hasSize(1));
    }

    @Test
    void chokeAndUnchokeAlternate() {
        world.start().peers(12).forEach(peer -> peer.interested(true));
        for (int i = 0; i < 60; i++) {
            world.peers.get(i % 12).interested(i % 5 != 0);
            world.pass(7_000);
        }

        for (Peer peer : world.peers) {
            for (int i = 0; i < peer.choking.size(); i++) {
                assertThat(peer.choking.get(i).type().name()).isEqualTo(i % 2 == 0 ? "UNCHOKE" : "CHOKE");
            }
        }
        assertThat(world.peers).anyMatch(peer -> peer.choking.size() > 4);
    }
}
