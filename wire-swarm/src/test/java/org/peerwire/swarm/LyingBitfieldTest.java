/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.message.Feature;

/** Tests peers that announce pieces that they do not have: what they cost in time and in requests. Attack A-76. */
class LyingBitfieldTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PIECES = 80;
    private static final int BLOCKS = 4;

    /** The time of the honest peer alone is 5.3 s; a stall costs three more. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    private enum Boast {
        SERVES_NOTHING(Answers.silence(), Features.DEFAULT),
        REJECTS(Answers.reject(), Features.DEFAULT),
        SERVES_NOTHING_WITHOUT_FAST(Answers.silence(), Features.DEFAULT.without(Feature.FAST));

        private final Puppet.Answer answer;
        private final Features features;

        Boast(Puppet.Answer answer, Features features) {
            this.answer = answer;
            this.features = features;
        }

        List<Puppet> puppets(World world, int count) {
            List<Puppet> all = new ArrayList<>(world.puppets(count, answer));
            all.forEach(puppet -> puppet.features(features));
            return all;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theyHardlyDelayADownload(Boast boast) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            List<Puppet> boasting = boast.puppets(world, 8);
            List<Puppet> peers = new ArrayList<>(boasting);
            peers.add(world.puppet());
            Collected leech = world.leech(peers.toArray(Puppet[]::new)).start();

            Duration took = leech.await(LIMIT);

            assertThat(took).isLessThan(BOUND);
            assertThat(boasting)
                    .allSatisfy(puppet -> assertThat(puppet.requests).isLessThan(60));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPieceThatOnlyTheyAnnounceIsAskedOfThemEverLessOften(Boast boast) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet boasting = boast.puppets(world, 1).get(0);
            Puppet honest =
                    world.puppet().announces(IntStream.range(0, PIECES - 1).toArray());
            Collected leech = world.leech(boasting, honest).start();

            world.advanceUntil(() -> leech.counts.size() == PIECES - 1, BOUND);
            world.advance(Duration.ofMinutes(10));
            long before = boasting.requests;
            world.advance(Duration.ofMinutes(10));
            assertThat(boasting.requests - before).isLessThan(100);

            Puppet late = world.puppet();
            leech.swarm.add(late.address);
            assertThat(leech.await(LIMIT)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aPeerThatSendsWhatItHasIsAskedForThatToo() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet half = world.puppet()
                    .answer(Answers.when(ask -> ask.block().piece() < PIECES / 2, Answers.serve(), Answers.reject()));
            Puppet other =
                    world.puppet().announces(IntStream.range(PIECES / 2, PIECES).toArray());
            Collected leech = world.leech(half, other).start();

            Duration took = leech.await(LIMIT);

            assertThat(took).isLessThan(BOUND);
        }
    }
}
