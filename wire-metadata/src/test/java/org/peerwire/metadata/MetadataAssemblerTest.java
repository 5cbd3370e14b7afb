/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.metadata.Swarm.data;
import static org.peerwire.metadata.Swarm.honest;
import static org.peerwire.metadata.Swarm.rejecting;
import static org.peerwire.metadata.Swarm.silent;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.metadata.MetadataAssembler.Request;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;

/** Tests of the choice of requests. {@link MetadataAssemblerDataTest} tests wrong data. */
class MetadataAssemblerTest {
    private static final int PIECE = 16_384;

    // ---- an honest peer ----

    @ParameterizedTest
    @ValueSource(ints = {200, 16_383, 16_384, 16_385, 31_235, 32_768, 32_769, 163_882})
    void oneHonestPeerIsEnoughWithOneRequestForEachPiece(int size) {
        byte[] info = Infos.ofLength(size, 1);
        Swarm swarm = new Swarm(info).add("a", size, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.asked("a"))
                .containsExactlyElementsOf(
                        IntStream.range(0, (size + PIECE - 1) / PIECE).boxed().toList());
        assertThat(swarm.elapsed()).isZero();
    }

    @Test
    void asksFourPiecesAndThenOneForEachThatComes() {
        byte[] info = Infos.ofLength(10 * PIECE + 42, 1);
        Swarm swarm = new Swarm(info).add("a", info.length, silent());
        assertThat(swarm.assembler.requests(swarm.now))
                .containsExactly(ask("a", 0), ask("a", 1), ask("a", 2), ask("a", 3));
        assertThat(swarm.assembler.requests(swarm.now)).isEmpty();
        for (int piece = 0; piece < 7; piece++) {
            swarm.assembler.data("a", data(info, piece), swarm.now);
            assertThat(swarm.assembler.requests(swarm.now)).containsExactly(ask("a", piece + 4));
        }
        for (int piece = 7; piece < 10; piece++) {
            swarm.assembler.data("a", data(info, piece), swarm.now);
            assertThat(swarm.assembler.requests(swarm.now)).isEmpty();
        }
        Data tooLong = new Data(10, info.length, new byte[43]);
        swarm.assembler.data("a", tooLong, swarm.now);
        assertThat(swarm.assembler.result()).isNull();
        swarm.now += 3_000;
        assertThat(swarm.assembler.requests(swarm.now)).containsExactly(ask("a", 10));
        swarm.assembler.data("a", data(info, 10), swarm.now);
        assertThat(swarm.assembler.result()).isEqualTo(info);
    }

    @Test
    void severalPeersShareTheWork() {
        byte[] info = Infos.ofLength(8 * PIECE, 1);
        Swarm swarm = new Swarm(info)
                .add("a", info.length, honest(info))
                .add("b", info.length, honest(info))
                .add("c", 0, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.asked("a")).containsExactly(0, 1, 2, 3);
        assertThat(swarm.asked("b")).containsExactly(4, 5, 6, 7);
        assertThat(swarm.asked("c")).isEmpty();
    }

    @Test
    void aPeerThatGetsTheMetadataLaterIsAskedThen() {
        byte[] info = Infos.ofLength(20_000, 1);
        Swarm swarm = new Swarm(info).add("a", 0, honest(info));
        assertThat(swarm.round()).isFalse();
        assertThat(swarm.failure()).isNull();
        swarm.assembler.claim("a", info.length, swarm.now);
        assertThat(swarm.run()).isEqualTo(info);
    }

    @Test
    void thePiecesOfAPeerStayWhenItLeaves() {
        byte[] info = Infos.ofLength(6 * PIECE, 1);
        Swarm swarm = new Swarm(info).add("a", info.length, honest(info));
        swarm.round();
        swarm.assembler.leave("a");
        swarm.moreToCome = true;
        assertThat(swarm.failure()).isNull();
        swarm.add("b", info.length, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.asked("b")).containsExactly(4, 5);
    }

    // ---- slow and rejecting peers ----

    @Test
    void aPieceThatDoesNotComeIsAskedFromAnotherPeer() {
        byte[] info = Infos.ofLength(2 * PIECE, 1);
        Swarm swarm = new Swarm(info).add("silent", info.length, silent()).add("b", info.length, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.elapsed()).isEqualTo(3_000);
    }

