/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.BlockRequest;

/**
 * Tests that the last blocks are asked of everybody and cancelled when they come, so that nobody holds a download.
 * Attack A-79.
 */
class EndgameTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int BLOCKS = 4;

    @Test
    void theLastBlocksAreAskedOfEverybody() {
        try (World world = new World(1, 1, BLOCKS)) {
            List<Puppet> peers = world.puppets(5, Answers.silence());
            Collected leech = world.leech(peers.toArray(Puppet[]::new)).start();

            world.advance(Duration.ofSeconds(1));

            assertThat(peers).allSatisfy(peer -> {
                assertThat(peer.requested).hasSize(BLOCKS);
                assertThat(peer.requested.values()).containsOnly(1);
            });
            leech.cancel();
        }
    }

    @Test
    void aBlockThatComesIsCancelledWithAllOthers() {
        try (World world = new World(1, 1, BLOCKS)) {
            List<Puppet> slow = world.puppets(4, Answers.after(Duration.ofSeconds(2)));
            Puppet first = world.puppet().answer(Answers.after(Duration.ofSeconds(1)));
            List<Puppet> all = new ArrayList<>(slow);
            all.add(first);
            Collected leech = world.leech(all.toArray(Puppet[]::new)).start();

            Duration took = leech.await(LIMIT);
            world.advance(Duration.ofSeconds(10));

            assertThat(took).isLessThan(Duration.ofMillis(1_500));
            assertThat(first.cancels).isZero();
            assertThat(slow).allSatisfy(peer -> {
                assertThat(peer.cancelled).hasSize(BLOCKS);
                assertThat(peer.cancels).isEqualTo(BLOCKS);
                assertThat(peer.served).isZero();
            });
            assertThat(leech.stats().wasted()).isZero();
        }
    }

    /** With two pieces in memory, a peer often has nothing to do. */
    @ParameterizedTest
    @ValueSource(ints = {2, 64})
    void beforeTheEndNoBlockIsAskedTwice(int piecesInFlight) {
        try (World world = new World(1, 100, BLOCKS)) {
            List<Puppet> peers = world.puppets(4, Answers.serve());
            Collected leech = world.leech(
                            SwarmOptions.builder().piecesInFlight(piecesInFlight),
                            peers.stream().map(peer -> peer.address).toList())
                    .start();

            world.advanceUntil(() -> leech.counts.size() == 60, LIMIT);

            assertThat(peers.stream().mapToInt(peer -> peer.requested.size()).sum())
                    .isEqualTo(distinct(peers))
                    .isEqualTo(
                            peers.stream().mapToInt(peer -> (int) peer.requests).sum());
            leech.await(LIMIT);
            assertThat(leech.stats().wasted()).isLessThan(4 * 4 * BlockRequest.BLOCK_LENGTH);
        }
    }

    private static int distinct(List<Puppet> peers) {
        return (int) peers.stream()
                .flatMap(peer -> peer.requested.keySet().stream())
                .distinct()
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void peersThatNeverSendTheirLastBlockDoNotHoldTheDownload(int holding) {
        try (World world = new World(1, 40, BLOCKS)) {
            List<Puppet> peers = world.puppets(holding, Answers.allButTheLast());
            peers.add(world.puppet());
            Collected leech = world.leech(peers.toArray(Puppet[]::new)).start();

            Duration took = leech.await(LIMIT);

            assertThat(took).isLessThan(Duration.ofSeconds(7)); // alone 2.7 s
        }
    }

    /** A peer that sends a block every 2.9 seconds never stalls. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void peersThatTrickleDoNotHoldTheDownload(int trickling) {
        try (World world = new World(1, 40, BLOCKS)) {
            List<Puppet> peers = world.puppets(trickling, Answers.oneEach(Duration.ofMillis(2_900)));
            peers.add(world.puppet());
            Collected leech = world.leech(peers.toArray(Puppet[]::new)).start();

            Duration took = leech.await(LIMIT);

            assertThat(took).isLessThan(Duration.ofSeconds(7));
        }
    }

    /** Each answer takes longer than the one before, so that the peer is known as slow. */
    @Test
    void aPeerThatBecomesEverSlowerDoesNotKeepItsBlocks() {
        try (World world = new World(1, 400, BLOCKS)) {
            Puppet slow = world.puppet();
            slow.answer(Answers.oneEach(ask -> Duration.ofSeconds(2).multipliedBy(ask.number())));
            Collected leech = world.leech(slow).start();
            world.advanceUntil(() -> slow.served == 9, LIMIT);
            List<BlockRequest> outstanding = List.copyOf(slow.waiting);
            Puppet other = world.puppet(); // has 26 s of other work
            leech.swarm.add(other.address);

            Duration took = world.advanceUntil(() -> other.requested.keySet().containsAll(outstanding), LIMIT);

            assertThat(outstanding).isNotEmpty();
            assertThat(took).as("they were free already").isLessThan(Duration.ofSeconds(2));
        }
    }
}
