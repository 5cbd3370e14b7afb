/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A swarm with sources of ranges, on a virtual clock. */
class RangeSourceTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PIECES = 40;
    private static final int BLOCKS = 8;
    private static final int PIECE = BLOCKS * 16 * 1024;

    private static Collected leech(World world, SwarmOptions.Builder options, RangeSource... sources) {
        return world.leech(options, Swarm.of(world.torrent).sources(sources));
    }

    private static Collected leech(World world, RangeSource... sources) {
        return leech(world, SwarmOptions.builder(), sources);
    }

    private static SourceStats only(Collected leech) {
        List<SourceStats> all = leech.stats().sources();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    // ---- without peers ----

    @Test
    void aSwarmWithoutPeersDownloadsFromASource() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed");
            SwarmOptions.Builder impatient = SwarmOptions.builder().patience(Patience.of(Duration.ofSeconds(1)));
            Collected leech = leech(world, impatient, source).start();

            leech.await(LIMIT);

            SourceStats stats = only(leech);
            assertThat(stats.received()).isEqualTo(world.content.length);
            assertThat(stats.wasted()).isZero();
            assertThat(stats.failures()).isZero();
            assertThat(stats.state()).isEqualTo(SourceStats.State.IDLE);
            assertThat(stats.reads()).isEqualTo(source.reads.size());
            assertThat(leech.seen(SwarmEvent.SourceConnected.class))
                    .containsExactly(new SwarmEvent.SourceConnected("seed"));
            assertThat(source.reading).isZero();
        }
    }

    @Test
    void neighbouringPiecesAreOneRead() {
        try (World world = new World(1, 128, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed");
            Collected leech = leech(world, source).start();

            leech.await(LIMIT);

            assertThat(source.reads).allSatisfy(range -> {
                assertThat(range.offset() % PIECE).isZero();
                assertThat(range.length() % PIECE).isZero();
                assertThat(range.length()).isLessThanOrEqualTo(4 * 1024 * 1024);
            });
            assertThat(source.reads).hasSizeLessThan(30); // of 128 pieces
            assertThat(source.most).isEqualTo(2);
        }
    }

    @Test
    void aSequentialDownloadReadsInOrder() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed");
            Collected leech = leech(world, source).start(PieceOrder.sequential(8), Long.MAX_VALUE);

            leech.await(LIMIT);

            assertThat(source.reads).extracting(RangeSource.Range::offset).isSorted();
        }
    }

    // ---- the demand ----

    @Test
    void nothingIsReadWithoutDemand() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed");
            SwarmOptions.Builder impatient = SwarmOptions.builder()
                    .patience(Patience.of(Duration.ofSeconds(1)).withProgress(LIMIT));
            Collected leech = leech(world, impatient, source).start(PieceOrder.rarestFirst(), 0);

            world.advance(Duration.ofSeconds(30));
            assertThat(source.reads).isEmpty();
            leech.request(1);
            world.advanceUntil(() -> leech.counts.size() == 1, LIMIT);
            world.advance(Duration.ofSeconds(1));
            long requested = source.requested;
            world.advance(Duration.ofMinutes(3));

            assertThat(source.requested).isEqualTo(requested);
            assertThat(source.sent * 10_000L).isLessThanOrEqualTo(2L * PIECE + 8 * 10_000);
            assertThat(leech.error).isNull();
            assertThat(only(leech).failures()).isZero(); // a source that we do not read is not late
            leech.request(Long.MAX_VALUE);
            leech.await(LIMIT);
            assertThat(only(leech).failures()).isZero();
        }
    }

    @Test
    void thePiecesInMemoryAreLimited() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed");
            Collected leech = leech(world, SwarmOptions.builder().piecesInFlight(3), source)
                    .start(PieceOrder.rarestFirst(), 1);
            int[] most = {0};

            world.advanceUntil(
                    () -> {
                        most[0] = Math.max(most[0], leech.stats().held());
                        leech.request(1);
                        return leech.complete;
                    },
                    LIMIT);

            assertThat(leech.counts).hasSize(PIECES);
            assertThat(most[0]).isBetween(1, 3);
        }
    }

    @Test
    void aCancelledSubscriptionEndsTheReads() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(1_000, Duration.ofMillis(10));
            Collected leech = leech(world, source).start();
            world.advance(Duration.ofSeconds(1));
            assertThat(source.reading).isEqualTo(2);

            leech.cancel();
            world.advance(Duration.ofSeconds(1));

            assertThat(source.reading).isZero();
            assertThat(source.cancelled).isEqualTo(2);
        }
    }

    @Test
    void theEndOfASwarmEndsTheReads() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(1_000, Duration.ofMillis(10));
            Collected leech = leech(world, source).start();
            world.advance(Duration.ofSeconds(1));

            leech.swarm.dispose();
            world.advance(Duration.ofSeconds(1));

            assertThat(source.reading).isZero();
        }
    }

    // ---- with others ----

    @Test
    void aSourceIsUsedBesidePeers() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(16_384, Duration.ofMillis(16));
            Puppet puppet = world.puppet();
            Collected leech = world.leech(
                    SwarmOptions.builder(),
                    Swarm.of(world.torrent).peers(puppet.address).sources(source));

            leech.start().await(LIMIT);

            assertThat(only(leech).received()).isBetween(10L * PIECE, 30L * PIECE);
            assertThat(leech.of(puppet).received()).isBetween(10L * PIECE, 30L * PIECE);
            assertThat(leech.stats().wasted()).isLessThan(2L * PIECE);
        }
    }

    @Test
    void aSourceThatSendsNothingDelaysADownloadLittle() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(1, Duration.ofHours(1));
            Puppet puppet = world.puppet();
            Collected leech = world.leech(
                    SwarmOptions.builder(),
                    Swarm.of(world.torrent).peers(puppet.address).sources(source));

            Duration took = leech.start().await(LIMIT);

            assertThat(took).isLessThan(Duration.ofSeconds(30));
            assertThat(leech.of(puppet).received()).isEqualTo(world.content.length);
        }
    }

    @Test
    void theRateOfTheSwarmLimitsSources() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            ScriptedSource source = new ScriptedSource(world, "seed").sending(8_192, Duration.ofMillis(1));
            int rate = 512 * 1024;
            Collected leech = leech(world, SwarmOptions.builder().download(RateLimit.of(rate)), source)
                    .start();

            Duration took = leech.await(LIMIT);

            double expected = 1000.0 * world.content.length / rate;
            assertThat(took.toMillis()).isBetween((long) (0.95 * expected), (long) (1.1 * expected));
        }
    }

    @Test
    void twoSourcesShareTheWork() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            List<ScriptedSource> all = IntStream.range(0, 2)
                    .mapToObj(i -> new ScriptedSource(world, "seed" + i).sending(16_384, Duration.ofMillis(16)))
                    .toList();
            Collected leech = leech(world, all.toArray(RangeSource[]::new)).start();

            leech.await(LIMIT);

            assertThat(leech.stats().sources())
                    .extracting(SourceStats::received)
                    .allSatisfy(bytes -> assertThat(bytes).isGreaterThan(10L * PIECE));
        }
    }
}
