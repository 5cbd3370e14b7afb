/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm.internal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.swarm.RateLimit;
import org.peerwire.swarm.SwarmOptions;
import org.peerwire.swarm.internal.rate.Rates;
import org.peerwire.swarm.internal.upload.UploadWorld.Peer;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tests the rates of uploads, with real wires under virtual time. */
class UploadRatesTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final Percentage FIVE_PERCENT = Percentage.withPercentage(5);

    private final List<UploadWorld> worlds = new ArrayList<>();

    @AfterEach
    void end() {
        worlds.forEach(UploadWorld::end);
    }

    private UploadWorld world(SwarmOptions.Builder options) {
        return started(new UploadWorld(options.build()));
    }

    private UploadWorld started(UploadWorld world) {
        worlds.add(world);
        return world.start();
    }

    private static SwarmOptions.Builder perWire(long bytesPerSecond) {
        return SwarmOptions.builder().uploadSlots(1_000).uploadPerWire(bytesPerSecond);
    }

    private static SwarmOptions.Builder swarm(RateLimit limit) {
        return SwarmOptions.builder().uploadSlots(1_000).upload(limit);
    }

    private static long got(UploadWorld world) {
        return world.peers.stream().mapToLong(peer -> peer.got).sum();
    }

    /** Returns the bytes that came in the next five seconds. */
    private static long inFiveSeconds(UploadWorld world) {
        long before = got(world);
        world.pass(5_000);
        return got(world) - before;
    }

    @ParameterizedTest
    @ValueSource(longs = {110 * KIB, 500 * KIB, MIB, 10 * MIB})
    void aWireGetsItsRate(long rate) {
        UploadWorld world = world(perWire(rate));
        world.peers(2).forEach(Peer::downloading);

        for (int i = 0; i < 3; i++) {
            long before = world.peers.get(1).got;
            assertThat(inFiveSeconds(world)).isCloseTo(10 * rate, FIVE_PERCENT);
            assertThat(world.peers.get(1).got - before).isCloseTo(5 * rate, FIVE_PERCENT);
        }
    }

    @ParameterizedTest
    @CsvSource({"110, 1", "500, 4", "1024, 20", "10240, 3"})
    void theWiresOfASwarmShareItsRate(long kibPerSecond, int wires) {
        UploadWorld world = world(swarm(RateLimit.of(kibPerSecond * KIB)));
        world.peers(wires).forEach(Peer::downloading);

        for (int i = 0; i < 3; i++) {
            assertThat(inFiveSeconds(world)).isCloseTo(5 * kibPerSecond * KIB, FIVE_PERCENT);
        }
        world.pass(30_000);
        assertThat(world.peers).allSatisfy(peer -> assertThat(peer.got)
                .isCloseTo(45 * kibPerSecond * KIB / wires, Percentage.withPercentage(10)));
    }

    @Test
    void aRateOfLessThanABlockASecondIsExactWithinOneBlock() {
        UploadWorld world = world(swarm(RateLimit.of(10 * KIB)));
        world.peers(3).forEach(Peer::downloading);
        world.pass(5_000);

        world.pass(100_000);

        assertThat(got(world)).isBetween(1_050 * KIB - 16 * KIB, 1_050 * KIB + 17 * KIB);
    }

    @Test
    void theSwarmsOfAHostShareItsRateInTurns() {
        RateLimit host = RateLimit.of(MIB);
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        for (int i = 0; i < 3; i++) {
            UploadWorld world = started(new UploadWorld(UploadWorld.slots(8), Rates.of(host), clock, i));
            world.peers(i + 1).forEach(Peer::downloading);
        }

        for (int i = 0; i < 3; i++) {
            long before = worlds.stream().mapToLong(UploadRatesTest::got).sum();
            worlds.get(0).pass(5_000);
            assertThat(worlds.stream().mapToLong(UploadRatesTest::got).sum() - before)
                    .isCloseTo(5 * MIB, FIVE_PERCENT);
        }
        assertThat(worlds)
                .allSatisfy(world -> assertThat(got(world)).isCloseTo(5 * MIB, Percentage.withPercentage(20)));
    }

    @Test
    void theLowestLimitApplies() {
        SwarmOptions options = perWire(100 * KIB).upload(RateLimit.of(MIB)).build();
        RateLimit host = RateLimit.of(300 * KIB);
        UploadWorld world =
                started(new UploadWorld(options, Rates.of(options.upload(), host), VirtualTimeScheduler.create(), 7));
        world.peers(2).forEach(Peer::downloading);
        world.pass(5_000);
        assertThat(inFiveSeconds(world)).isCloseTo(5 * 200 * KIB, FIVE_PERCENT);

        world.peers(8).forEach(Peer::downloading);
        assertThat(inFiveSeconds(world)).isCloseTo(5 * 300 * KIB, FIVE_PERCENT);
    }

    @Test
    void aPeerThatCancelsAndRequestsAgainOvertakesNobody() {
        UploadWorld world = world(swarm(RateLimit.of(200 * KIB)));
        Peer patient = world.peer().downloading();
        Peer hasty = world.peer().interested(true);
        world.pass(1_000);
        long before = patient.got;

        world.pass(5_000, 1, () -> {
            BlockRequest request = new BlockRequest(1, 0, UploadWorld.BLOCK);
            Disposable waiting = hasty.wire().blocks().request(request).subscribe(block -> {}, error -> {});
            world.clock.advanceTimeBy(Duration.ofNanos(1));
            waiting.dispose();
        });

        assertThat(patient.got - before).isGreaterThan(400 * KIB);
    }

    @Test
    void aSlowWireDoesNotSlowTheOthers() {
        UploadWorld world = world(swarm(RateLimit.of(MIB)));
        world.peer().downloading().pair.toInitiator().bandwidth(10 * KIB);
        world.peers(2).forEach(Peer::downloading);

        world.pass(5_000);

        assertThat(got(world)).isCloseTo(5 * MIB, FIVE_PERCENT);
    }

    @Test
    void oneTimerWakesAllWires() {
        UploadWorld world = world(perWire(50 * KIB).upload(RateLimit.of(MIB)));
        world.peers(40).forEach(Peer::downloading);

        world.pass(10_000);

        assertThat(world.counted.mostTimers).hasValue(2); // one for the rounds
    }

    @Test
    void theTimerRunsOnlyWhileReadsWait() {
        UploadWorld world = world(swarm(RateLimit.of(MIB)));
        world.peer().downloading();
        world.pass(2_000);
        assertThat(world.counted.timers).hasValue(2);

        world.peers.get(0).pair.dispose();
        world.pass(100);

        assertThat(world.counted.timers).hasValue(1);
    }

    @Test
    void withoutALimitNoBlockNeedsTheThreadOfTheSwarm() {
        UploadWorld world = world(swarm(RateLimit.of(Long.MAX_VALUE)));
        Peer peer = world.peer();
        peer.pair.toInitiator().bandwidth(10 * MIB);
        peer.downloading();
        int before = world.counted.tasks.get();

        world.pass(5_000);

        assertThat(peer.got).isGreaterThan(40 * MIB);
        assertThat(world.counted.tasks.get() - before).isZero();
    }

    @Test
    void aRaisedLimitAppliesToThoseThatWait() {
        RateLimit limit = RateLimit.of(1);
        UploadWorld world = world(swarm(limit));
        world.peers(3).forEach(Peer::downloading);
        world.pass(20_000);
        assertThat(got(world)).isEqualTo(UploadWorld.BLOCK);

        limit.change(MIB);
        world.pass(1_000);
        assertThat(inFiveSeconds(world)).isCloseTo(5 * MIB, FIVE_PERCENT);

        limit.change(Long.MAX_VALUE);
        world.peers.forEach(peer -> peer.pair.toInitiator().bandwidth(MIB));
        world.pass(2_000);
        assertThat(inFiveSeconds(world)).isCloseTo(15 * MIB, FIVE_PERCENT);
        assertThat(world.counted.timers).hasValue(1);
    }
}
