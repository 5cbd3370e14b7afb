/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.message.BlockRequest;

/** Tests the world of the hostile peers: that its puppets do as they are told, and that its seed repeats a run. */
class WorldTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void aSwarmDownloadsFromASwarmAndAPuppet() {
        try (World world = new World(1, 8, 4)) {
            Puppet puppet = world.puppet();
            Collected leech = world.leech(List.of(puppet.address, world.seed())).start();

            Duration took = leech.await(LIMIT);

            assertThat(took).isLessThan(Duration.ofSeconds(3));
            assertThat(puppet.served).isBetween(1L, 31L);
            assertThat(leech.stats().pieces()).isEqualTo(8);
            assertThat(leech.of(puppet).received()).isGreaterThanOrEqualTo(BlockRequest.BLOCK_LENGTH);
        }
    }

    @Test
    void aPuppetLiesRejectsIsSilentAndCuts() {
        try (World world = new World(1, 8, 4)) {
            Puppet liar = world.puppet().answer(Answers.lie());
            Puppet silent = world.puppet().answer(Answers.silence());
            Puppet refusing = world.puppet().answer(Answers.reject());
            Puppet cutting = world.puppet().answer(Answers.cut());
            Collected leech =
                    world.leech(liar, silent, refusing, cutting, world.puppet()).start();

            leech.await(LIMIT);

            assertThat(leech.hasBanned(liar)).isTrue();
            assertThat(leech.of(silent).received()).isZero();
            assertThat(leech.of(refusing).refusals()).isPositive();
            assertThat(cutting.wires).isPositive();
            assertThat(cutting.open()).isZero();
        }
    }

    @Test
    void aPuppetWithoutThePiecesItAnnouncesIsAskedForThem() {
        try (World world = new World(1, 4, 2)) {
            Puppet puppet = world.puppet().announces(1, 3).answer(Answers.silence());
            world.leech(puppet).start();

            world.advance(Duration.ofSeconds(1));

            assertThat(puppet.requested.keySet()).isNotEmpty().allSatisfy(block -> assertThat(block.piece())
                    .isIn(1, 3));
        }
    }

    @Test
    void theSameSeedRepeatsARun() {
        List<Long> traces = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (World world = new World(7, 8, 4)) {
                List<Puppet> puppets = world.puppets(3, Answers.lieAbout(piece -> piece == 2));
                puppets.add(world.puppet());
                world.leech(puppets.toArray(Puppet[]::new)).start().await(LIMIT);
                traces.add(world.net.trace());
            }
        }

        assertThat(traces.get(0)).isEqualTo(traces.get(1));
    }
}