    @Test
    void aSlowPeerIsAskedAgainAfterTheTimeoutAndItsLateAnswerCounts() {
        byte[] info = Infos.ofLength(200, 1);
        Swarm swarm = new Swarm(info).add("slow", info.length, silent());
        assertThat(swarm.assembler.requests(swarm.now)).containsExactly(ask("slow", 0));
        swarm.now += 19_999;
        assertThat(swarm.assembler.requests(swarm.now)).isEmpty();
        swarm.now += 1;
        assertThat(swarm.assembler.requests(swarm.now)).containsExactly(ask("slow", 0));
        swarm.assembler.data("slow", data(info, 0), swarm.now);
        assertThat(swarm.assembler.result()).isEqualTo(info);
    }

    @Test
    void theLargestWindowRequestsEachPieceOnce() {
        byte[] info = Infos.ofLength(100 * PIECE, 1);
        Swarm swarm = new Swarm(info, MetadataOptions.builder().window(4_096).build());
        swarm.add("a", info.length, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.asked("a")).hasSize(100);
    }

    @Test
    void aPeerThatNeverAnswersIsExcluded() {
        byte[] info = Infos.ofLength(100 * PIECE, 1);
        Swarm swarm = new Swarm(info).add("silent", info.length, silent());
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.NO_PEERS);
        assertThat(swarm.elapsed()).isBetween(60_000L, 61_000L);
        assertThat(swarm.asked("silent")).hasSize(12);
    }

    @Test
    void a56_aRejectedPieceIsAskedFromAnotherPeerAtOnceAndFromTheSameLater() {
        byte[] info = Infos.ofLength(200, 1);
        Swarm swarm = new Swarm(info).add("no", info.length, rejecting());
        swarm.moreToCome = true;
        assertThat(swarm.round()).isTrue();
        for (int pause : new int[] {3_000, 60_000}) {
            for (long end = swarm.now + pause; swarm.now < end; swarm.now += 1_000) {
                assertThat(swarm.round()).isFalse();
            }
            assertThat(swarm.round()).isTrue();
        }
        swarm.add("yes", info.length, honest(info));
        assertThat(swarm.round()).isTrue();
        assertThat(swarm.assembler.result()).isEqualTo(info);
    }

    @Test
    void a56_aPeerThatRejectsAlwaysIsAskedThreeTimes() {
        byte[] info = Infos.ofLength(200, 1);
        Swarm swarm = new Swarm(
                info, MetadataOptions.builder().idleTimeout(Duration.ofHours(1)).build());
        swarm.add("no", info.length, rejecting());
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.NO_PEERS);
        assertThat(swarm.asked("no")).containsExactly(0, 0, 0);
        assertThat(swarm.elapsed()).isBetween(63_000L, 64_000L);
    }

    @Test
    void aPeerThatRejectsEachPieceOnceIsAskedAgainAfterSeconds() {
        byte[] info = Infos.ofLength(10 * PIECE, 1);
        Set<Integer> rejected = new HashSet<>();
        Swarm swarm = new Swarm(info)
                .add(
                        "a",
                        info.length,
                        piece -> rejected.add(piece) ? new MetadataMessage.Reject(piece) : data(info, piece));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.elapsed()).isEqualTo(3_000);
        assertThat(swarm.asked("a")).hasSize(20);
    }

    @Test
    void requestsWithAnEarlierIdOfTheExtensionAreSentAgainAtOnceAndAtMostThreeTimes() {
        byte[] info = Infos.ofLength(2 * PIECE, 1);
        Swarm swarm = new Swarm(info).add("a", info.length, silent());
        swarm.moreToCome = true;
        for (int id = 1; id < 10; id++) {
            swarm.assembler.number("a", id, swarm.now);
            swarm.round();
            swarm.assembler.number("a", id, swarm.now);
            assertThat(swarm.round()).isFalse();
        }
        assertThat(swarm.asked("a")).containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(swarm.assembler.isBarred("a")).isTrue();
    }

    @Test
    void thePiecesThatALeavingPeerOwesAreAskedFromAnotherAtOnce() {
        byte[] info = Infos.ofLength(2 * PIECE, 1);
        Swarm swarm = new Swarm(info).add("leaving", info.length, silent()).add("b", info.length, honest(info));
        swarm.round();
        swarm.assembler.leave("leaving");
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.elapsed()).isZero();
    }

    @Test
    void aLateAnswerToARequestWithAnEarlierIdCounts() {
        byte[] info = Infos.ofLength(200, 1);
        Swarm swarm = new Swarm(info).add("a", info.length, silent());
        swarm.round();
        swarm.assembler.number("a", 7, swarm.now);
        swarm.assembler.data("a", data(info, 0), swarm.now);
        assertThat(swarm.assembler.result()).isEqualTo(info);
    }

    @Test
    void aPeerWithoutMetadataIsNeverAskedAndTheFetchEnds() {
        byte[] info = Infos.ofLength(200, 1);
        Swarm swarm = new Swarm(info).add("a", 0, silent());
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(swarm.elapsed()).isEqualTo(120_000);
        assertThat(swarm.log).isEmpty();
    }

    @Test
    void withoutAnyPeerTheFetchEnds() {
        Swarm swarm = new Swarm(Infos.ofLength(200, 1));
        assertThat(swarm.failure()).isEqualTo(Reason.NO_PEERS);
        swarm.moreToCome = true;
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.NO_PEERS);
    }

    // ---- sizes ----

    @ParameterizedTest
    @CsvSource({"16777216, false", "16777217, true", "2147483648, true", "9223372036854775807, true"})
    void a48_sizesOverTheLimitAreRefused(long size, boolean refused) {
        Swarm swarm = new Swarm(Infos.ofLength(200, 1)).add("a", size, silent());
        assertThat(swarm.assembler.isBarred("a")).isEqualTo(refused);
        assertThat(swarm.failure()).isEqualTo(refused ? Reason.TOO_LARGE : null);
        assertThat(swarm.round()).isEqualTo(!refused);
    }

    @Test
    void a49_aLiarAboutTheSizeThatComesFirstDoesNotBlockAnHonestPeer() {
        byte[] info = Infos.ofLength(40_000, 1);
        Swarm swarm = new Swarm(info).add("liar", 1_000_000, silent()).add("b", info.length, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.elapsed()).isZero();
    }

    @Test
    void a49_aLiarThatChangesTheSizeAgainAndAgainIsBarred() {
        byte[] info = Infos.ofLength(40_000, 1);
        Swarm swarm = new Swarm(info).add("liar", 1, silent()).add("b", info.length, silent());
        for (int size = 1; !swarm.assembler.isBarred("liar"); size++) {
            assertThat(size).isLessThanOrEqualTo(MetadataAssembler.MAX_CLAIMS + 1);
            swarm.assembler.claim("liar", size, swarm.now);
            swarm.round();
        }
        swarm.peers.put("b", honest(info));
        assertThat(swarm.run()).isEqualTo(info);
    }

    @Test
    void a49_threeLiarsWithSizesOfTheirOwnDoNotBlockAnHonestPeer() {
        byte[] info = Infos.ofLength(40_000, 1);
        Swarm swarm = new Swarm(info)
                .add("x", 39_999, honest(Infos.ofLength(39_999, 2)))
                .add("y", 100_000, silent())
                .add("z", 16_000_000, rejecting())
                .add("b", info.length, honest(info));
        assertThat(swarm.run()).isEqualTo(info);
        assertThat(swarm.elapsed()).isZero();
    }

    @Test
    void a49_aFifthSizeHasItsTurnAfterAMinuteAndAtOnceWithMorePeers() {
        byte[] info = Infos.ofLength(40_000, 1);
        Swarm alone = new Swarm(info);
        Swarm two = new Swarm(info);
        for (int liar = 0; liar < 4; liar++) {
            byte[] drip = Infos.ofLength(5_000_000 + liar, 2);
            for (Swarm swarm : List.of(alone, two)) {
                long[] last = {0};
                swarm.add("liar" + liar, drip.length, piece -> {
                    boolean ready = swarm.now - last[0] >= 9_000;
                    last[0] = ready ? swarm.now : last[0];
                    return ready ? data(drip, piece) : null;
                });
                swarm.round();
            }
        }
        assertThat(alone.add("b", info.length, honest(info)).run()).isEqualTo(info);
        assertThat(alone.elapsed()).isBetween(1L, 61_000L);
        two.add("b", info.length, honest(info)).add("c", info.length, honest(info));
        assertThat(two.run()).isEqualTo(info);
        assertThat(two.elapsed()).isZero();
    }

    @Test
    void a49_atMostFourSizesAreFollowed() {
        byte[] info = Infos.ofLength(200, 1);
        Swarm swarm = new Swarm(info);
        for (int size = 1; size <= 10; size++) {
            swarm.add("peer" + size, size, silent());
        }
        assertThat(swarm.assembler.requests(swarm.now)).hasSize(4);
    }

    private static Request<String> ask(String peer, int piece) {
        return new Request<>(peer, piece);
    }
}
