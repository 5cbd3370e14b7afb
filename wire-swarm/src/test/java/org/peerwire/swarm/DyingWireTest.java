/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.peerwire.PayloadMode;

/**
 * A download whose first peer dies, at each millisecond from the dial to the last block, while another serves. Each step of
 * a wire is met by one of these times, which the tests check. Attack A-83.
 */
class DyingWireTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PIECES = 6;
    private static final int BLOCKS = 2;

    /** The last step that a wire to the dying peer has reached. */
    private enum Step {
        DIALLING,
        CONNECTED,
        HANDSHAKE,
        BITFIELD,
        REQUESTED,
        IN_BLOCK,
        LAST_BLOCK
    }

    /** Ends a peer. */
    private interface Death {
        void of(Puppet puppet, World world);
    }

    private static Step step(World world, Collected leech, Puppet puppet) {
        if (leech.complete) {
            return Step.LAST_BLOCK;
        }
        if (world.net.connections(puppet.address) == 0) {
            return Step.DIALLING;
        }
        if (leech.seen(SwarmEvent.Connected.class).stream()
                .noneMatch(open -> open.id().equals(puppet.id))) {
            return Step.CONNECTED;
        }
        PeerStats facts = leech.of(puppet);
        if (facts.announced() == 0) {
            return Step.HANDSHAKE;
        }
        if (facts.received() > 0) {
            return Step.IN_BLOCK;
        }
        if (puppet.requests > 0) {
            return Step.REQUESTED;
        }
        return Step.BITFIELD;
    }

    /** Downloads while a peer dies at a time. Returns the step at which it died. */
    private static Step run(int millis, Death death, Duration after) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet dying = world.puppet().hesitates(Duration.ofMillis(3));
            Puppet honest = world.puppet();
            Collected leech = world.leech(
                            SwarmOptions.builder().payload(PayloadMode.POOLED), List.of(dying.address, honest.address))
                    .start();
            world.advance(Duration.ofMillis(millis));
            Step step = step(world, leech, dying);

            death.of(dying, world);
            leech.await(LIMIT);
            world.advance(after);

            SwarmStats stats = leech.stats();
            assertThat(stats.held()).as("held").isZero();
            assertThat(stats.wires()).as("wires").isOne();
            assertThat(stats.peers().stream().filter(PeerStats::isConnected).map(PeerStats::id))
                    .as("connected")
                    .containsExactly(honest.id);
            assertThat(stats.received()).isEqualTo(world.content.length);
            assertThat(dying.open()).as("wires of the dead").isZero();
            return step;
        }
    }

    private static Set<Step> sweep(int everyMillis, Death death, Duration after) {
        Set<Step> steps = EnumSet.noneOf(Step.class);
        for (int millis = 0; millis <= 140; millis += everyMillis) {
            steps.add(run(millis, death, after));
        }
        return steps;
    }

    @Test
    void aPeerThatIsResetAtAnyMomentIsReplaced() {
        Set<Step> steps = sweep(1, (puppet, world) -> world.net.cut(puppet.address), Duration.ofSeconds(1));

        assertThat(steps).containsExactlyInAnyOrder(Step.values());
    }

    /** A silent wire ends after 150 s, the limit of the wire. */
    @Test
    void aPeerThatFallsSilentAtAnyMomentIsReplaced() {
        Set<Step> steps = sweep(7, (puppet, world) -> world.net.silence(puppet.address), Duration.ofSeconds(180));

        assertThat(steps).hasSizeGreaterThan(4);
    }
}
