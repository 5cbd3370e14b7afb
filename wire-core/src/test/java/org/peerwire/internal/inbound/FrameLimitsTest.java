/* SPDX-License-Identifier: MIT */
package org.peerwire.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.peerwire.internal.inbound.DecoderProbe.bytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Handshake;
import org.peerwire.PayloadMode;
import org.peerwire.ProtocolException;

/** Lengths are refused as early as they can be known to be wrong, and nothing is reserved for them. */
class FrameLimitsTest {
    /** R2: what has arrived and 64 KiB; a head is what has arrived. */
    private static final int HEAP_ALLOWED = 64 * 1024 + 16;

    private static final int EXTENSION = 3;
    private static final int EXTENSION_LIMIT = 100;

    // case 20
    @ParameterizedTest
    @CsvSource({"00100000", "00000000", "00004009"})
    void a01_prefixUpToTheCapReservesLittle(String prefix) {
        DecoderProbe probe = probe();

        probe.feed(bytes(prefix));

        assertThat(probe.heldBytes()).isLessThan(HEAP_ALLOWED);
        probe.closeWithoutLeak();
    }

    // cases 17, 20
    @ParameterizedTest
    @CsvSource({
        "0004000105, 262145",
        "0000400907, 16393",
        "0000483116, 18481",
        "000040010a, 16385",
        "0000800214" + "00, 32770",
        "0000006614" + "03, 102",
        "0001000214" + "09, 65538"
    })
    void a01_messageOfExactlyItsCapIsDecoded(String head, int length) {
        DecoderProbe probe = probe();
        byte[] frame = new byte[4 + length];
        byte[] start = bytes(head);
        System.arraycopy(start, 0, frame, 0, start.length);

        probe.feed(start);
        assertThat(probe.seen()).hasSize(1);
        for (int at = start.length; at < frame.length; at += 1_000) {
            probe.feed(frame, at, Math.min(1_000, frame.length - at));
        }

        assertThat(probe.seen()).hasSize(2).last().asString().hasSize(2 * frame.length);
        probe.closeWithoutLeak();
    }

    // R2: check before allocate
    @ParameterizedTest
    @ValueSource(strings = {"0004000105", "0000400907", "0010000014", "000100021409"})
    void a01_nothingIsReservedForWhatAPrefixClaims(String head) {
        DecoderProbe probe = probe();

        probe.feed(bytes(head));

        assertThat(probe.heldBytes()).isLessThan(HEAP_ALLOWED);
        probe.closeWithoutLeak();
    }

    // what is held never exceeds the message and one read by much
    @Test
    void a01_buffersGrowWithWhatArrives() {
        DecoderProbe probe = probe();
        byte[] chunk = new byte[4_096];
        probe.feed(bytes("0004000105"));

        for (int received = 0; received + chunk.length <= 262_144; received += chunk.length) {
            assertThat(probe.heldBytes()).isLessThanOrEqualTo(2L * received + HEAP_ALLOWED);
            probe.feed(chunk);
        }

        assertThat(probe.seen()).hasSize(2);
        probe.closeWithoutLeak();
    }

    @Test
    void offsetIsWhereTheBadMessageBegins() {
        DecoderProbe probe = probe();
        probe.feed(bytes("0000000100" + "00000000"));

        assertThat(refused(probe, "ffffffff").offset()).isEqualTo(Handshake.LENGTH + 9);
        probe.closeWithoutLeak();
    }

    @Test
    void knownPieceCountLimitsTheBitfield() {
        DecoderProbe probe = probe();
        probe.knowPieces(10);

        probe.feed(bytes("0000000305a040"));
        ProtocolException error = refused(probe, "0000000405");

        assertThat(error.messageId()).isEqualTo(5);
        probe.closeWithoutLeak();
    }

    private static DecoderProbe probe() {
        DecoderProbe probe = DecoderProbe.withHandshake(PayloadMode.COPY);
        probe.limits().extension(EXTENSION, EXTENSION_LIMIT);
        return probe;
    }

    /** Feeds all but the last byte without harm. */
    private static ProtocolException refused(DecoderProbe probe, String head) {
        byte[] all = bytes(head);
        probe.feed(all, 0, all.length - 1);
        ProtocolException error =
                catchThrowableOfType(ProtocolException.class, () -> probe.feed(all, all.length - 1, 1));
        assertThat(error).as("%s was not refused", head).isNotNull();
        return error;
    }
}
