/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Features;
import org.peerwire.message.Feature;

/**
 * Tests that hostile peers cannot make a swarm loop: over an hour, what they get from it is bounded.
 * Attacks.
 */
class NoLoopTest {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    /** The maxima of each peer in an hour. */
    private static final int REQUESTS = 600;

    private static final int MESSAGES = 4_000;
    private static final int WIRES = 1_200;

    /** The messages that a wire begins with; a peer that dials again gets them again. */
    private static final int MESSAGES_OF_A_WIRE = 15;

    /** The maximum number of tasks for each peer in half an hour, with its own. */
    private static final int TASKS = 110_000;

    private enum Hostility {
        SILENT {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.silence());
            }
        },
        SILENT_WITHOUT_FAST {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.silence()).features(Features.DEFAULT.without(Feature.FAST));
            }
        },
        LYING {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.lie());
            }
        },
        REJECTING {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.reject());
            }
        },
        FLAPPING {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.silence()).flaps(Duration.ofMillis(100));
            }
        },
        NEVER_UNCHOKING {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.neverUnchokes();
            }
        },
        CUTTING {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.cut());
            }
        },
        CUTTING_AFTER_THE_HANDSHAKE {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.cutsAtOnce();
            }
        },
        COMING_BACK {
            @Override
            void prepare(World world, Puppet puppet) {
                puppet.answer(Answers.cut()).comesBack(Duration.ofSeconds(1));
            }
        };

        abstract void prepare(World world, Puppet puppet);
    }

    @ParameterizedTest
    @EnumSource
    void anHourWithThreeOfAKindIsBounded(Hostility hostility) {
        try (World world = new World(1, 64, 4)) {
            List<Puppet> puppets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Puppet puppet = world.puppet();
                hostility.prepare(world, puppet);
                puppets.add(puppet);
            }
            assertIsBounded(world, puppets);
        }
    }

    @Test
    void anHourWithAllOfThemIsBounded() {
        try (World world = new World(1, 64, 4)) {
            List<Puppet> puppets = new ArrayList<>();
            for (Hostility hostility : Hostility.values()) {
                Puppet puppet = world.puppet();
                hostility.prepare(world, puppet);
                puppets.add(puppet);
            }
            assertIsBounded(world, puppets);
        }
    }

    private static void assertIsBounded(World world, List<Puppet> puppets) {
        Collected leech = world.leech(puppets.toArray(Puppet[]::new)).start();
        puppets.forEach(puppet -> puppet.dial(leech.address));
        long first = tasksOfHalfAnHour(world);
        long second = tasksOfHalfAnHour(world);
        puppets.forEach(puppet -> puppet.comesBack(Duration.ZERO));

        assertThat(puppets).allSatisfy(puppet -> {
            assertThat(puppet.requests).isLessThan(REQUESTS);
            assertThat(puppet.messages).isLessThan(MESSAGES + MESSAGES_OF_A_WIRE * puppet.dials);
            assertThat(puppet.wires - puppet.dials).as("wires of ours").isLessThan(WIRES);
        });
        assertThat(first).isLessThan((long) TASKS * puppets.size());
        assertThat(second).as("work does not grow").isLessThan(first + first / 5);
        assertThat(leech.counts).isEmpty();
        assertThat(leech.error).isNull();
    }

    private static long tasksOfHalfAnHour(World world) {
        long before = world.net.clock().getScheduledTaskCount();
        world.advance(HALF_AN_HOUR);
        return world.net.clock().getScheduledTaskCount() - before;
    }
}
