/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadRatesTest {
    private static final long KIB = 1024;
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
    private static final Percentage EXACT = Percentage.withPercentage(5);

    private static List<InetSocketAddress> puppets(World world, int count) {
        return world.puppets(count, Answers.serve()).stream()
                .map(puppet -> puppet.address)
                .toList();
    }

    private static long received(Collected leech) {
        return leech.stats().received();
    }

    /** Asserts that two times of five seconds in a row have the rate. */
    private static void assertRate(World world, long perSecond, Collected... leeches) {
        for (int i = 0; i < 2; i++) {
            long before = List.of(leeches).stream()
                    .mapToLong(DownloadRatesTest::received)
                    .sum();
            world.advance(FIVE_SECONDS);
            long after = List.of(leeches).stream()
                    .mapToLong(DownloadRatesTest::received)
                    .sum();
            assertThat(after - before).as("bytes in five seconds").isCloseTo(5 * perSecond, EXACT);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {50, 200, 600})
    void eachWireGetsItsRate(long kibPerSecond) {
        try (World world = new World(1, 800, 2)) {
            long rate = kibPerSecond * KIB;
            Collected leech = world.leech(SwarmOptions.builder().downloadPerWire(rate), puppets(world, 3))
                    .start();
            world.advance(Duration.ofSeconds(3));

            List<Long> before = new ArrayList<>();
            leech.stats().peers().forEach(peer -> before.add(peer.received()));
            world.advance(FIVE_SECONDS);

            List<PeerStats> after = leech.stats().peers();
            assertThat(after).hasSize(3);
            for (int i = 0; i < 3; i++) {
                long bytes = after.get(i).received() - before.get(i);
                assertThat(bytes).as("bytes of a wire in five seconds").isCloseTo(5 * rate, EXACT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 1", "100, 20", "1000, 3", "1000, 20"})
    void theWiresOfASwarmShareItsRate(long kibPerSecond, int wires) {
        try (World world = new World(2, 500, 4)) {
            RateLimit limit = RateLimit.of(kibPerSecond * KIB);
            Collected leech = world.leech(SwarmOptions.builder().download(limit), puppets(world, wires))
                    .start();
            world.advance(Duration.ofSeconds(3));

            assertRate(world, kibPerSecond * KIB, leech);
        }
    }

    @Test
    void theSwarmsOfAHostShareItsRate() {
        try (World first = new World(3, 400, 4);
                World second = first.another(401, 4)) {
            World.Machine host = first.machine(RateLimit.of(500 * KIB));
            Collected one =
                    first.leech(host, SwarmOptions.builder(), puppets(first, 1)).start();
            Collected other = second.leech(host, SwarmOptions.builder(), puppets(second, 1))
                    .start();
            first.advance(Duration.ofSeconds(3));

            assertRate(first, 500 * KIB, one, other);
            assertThat(received(one)).isCloseTo(received(other), Percentage.withPercentage(20));
        }
    }

    @Test
    void theLowestLimitApplies() {
        try (World world = new World(4, 400, 4)) {
            World.Machine host = world.machine(RateLimit.of(300 * KIB));
            Collected leech = world.leech(
                            host, SwarmOptions.builder().download(RateLimit.of(900 * KIB)), puppets(world, 2))
                    .start();
            world.advance(Duration.ofSeconds(3));

            assertRate(world, 300 * KIB, leech);
        }
    }

    @Test
    void aRaisedLimitAppliesToThoseThatWait() {
        try (World world = new World(5, 400, 4)) {
            RateLimit limit = RateLimit.of(KIB);
            Collected leech = world.leech(SwarmOptions.builder().download(limit), puppets(world, 3))
                    .start();
            world.advance(Duration.ofSeconds(10));
            assertThat(received(leech)).isLessThan(64 * KIB);

            limit.change(800 * KIB);

            world.advance(Duration.ofSeconds(1));
            assertRate(world, 800 * KIB, leech);
        }
    }

    @Test
    void aLimitKeepsTheDemandOfTheSubscriber() {
        try (World world = new World(6, 100, 4)) {
            SwarmOptions.Builder options =
                    SwarmOptions.builder().piecesInFlight(4).download(RateLimit.of(500 * KIB));
            Collected leech = world.leech(options, puppets(world, 3)).start(PieceOrder.rarestFirst(), 1);

            world.advance(Duration.ofSeconds(30));

            assertThat(leech.counts).hasSize(1);
            assertThat(leech.stats().held()).isLessThanOrEqualTo(4);
            assertThat(received(leech)).isLessThanOrEqualTo(5L * world.torrent.pieceLength());
        }
    }
}
