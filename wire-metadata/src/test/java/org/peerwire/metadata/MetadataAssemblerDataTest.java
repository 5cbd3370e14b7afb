/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.metadata.Swarm.data;
import static org.peerwire.metadata.Swarm.honest;
import static org.peerwire.metadata.Swarm.silent;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.metadata.MetadataException.Reason;
import org.peerwire.metadata.MetadataMessage.Data;

/** Tests of unrequested, impossible and wrong data. */
class MetadataAssemblerDataTest {
    private static final int PIECE = 16_384;
    private static final byte[] INFO = Infos.ofLength(5 * PIECE + 7, 1);
    private static final byte[] POISON = Infos.ofLength(5 * PIECE + 7, 2);

    // ---- impossible data ----

    @ParameterizedTest
    @CsvSource({
        // piece, total size, length, true if it is used; the metadata has 32,768 bytes
        "0, 32768, 16384, true",
        "1, 32768, 16384, true",
        "0, 16384, 16384, true",
        "1, 16384, 16384, false",
        "0, 0, 16384, false",
        "0, -1, 16384, false",
        "0, 32769, 16384, false",
        "0, 32768, 16383, false",
        "0, 32768, 16385, false",
        "0, 32768, 0, false",
        "1, 32768, 0, false",
        "1, 32768, 16383, false",
    })
    void a50_a52_lengthAndTotalSizeHaveToFit(int piece, long totalSize, int length, boolean taken) {
        byte[] info = Infos.ofLength(2 * PIECE, 1);
        Swarm swarm = new Swarm(info).add("a", info.length, silent());
        swarm.round();
        swarm.assembler.data(
                "a", new Data(1 - piece, info.length, data(info, 1 - piece).bytes()), swarm.now);
        byte[] bytes = Arrays.copyOf(data(info, piece).bytes(), length);
        swarm.assembler.data("a", new Data(piece, totalSize, bytes), swarm.now);
        assertThat(swarm.assembler.result() != null).isEqualTo(taken);
        assertThat(swarm.ignored.containsKey(MetadataIgnored.WRONG_PIECE)).isEqualTo(!taken);
        assertThat(swarm.ignored.containsKey(MetadataIgnored.WRONG_TOTAL_SIZE)).isEqualTo(taken && totalSize != 32_768);
    }

    @ParameterizedTest
    @CsvSource({"16385, 1, 1, true", "16385, 0, 16383, false", "16385, 1, 2, false", "16385, 1, 0, false"})
    void a52_aSecondPieceOfOneByteHasToFit(int size, int piece, int length, boolean taken) {
        byte[] info = Infos.ofLength(size, 1);
        Swarm swarm = new Swarm(info).add("a", size, silent());
        swarm.round();
        swarm.assembler.data("a", data(info, 1 - piece), swarm.now);
        swarm.assembler.data(
                "a", new Data(piece, size, Arrays.copyOf(data(info, piece).bytes(), length)), swarm.now);
        assertThat(swarm.assembler.result() != null).isEqualTo(taken);
    }

    @Test
    void a52_anEmptyLastPieceIsAskedForAtMostThreeTimesThreeSecondsApart() {
        byte[] info = Infos.ofLength(2 * PIECE, 1);
        Swarm swarm = new Swarm(info)
                .add("a", info.length, piece -> piece == 0 ? data(info, 0) : new Data(1, info.length, new byte[0]));
        assertThat(swarm.run()).isNull();
        assertThat(swarm.asked("a")).containsExactly(0, 1, 1, 1);
        assertThat(swarm.elapsed()).isEqualTo(6_000);
        assertThat(swarm.failure()).isEqualTo(Reason.NO_PEERS);
    }

    // ---- wrong data ----

