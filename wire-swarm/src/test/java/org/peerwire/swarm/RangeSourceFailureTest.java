/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources of ranges that fail, lie or say too much, on a virtual clock. */
class RangeSourceFailureTest {
    private static final Duration LIMIT = Duration.ofHours(5);
    private static final int PIECES = 20;
    private static final int BLOCKS = 8;
    private static final int PIECE = BLOCKS * 16 * 1024;

    private static Collected leech(World world, RangeSource... sources) {
        return world.leech(SwarmOptions.builder(), Swarm.of(world.torrent).sources(sources));
    }

    private static SourceStats of(Collected leech, String name) {
        return leech.stats().sources().stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> pauses(ScriptedSource source) {
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < source.times.size(); i++) {
            pauses.add(source.times.get(i) - source.times.get(i - 1));
        }
        return pauses;
    }

    // ---- lies ----

    @Test
    void aLyingSourceIsBannedAndTheDownloadCompletes() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource liar = new ScriptedSource(world, "liar").lying(at -> at % 1_000_000 == 7 ? 1 : 0);
            ScriptedSource honest = new ScriptedSource(world, "honest");
            Collected leech = leech(world, liar, honest).start();

            leech.await(LIMIT);

            assertThat(leech.seen(SwarmEvent.SourceBanned.class))
                    .singleElement()
                    .satisfies(ban -> assertThat(ban.source()).isEqualTo("liar"));
            assertThat(of(leech, "liar").state()).isEqualTo(SourceStats.State.BANNED);
            assertThat(of(leech, "liar").failedPieces()).isPositive();
            assertThat(of(leech, "honest").state()).isEqualTo(SourceStats.State.IDLE);
            int before = liar.reads.size();
            world.advance(Duration.ofMinutes(20));
            assertThat(liar.reads).hasSize(before);
            assertThat(liar.reading).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 64})
    void aSourceIsNotBlamedForTheLiesOfAPeer(int piecesInFlight) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(16_384, Duration.ofMillis(16));
            Puppet liar = world.puppet().answer(Answers.lie());
            Collected leech = world.leech(
                    SwarmOptions.builder().piecesInFlight(piecesInFlight),
                    Swarm.of(world.torrent).peers(liar.address).sources(source));

            leech.start().await(LIMIT);

            assertThat(leech.hasBanned(liar)).isTrue();
            assertThat(leech.seen(SwarmEvent.SourceBanned.class)).isEmpty();
        }
    }

    @Test
    void aSwarmWhoseOnlySourceLiesFailsWithItsName() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource liar = new ScriptedSource(world, "http://liar/").lying(at -> 1);
            SwarmOptions.Builder impatient = SwarmOptions.builder().patience(Patience.of(Duration.ofMinutes(1)));
            Collected leech = world.leech(impatient, Swarm.of(world.torrent).sources(liar));

            leech.start();
            world.advanceUntil(() -> leech.error != null, LIMIT);

            assertThat(leech.error)
                    .hasMessageStartingWith("no peer could be reached within 60 s; "
                            + "the source http://liar/ has failed: it sent piece ");
        }
    }

    // ---- failures ----

    @Test
    void theTimeBetweenFailuresDoublesFromFiveSecondsToTenMinutes() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").failing(range -> new IOException("no"));
            leech(world, source).start();

            world.advance(Duration.ofMinutes(45));

            assertThat(pauses(source))
                    .startsWith(5_000L, 10_000L, 20_000L, 40_000L, 80_000L, 160_000L, 320_000L, 600_000L, 600_000L);
        }
    }

    @Test
    void aBusySourceIsAskedAgainWhenItWants() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed")
                    .failing(range -> world.now() < 90_000 ? busy(Duration.ofSeconds(100)) : null);
            Collected leech = leech(world, source).start();

            leech.await(LIMIT);

            assertThat(source.times.get(1) - source.times.get(0)).isEqualTo(100_000);
            assertThat(leech.seen(SwarmEvent.SourceFailed.class))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.retry()).isEqualTo(Duration.ofSeconds(100)));
        }
    }

    @Test
    void aSourceThatIsBusyForEverIsAskedEachHour() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source =
                    new ScriptedSource(world, "seed").failing(range -> busy(Duration.ofSeconds(Long.MAX_VALUE)));
            leech(world, source).start();

            world.advance(Duration.ofMinutes(150));

            assertThat(pauses(source)).containsExactly(3_600_000L, 3_600_000L);
        }
    }

    private static SourceException busy(Duration time) {
        return new SourceException(SourceException.Reason.BUSY, "busy", time);
    }

    @Test
    void aSourceWithoutTheFileIsGivenUp() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed")
                    .failing(range -> new SourceException(SourceException.Reason.GONE, "404"));
            Collected leech = leech(world, source).start();

            world.advance(Duration.ofHours(3));

            assertThat(source.reads).hasSize(1);
            assertThat(of(leech, "seed").state()).isEqualTo(SourceStats.State.GIVEN_UP);
            assertThat(leech.seen(SwarmEvent.SourceFailed.class))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.retry()).isNull());
        }
    }

    @Test
    void aReadThatEndsEarlyIsRepeatedLater() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").cut(3 * PIECE);
            Collected leech = leech(world, source).start();

            leech.await(LIMIT);

            assertThat(leech.seen(SwarmEvent.SourceFailed.class)).isNotEmpty().allSatisfy(failure -> assertThat(
                            failure.reason())
                    .matches("sent 393216 of the \\d+ bytes of the range"));
            assertThat(leech.seen(SwarmEvent.SourceFailed.class))
                    .extracting(SwarmEvent.SourceFailed::retry)
                    .containsOnly(Duration.ofSeconds(5)); // it sends something each time
        }
    }

    @Test
    void aReadThatSendsTooMuchFails() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").more(1).sending(50_000, Duration.ofMillis(1));
            Collected leech = leech(world, source).start();

            world.advanceUntil(() -> !leech.seen(SwarmEvent.SourceFailed.class).isEmpty(), LIMIT);

            assertThat(leech.seen(SwarmEvent.SourceFailed.class).get(0).reason())
                    .matches("sent more than the \\d+ bytes of the range");
        }
    }

    @Test
    void aSilentSourceFailsAfterTwentySeconds() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(1, Duration.ofSeconds(9));
            Collected leech = leech(world, source).start();

            Duration took = world.advanceUntil(
                    () -> !leech.seen(SwarmEvent.SourceFailed.class).isEmpty(), LIMIT);

            assertThat(took).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(22));
            assertThat(leech.seen(SwarmEvent.SourceFailed.class).get(0).reason())
                    .isEqualTo("sent no block of 16 KiB for 20 s");
            assertThat(source.reading).isZero();
        }
    }
}
