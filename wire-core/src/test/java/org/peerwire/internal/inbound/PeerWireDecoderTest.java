/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.internal.inbound.DecoderProbe.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.PayloadMode;
import org.peerwire.WireException;
import org.peerwire.message.GoldenMessages;
import org.peerwire.message.GoldenMessages.Golden;

class PeerWireDecoderTest {

    /** The handshake and one of each message; the two long ones only where that is affordable. */
    private static String stream(boolean withLongOnes) {
        StringBuilder hex = new StringBuilder(GoldenMessages.HANDSHAKE);
        golden(withLongOnes).forEach(golden -> hex.append(golden.hex()));
        return hex.toString();
    }

    private static List<Golden> golden(boolean withLongOnes) {
        return GoldenMessages.all().stream()
                .filter(golden -> withLongOnes || golden.hex().length() < 1000)
                .toList();
    }

    private static List<String> expected(boolean withLongOnes) {
        List<String> all = new ArrayList<>(List.of(GoldenMessages.HANDSHAKE));
        golden(withLongOnes).forEach(golden -> all.add(golden.hex()));
        return all;
    }

    // cases 9, 23
    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void wholeStreamInOneReadIsDecoded(PayloadMode mode) {
        DecoderProbe probe = DecoderProbe.with(mode);
        byte[] stream = bytes(stream(true));

        probe.feed(stream);

        assertThat(probe.seen()).isEqualTo(expected(true));
        assertThat(probe.decoder().offset()).isEqualTo(stream.length);
        assertThat(probe.decoder().atBoundary()).isTrue();
        probe.closeWithoutLeak();
    }

    // case 23, A-04
    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void a04_everySplitIntoTwoReadsGivesTheSame(PayloadMode mode) {
        byte[] stream = bytes(stream(false));
        List<String> expected = expected(false);
        for (int split = 1; split < stream.length; split++) {
            DecoderProbe probe = DecoderProbe.with(mode);

            probe.feed(stream, 0, split);
            probe.feed(stream, split, stream.length - split);

            assertThat(probe.seen()).as("split at %d", split).isEqualTo(expected);
            assertThat(probe.decoder().offset()).isEqualTo(stream.length);
            assertThat(probe.decoder().atBoundary()).isTrue();
            probe.closeWithoutLeak();
        }
    }

    // case 23, A-04
    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void a04_longMessagesSplitAnywhereGiveTheSame(PayloadMode mode) {
        byte[] stream = bytes(stream(true));
        List<String> expected = expected(true);
        for (int split = 1; split < stream.length; split += 97) {
            DecoderProbe probe = DecoderProbe.with(mode);

            probe.feed(stream, 0, split);
            probe.feed(stream, split, stream.length - split);

            assertThat(probe.seen()).as("split at %d", split).isEqualTo(expected);
            probe.closeWithoutLeak();
        }
    }

    // case 23, A-04
    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void a04_oneByteAtATimeGivesTheSame(PayloadMode mode) {
        DecoderProbe probe = DecoderProbe.with(mode);
        byte[] stream = bytes(stream(true));

        for (int i = 0; i < stream.length; i++) {
            probe.feed(stream, i, 1);
        }

        assertThat(probe.seen()).isEqualTo(expected(true));
        assertThat(probe.decoder().atBoundary()).isTrue();
        probe.closeWithoutLeak();
    }

    // case 23
    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void a04_randomCutsGiveTheSame(PayloadMode mode) {
        byte[] stream = bytes(stream(true));
        Random random = new Random(23);
        for (int round = 0; round < 200; round++) {
            DecoderProbe probe = DecoderProbe.with(mode);
            for (int at = 0; at < stream.length; ) {
                int length = Math.min(stream.length - at, random.nextInt(1 << random.nextInt(14)));
                probe.feed(stream, at, length);
                at += length;
            }
            assertThat(probe.seen()).isEqualTo(expected(true));
            probe.closeWithoutLeak();
        }
    }