    @Test
    void a54_aLoneLiarIsFoundAtOnce() {
        Swarm swarm = new Swarm(INFO).add("liar", INFO.length, honest(POISON));
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.INVALID);
        assertThat(swarm.asked("liar")).hasSize(6);
    }

    @Test
    void a54_oneLiarOfThreeCannotSpoilTheResult() {
        for (String liar : List.of("a", "b", "c")) {
            Swarm swarm = new Swarm(INFO, MetadataOptions.builder().window(2).build());
            for (String peer : List.of("a", "b", "c")) {
                swarm.add(peer, INFO.length, honest(peer.equals(liar) ? POISON : INFO));
            }
            assertThat(swarm.run()).isEqualTo(INFO);
            assertThat(swarm.elapsed()).isZero();
            assertThat(swarm.log.size()).isLessThanOrEqualTo(6 + 3 * 4);
        }
    }

    @Test
    void a54_threeLiarsOfTheSameSizeAndOneHonestPeer() {
        Swarm swarm = new Swarm(INFO, MetadataOptions.builder().window(1).build());
        for (String liar : List.of("x", "y", "z")) {
            swarm.add(liar, INFO.length, honest(POISON));
        }
        swarm.add("b", INFO.length, honest(INFO));
        assertThat(swarm.run()).isEqualTo(INFO);
    }

    @Test
    void a54_silentLiarsDoNotHoldUpAnHonestPeerForLong() {
        Swarm swarm = new Swarm(INFO, MetadataOptions.builder().window(1).build());
        swarm.add("x", INFO.length, honest(POISON)).add("y", INFO.length, honest(POISON));
        swarm.round();
        for (int i = 0; i < 6; i++) {
            swarm.add("silent" + i, INFO.length, silent());
        }
        swarm.add("b", INFO.length, honest(INFO));
        assertThat(swarm.run()).isEqualTo(INFO);
        assertThat(swarm.elapsed()).isLessThanOrEqualTo(125_000);
    }

    @Test
    void a54_allLiarsEndInAFailureAfterOneAttemptEachAndOneTogether() {
        Swarm swarm = new Swarm(INFO);
        for (int i = 0; i < 10; i++) {
            swarm.add("liar" + i, INFO.length, honest(POISON));
        }
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.INVALID);
        assertThat(swarm.assembler.tally().attempts).isEqualTo(11);
        assertThat(swarm.assembler.tally()).hasToString("of 10 peers 10 sent wrong data; wrong results: 11");
        assertThat(swarm.ignored).isEqualTo(Map.of(MetadataIgnored.WRONG_METADATA, 11L));
    }

    @Test
    void a54_attemptsAreBoundedHoweverManyLiarsThereAre() {
        Swarm swarm = new Swarm(INFO, MetadataOptions.builder().maxAttempts(3).build());
        swarm.moreToCome = true;
        for (int i = 0; i < 10; i++) {
            swarm.add("liar" + i, INFO.length, honest(POISON));
        }
        assertThat(swarm.run()).isNull();
        assertThat(swarm.failure()).isEqualTo(Reason.INVALID);
        assertThat(swarm.elapsed()).isZero();
    }

    @Test // each peer sends all pieces but the last, and slowly enough to stay
    void a54_slowPeersHoldNoMoreThanEightBuffersOfOneSize() {
        SizeClaim<String> claim = new SizeClaim<>(PIECE * 2, 0);
        List<MetadataPeer<String>> liars = IntStream.range(0, 30)
                .mapToObj(i -> new MetadataPeer<>("p" + i))
                .toList();
        claim.peers.addAll(liars);
        claim.put(liars.get(0), 0, new byte[PIECE]);
        claim.put(liars.get(1), 1, new byte[PIECE]);
        assertThat(claim.wrong(liars.get(1), 0)).isNull();
        Set<MetadataPeer<String>> hadATurn = new HashSet<>();
        for (long now = 0; now <= 10 * SizeClaim.MAX_TURN; now += 1_000) {
            claim.giveTurns(now);
            List<MetadataPeer<String>> alone =
                    liars.stream().filter(peer -> peer.alone != null).toList();
            assertThat(alone).hasSizeLessThanOrEqualTo(SizeClaim.MAX_BUFFERS);
            hadATurn.addAll(alone);
        }
        assertThat(hadATurn).hasSize(30);
        assertThat(claim.peers).hasSize(30);
    }
}
