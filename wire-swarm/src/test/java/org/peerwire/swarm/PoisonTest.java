/* SPDX-License-Identifier: MIT */
package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.message.BlockRequest;
import org.peerwire.test.HostLink;
import reactor.core.publisher.Mono;

/**
 * Tests a swarm whose peers send wrong bytes: every liar is found, nobody else, and a lie costs a bounded part.
 * Attack A-77.
 */
class PoisonTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PIECES = 40;
    private static final int BLOCKS = 8;
    private static final int BLOCK = BlockRequest.BLOCK_LENGTH;
    private static final int PIECE = BLOCKS * BLOCK;

    /** A way to lie, and its name. */
    private enum Lie {
        EVERYWHERE {
            @Override
            Puppet.Answer answer() {
                return Answers.lie();
            }
        },
        IN_ONE_BLOCK_OF_EACH_PIECE {
            @Override
            Puppet.Answer answer() {
                return Answers.when(ask -> ask.block().offset() == 3 * BLOCK, Answers.lie(), Answers.serve());
            }
        },
        IN_HALF_OF_THE_PIECES {
            @Override
            Puppet.Answer answer() {
                return Answers.lieAbout(piece -> piece % 2 == 0);
            }
        };

        abstract Puppet.Answer answer();
    }

    static Stream<Arguments> liarsAmongPeers() {
        List<Arguments> all = new ArrayList<>();
        for (int peers : List.of(4, 6)) {
            for (int liars = 1; liars < peers; liars++) {
                for (Lie lie : Lie.values()) {
                    all.add(Arguments.of(liars, peers, lie, 2));
                    all.add(Arguments.of(liars, peers, lie, 64));
                }
            }
        }
        return all.stream();
    }

    private static SwarmOptions.Builder options(int piecesInFlight) {
        return SwarmOptions.builder().piecesInFlight(piecesInFlight);
    }

    private static List<InetSocketAddress> addresses(List<Puppet> first, List<Puppet> second) {
        return Stream.concat(first.stream(), second.stream())
                .map(peer -> peer.address)
                .toList();
    }

    // ---- all of them, and nobody else ----

    /** With two pieces in memory, almost all pieces have several senders. */
    @ParameterizedTest(name = "{0} of {1} lie {2}, {3} pieces in flight")
    @MethodSource("liarsAmongPeers")
    void everyLiarIsBannedAndNobodyElse(int liars, int peers, Lie lie, int piecesInFlight) {
        try (World world = new World(liars, PIECES, BLOCKS)) {
            List<Puppet> lying = world.puppets(liars, lie.answer());
            List<Puppet> honest = world.puppets(peers - liars, Answers.serve());
            Collected leech = world.leech(options(piecesInFlight), addresses(lying, honest))
                    .start();

            leech.await(LIMIT);

            assertThat(lying).allSatisfy(liar -> assertIsProven(leech, liar));
            assertThat(honest).allSatisfy(peer -> assertIsTrusted(leech, peer));
            assertThat(leech.stats().wasted()).isLessThanOrEqualTo((2L * liars + 2) * PIECE);
            assertThat(failuresAfterTheBan(leech)).isEmpty();
        }
    }

    private static void assertIsProven(Collected leech, Puppet liar) {
        assertThat(leech.hasBanned(liar)).isTrue();
        assertThat(leech.of(liar).proof()).isNotNull();
        assertThat(leech.of(liar).isConnected()).isFalse();
        assertThat(leech.of(liar).failedPieces()).isPositive();
        assertThat(liar.open()).isZero();
    }

    private static void assertIsTrusted(Collected leech, Puppet peer) {
        assertThat(leech.hasBanned(peer)).isFalse();
        assertThat(leech.of(peer).proof()).isNull();
        assertThat(leech.of(peer).isConnected()).isTrue();
        assertThat(leech.of(peer).received()).isPositive();
        assertThat(peer.wires).isOne();
    }

    /** Returns the failures of pieces with a block of a peer that was banned before. */
    private static List<SwarmEvent> failuresAfterTheBan(Collected leech) {
        Set<InetSocketAddress> banned = new HashSet<>();
        List<SwarmEvent> failures = new ArrayList<>();
        for (SwarmEvent event : leech.events) {
            if (event instanceof SwarmEvent.Banned ban) {
                banned.add(ban.peer());
            } else if (event instanceof SwarmEvent.PieceFailed failed
                    && failed.senders().stream().anyMatch(banned::contains)) {
                failures.add(event);
            }
        }
        return failures;
    }

    // ---- one sender ----

    @Test
    void theOnlySenderOfAWrongPieceIsBannedAtOnce() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet liar = world.puppet().answer(Answers.lie());
            Collected leech = world.leech(liar).start();

            world.advanceUntil(() -> leech.seen(SwarmEvent.PieceFailed.class).size() > 0, LIMIT);
            world.advance(Duration.ofMillis(50));
            assertIsProven(leech, liar);
            long requests = liar.requests;
            world.advance(Duration.ofMinutes(5));

            assertThat(leech.seen(SwarmEvent.PieceFailed.class)).hasSize(1);
            assertThat(leech.stats().wasted()).isEqualTo(PIECE);
            assertThat(liar.requests - requests).as("requests on their way").isLessThan(2 * BLOCKS);
            assertThat(liar.wires).isOne();
        }
    }

    // ---- blocks of a liar in other pieces ----

    /** The liar keeps the last block of each piece, which comes from the honest peer. So every piece has two senders. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProvenLiarPoisonsNoFurtherPiece(boolean hasLeft) {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet liar =
                    world.puppet().answer(Answers.when(Puppet.Ask::isLastOfPiece, Answers.silence(), Answers.lie()));
            Puppet honest = world.puppet(HostLink.of(200_000, 200_000));
            Collected leech = world.leech(liar, honest).start();
            if (hasLeft) {
                world.advance(Duration.ofSeconds(2));
                liar.neverUnchokes().cut(); // its blocks in begun pieces remain
            }

            leech.await(LIMIT);

            assertThat(liar.served).as("blocks in many pieces").isGreaterThan(100);
            assertThat(leech.hasBanned(liar)).isTrue();
            assertIsTrusted(leech, honest);
            assertThat(failuresAfterTheBan(leech)).isEmpty();
            assertThat(leech.seen(SwarmEvent.PieceFailed.class)).hasSizeLessThan(hasLeft ? 30 : 6);
        }
    }

    /** Two pieces arrive at the same time: the second one is here when the first one proves the lie. */
    @Test
    void blocksThatAreHereAtTheBanOfTheirSenderAreNotUsed() {
        HostLink unlimited = HostLink.of(HostLink.UNLIMITED, HostLink.UNLIMITED);
        try (World world = new World(1, PIECES, 2)) {
            world.leechLink = unlimited;
            Puppet liar = world.puppet(unlimited).answer(ask -> Mono.delay(Duration.ofMillis(100), world.net.clock())
                    .then(Answers.lie().to(ask)));
            Collected leech = world.leech(liar).start();

            world.advance(Duration.ofSeconds(1));

            assertThat(liar.served).isEqualTo(4);
            assertIsProven(leech, liar);
            assertThat(leech.seen(SwarmEvent.PieceFailed.class)).hasSize(1);
            assertThat(leech.stats().wasted()).isEqualTo(4 * BLOCK);
            assertThat(leech.stats().received()).isZero();
        }
    }

    /** Poisons a piece with one block, and goes on to the next by rejecting the others. */
    @Test
    void aFailedPieceIsFetchedAgainBeforeOthersSoThatTheLiarIsFoundSoon() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet liar = world.puppet()
                    .answer(Answers.when(ask -> ask.block().offset() == 0, Answers.lie(), Answers.reject()));
            Puppet honest = world.puppet(HostLink.of(200_000, 200_000));
            Collected leech = world.leech(liar, honest).start();
            world.advanceUntil(() -> liar.served >= 10, LIMIT);
            liar.neverUnchokes().cut();

            leech.await(LIMIT);

            assertThat(leech.hasBanned(liar)).isTrue();
            assertIsTrusted(leech, honest);
            assertThat(leech.seen(SwarmEvent.PieceFailed.class)).hasSizeLessThan(7);
        }
    }

    @Test
    void aLiarThatReconnectsIsStillTheOnlySender() {
        try (World world = new World(1, PIECES, BLOCKS)) {
            Puppet liar =
                    world.puppet().answer(Answers.when(ask -> ask.number() < BLOCKS, Answers.lie(), Answers.cut()));
            Collected leech = world.leech(liar).start();

            world.advance(Duration.ofMinutes(10));

            assertIsProven(leech, liar);
            assertThat(liar.wires).isEqualTo(2);
            assertThat(leech.seen(SwarmEvent.PieceFailed.class)).hasSize(1);
        }
    }
}
