/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.PayloadMode;
import org.peerwire.message.BlockRequest;

/** The demand of a subscriber of pieces reaches every wire: no demand, no request. */
class DemandTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int PIECES = 24;
    private static final int BLOCKS = 4;
    private static final int IN_FLIGHT = 3;

    private final World world = new World(1, PIECES, BLOCKS);
    private final List<Puppet> puppets = world.puppets(3, Answers.serve());
    private final Collected leech = world.leech(
            SwarmOptions.builder().payload(PayloadMode.POOLED).piecesInFlight(IN_FLIGHT),
            puppets.stream().map(puppet -> puppet.address).toList());

    @AfterEach
    void endWorld() {
        world.close();
    }

    private long requests() {
        return puppets.stream().mapToLong(puppet -> puppet.requests).sum();
    }

    /** Returns the number of blocks that were requested, from one peer or several. */
    private long blocks() {
        return puppets.stream()
                .flatMap(puppet -> puppet.requested.keySet().stream())
                .distinct()
                .count();
    }

    private int emitted() {
        return leech.counts.size();
    }

    @Test
    void aSubscriberWithoutDemandAsksForNothing() {
        leech.start(PieceOrder.rarestFirst(), 0);

        world.advance(MINUTE);

        assertThat(requests()).isZero();
        assertThat(leech.stats().wires()).isEqualTo(3);
        assertThat(leech.stats().held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, PIECES - 1})
    void aDemandIsMetExactlyAndThenEveryWireStops(int demand) {
        leech.start(PieceOrder.rarestFirst(), demand);
        world.advanceUntil(() -> emitted() == demand, LIMIT);
        world.advance(Duration.ofSeconds(1)); // for what is on its way
        long asked = requests();

        world.advance(MINUTE);

        assertThat(emitted()).isEqualTo(demand);
        assertThat(leech.counts.values()).allMatch(count -> count == 1);
        assertThat(requests()).as("requests of a minute without demand").isEqualTo(asked);
        assertThat(blocks()).isLessThanOrEqualTo((long) (demand + IN_FLIGHT) * BLOCKS);
        assertThat(leech.stats().held()).isLessThanOrEqualTo(IN_FLIGHT);
        assertThat(leech.complete).isFalse();
    }

    @Test
    void furtherDemandGoesOnWhereTheLastEnded() {
        leech.start(PieceOrder.sequential(4), 0);

        for (int taken = 1; taken <= PIECES; taken++) {
            int expected = taken;
            leech.request(1);
            world.advanceUntil(() -> emitted() == expected, LIMIT);
            world.advance(Duration.ofSeconds(2));
            assertThat(emitted()).isEqualTo(expected);
        }

        world.advanceUntil(() -> leech.complete, LIMIT);
        assertThat(leech.wrong).isEmpty();
        assertThat(leech.stats().received()).isEqualTo(world.content.length);
    }

    @Test
    void aCancellationInTheMiddleWithdrawsTheRequestsAndFreesTheBuffers() {
        leech.start();
        world.advanceUntil(() -> emitted() >= 2, LIMIT);
        int taken = emitted();
        long received = leech.stats().received();

        leech.cancel();
        world.advance(Duration.ofMillis(100));
        long asked = requests();
        world.advance(MINUTE);

        assertThat(asked * BlockRequest.BLOCK_LENGTH)
                .as("bytes of requests at the cancellation")
                .isGreaterThan(received);
        assertThat(puppets.stream().mapToLong(puppet -> puppet.cancels).sum()).isPositive();
        assertThat(requests()).isEqualTo(asked);
        assertThat(emitted()).isEqualTo(taken);
        assertThat(leech.stats().held()).isZero();
        assertThat(leech.stats().wires()).as("the wires stay for others").isEqualTo(3);
    }

    @Test
    void aSwarmThatIsDisposedAtTheCancellationEndsItsWires() {
        leech.start();
        world.advanceUntil(() -> emitted() >= 2, LIMIT);

        leech.cancel();
        leech.swarm.dispose();
        world.advance(Duration.ofSeconds(1));

        assertThat(puppets).allSatisfy(puppet -> assertThat(puppet.open()).isZero());
        assertThat(world.net.connections(leech.address)).isZero();
        assertThat(leech.stats().held()).isZero();
    }
}