    @Test
    void messageIsDecodedWithItsLastByteAndNotBefore() {
        for (Golden golden : golden(false)) {
            DecoderProbe probe = DecoderProbe.withHandshake(PayloadMode.COPY);
            byte[] frame = golden.bytes();

            probe.feed(frame, 0, frame.length - 1);
            assertThat(probe.seen()).as(golden.name()).hasSize(1);
            assertThat(probe.decoder().atBoundary()).isFalse();
            probe.feed(frame, frame.length - 1, 1);

            assertThat(probe.seen()).last().isEqualTo(golden.hex());
            probe.closeWithoutLeak();
        }
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void pauseAtAnyMessageLosesNothing(PayloadMode mode) {
        byte[] stream = bytes(stream(true));
        List<String> expected = expected(true);
        for (int pauseAt = 1; pauseAt <= expected.size(); pauseAt++) {
            DecoderProbe probe = DecoderProbe.with(mode);
            probe.pauseAt(pauseAt);

            probe.feed(stream);
            assertThat(probe.seen()).isEqualTo(expected.subList(0, pauseAt));
            probe.decoder().resume();

            assertThat(probe.seen()).isEqualTo(expected);
            assertThat(probe.decoder().atBoundary()).isTrue();
            probe.closeWithoutLeak();
        }
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void pauseAtEveryMessageWithReadsComingInLosesNothing(PayloadMode mode) {
        byte[] stream = bytes(stream(true));
        List<String> expected = expected(true);
        for (int cut : new int[] {1, 2, 3, 5, 67, 69, 700, 5_000, 20_000}) {
            DecoderProbe probe = DecoderProbe.with(mode);
            probe.pauseAtEach();

            for (int at = 0; at < stream.length; at += cut) {
                probe.feed(stream, at, Math.min(cut, stream.length - at));
            }
            for (int i = 1; i <= expected.size(); i++) {
                assertThat(probe.seen()).hasSize(i);
                probe.decoder().resume();
            }

            assertThat(probe.seen()).isEqualTo(expected);
            probe.closeWithoutLeak();
        }
    }

    @Test
    void readWhilePausedIsKeptBehindWhatWasLeft() {
        DecoderProbe probe = DecoderProbe.withHandshake(PayloadMode.COPY);
        probe.pauseAt(2);

        probe.feed(bytes("0000000100" + "0000000101" + "0000"));
        probe.feed(bytes("000102" + "0000000103"));
        assertThat(probe.seen()).hasSize(2);
        assertThat(probe.decoder().unreadBytes()).isPositive();
        probe.decoder().resume();

        assertThat(probe.seen())
                .containsExactly(GoldenMessages.HANDSHAKE, "0000000100", "0000000101", "0000000102", "0000000103");
        probe.closeWithoutLeak();
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void resumeFromWithinAMessageGoesOnOnce(PayloadMode mode) {
        DecoderProbe probe = DecoderProbe.with(mode);
        probe.onEach(() -> {
            probe.decoder().pause();
            probe.decoder().resume();
        });

        probe.feed(bytes(stream(true)));

        assertThat(probe.seen()).isEqualTo(expected(true));
        probe.closeWithoutLeak();
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void readFromWithinAMessageComesBehindTheRest(PayloadMode mode) {
        for (boolean pausing : new boolean[] {false, true}) {
            DecoderProbe probe = DecoderProbe.withHandshake(mode);
            probe.at(2, () -> probe.feed(bytes("0000000103")));
            if (pausing) {
                probe.pauseAtEach();
            }

            probe.feed(bytes("0000000100" + "0000000101" + "0000000102"));
            for (int i = 0; pausing && i < 4; i++) {
                probe.decoder().resume();
            }

            assertThat(probe.seen())
                    .containsExactly(GoldenMessages.HANDSHAKE, "0000000100", "0000000101", "0000000102", "0000000103");
            probe.closeWithoutLeak();
        }
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void closeAtAnyMessageStopsAndReleases(PayloadMode mode) {
        byte[] stream = bytes(stream(true));
        List<String> expected = expected(true);
        for (int closeAt = 1; closeAt <= expected.size(); closeAt++) {
            for (int cut : new int[] {stream.length, 9_000, 1}) {
                DecoderProbe probe = DecoderProbe.with(mode);
                probe.at(closeAt, () -> probe.decoder().close());

                for (int at = 0; at < stream.length; at += cut) {
                    probe.feed(stream, at, Math.min(cut, stream.length - at));
                }

                assertThat(probe.seen()).isEqualTo(expected.subList(0, closeAt));
                probe.closeWithoutLeak();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void closeWhilePausedReleasesWhatWasRead(PayloadMode mode) {
        DecoderProbe probe = DecoderProbe.with(mode);
        probe.pauseAt(3);
        probe.feed(bytes(stream(true)));
        probe.feed(bytes("00000001"));
        assertThat(probe.heldBytes()).isPositive();

        probe.closeWithoutLeak();
        probe.decoder().resume();

        assertThat(probe.seen()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void closeInTheMiddleOfAMessageReleasesIt(PayloadMode mode) {
        byte[] stream = bytes(stream(false));
        for (int length = 1; length < stream.length; length++) {
            DecoderProbe probe = DecoderProbe.with(mode);
            probe.feed(stream, 0, length);
            probe.closeWithoutLeak();
        }
    }

    @Test
    void closeFromADrainedReadReleasesItOnce() {
        DecoderProbe probe = DecoderProbe.withHandshake(PayloadMode.POOLED);
        probe.pauseAt(2);
        probe.feed(bytes("0000000100" + "0000000101" + "0000000102"));
        probe.at(3, () -> probe.decoder().close());

        probe.decoder().resume();

        assertThat(probe.seen()).hasSize(3);
        probe.closeWithoutLeak();
    }

    @Test
    void pooledBlockOutlivesTheDecoderAndIsThenFree() {
        DecoderProbe probe = DecoderProbe.withHandshake(PayloadMode.POOLED);
        probe.keepBlocks();
        byte[] block = bytes("00004009070000000100004000" + "5a".repeat(16_384));

        probe.feed(block);
        probe.feed(block, 0, 5_000);
        probe.feed(block, 5_000, block.length - 5_000);
        probe.decoder().close();

        assertThat(probe.kept()).hasSize(2).allSatisfy(piece -> {
            assertThat(piece.data().readableBytes()).isEqualTo(16_384);
            assertThat(piece.data().getByte(16_383)).isEqualTo((byte) 0x5a);
            assertThat(piece.release()).isTrue();
        });
        probe.closeWithoutLeak();
    }

    // R1: one typed outcome, whatever comes
    @ParameterizedTest
    @EnumSource(PayloadMode.class)
    void randomBytesEndInNothingButAWireException(PayloadMode mode) {
        Random random = new Random(120);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            DecoderProbe probe = random.nextInt(10) == 0 ? DecoderProbe.with(mode) : DecoderProbe.withHandshake(mode);
            byte[] noise = noise(random);
            int split = random.nextInt(noise.length);
            try {
                probe.feed(noise, 0, split);
                probe.feed(noise, split, noise.length - split);
            } catch (WireException e) {
                refused++;
                assertThat(e.getMessage()).isNotBlank();
            }
            probe.closeWithoutLeak();
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    /** Frames that are often almost right: a short prefix, a known id. */
    private static byte[] noise(Random random) {
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        for (int at = 0; at + 6 < noise.length && random.nextInt(8) != 0; ) {
            int length = random.nextInt(60);
            noise[at] = noise[at + 1] = noise[at + 2] = 0;
            noise[at + 3] = (byte) length;
            noise[at + 4] = (byte) random.nextInt(26);
            at += 4 + length;
        }
        return noise;
    }
}
