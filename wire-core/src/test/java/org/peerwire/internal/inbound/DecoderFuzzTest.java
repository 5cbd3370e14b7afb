/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.PayloadMode;
import org.peerwire.ProtocolException;
import org.peerwire.message.GoldenMessages;
import org.peerwire.message.GoldenMessages.Golden;

/**
 * Any bytes behind a handshake are messages, and then a {@link ProtocolException} or not: the same however they are
 * cut, and without memory for what has not come. The first byte of an input chooses the settings, the next two the cut.
 */
class DecoderFuzzTest {
    private static final int SETTINGS = 3;
    private static final int POOLED = 1;
    private static final int SHAPE_KNOWN = 2;
    private static final int EXTENSION_KNOWN = 4;
    private static final int PAUSED_AT_EACH = 8;
    private static final int SMALL_STEPS = 16;

    /** The bytes that a prefix may make the decoder allocate before its message arrives (R2). */
    private static final long AHEAD = 64 * 1024;

    static Stream<byte[]> seeds() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        GoldenMessages.all().stream()
                .filter(golden -> golden.bytes().length < 1000)
                .forEach(golden -> all.writeBytes(golden.bytes()));
        Stream<byte[]> each = GoldenMessages.all().stream().map(Golden::bytes);
        Stream<byte[]> claims = Stream.of(
                        "00040001" + "05ff", "000fffff" + "1402ff", "ffffffff" + "07", "0000400d" + "14")
                .map(DecoderProbe::bytes);
        return Stream.of(each, claims, Stream.of(all.toByteArray()))
                .flatMap(Function.identity())
                .flatMap(bytes -> Stream.of(0, 5, 10, 31).map(settings -> {
                    byte[] input = new byte[SETTINGS + bytes.length];
                    input[0] = settings.byteValue();
                    input[2] = 7;
                    System.arraycopy(bytes, 0, input, SETTINGS, bytes.length);
                    return input;
                }));
    }

    @MethodSource("seeds")
    @FuzzTest
    void framesAreTheSameAtEverySplitAndTakeNoMemoryAhead(byte[] input) {
        if (input.length < SETTINGS) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, SETTINGS, input.length);
        int cut = (input[1] & 0xff) << 8 | (input[2] & 0xff);
        Run whole = new Run(input[0], bytes);
        whole.feed(0, bytes.length);
        Run split = new Run(input[0], bytes);
        if ((input[0] & PAUSED_AT_EACH) != 0) {
            split.probe.pauseAtEach();
        }
        int step = (input[0] & SMALL_STEPS) != 0 ? Math.max(cut & 0xff, 1 + bytes.length / 256) : Math.max(1, cut);
        for (int at = 0; at < bytes.length; at += step) {
            split.feed(at, Math.min(step, bytes.length - at));
        }

        assertThat(split.probe.seen()).isEqualTo(whole.probe.seen());
        assertThat(split.probe.decoder().offset())
                .isEqualTo(whole.probe.decoder().offset());
        assertThat(split.end()).isEqualTo(whole.end());
        whole.assertEncodedAgain();
        whole.probe.closeWithoutLeak();
        split.probe.closeWithoutLeak();
    }

    private static final class Run {
        final DecoderProbe probe;
        private final byte[] bytes;
        private @Nullable ProtocolException failure;

        Run(int settings, byte[] bytes) {
            this.bytes = bytes;
            this.probe = DecoderProbe.withHandshake((settings & POOLED) != 0 ? PayloadMode.POOLED : PayloadMode.COPY);
            if ((settings & SHAPE_KNOWN) != 0) {
                probe.knowPieces(10);
            }
            if ((settings & EXTENSION_KNOWN) != 0) {
                probe.limits().extension(2, 64);
            }
        }

        /** As the engine does: the first failure is the end. */
        void feed(int from, int length) {
            if (failure != null) {
                return;
            }
            try {
                probe.feed(bytes, from, length);
                while (probe.decoder().unreadBytes() > 0) {
                    probe.decoder().resume();
                }
            } catch (ProtocolException e) {
                failure = e;
            }
            assertThat(probe.heldBytes()).as("bytes held").isLessThanOrEqualTo(from + length + AHEAD);
        }

        /** The id may be unknown yet where a prefix is refused; the rest must not depend on the cut. */
        String end() {
            ProtocolException e = failure;
            return e == null ? "open at boundary " + probe.decoder().atBoundary() : e.reason() + " at " + e.offset();
        }

        void assertEncodedAgain() {
            int handshake = GoldenMessages.HANDSHAKE.length() / 2;
            int decoded = (int) probe.decoder().offset() - handshake;
            assertThat(String.join("", probe.seen()))
                    .isEqualTo(GoldenMessages.HANDSHAKE + ByteBufUtil.hexDump(bytes, 0, decoded));
        }
    }
}
