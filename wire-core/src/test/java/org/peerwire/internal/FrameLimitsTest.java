/* SPDX-License-Identifier: MIT */
package org.peerwire.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.peerwire.internal.DecoderProbe.bytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Handshake;
import org.peerwire.HandshakeException;
import org.peerwire.PayloadMode;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;

/** Lengths are refused as early as they can be known to be wrong, and nothing is reserved for them. */
class FrameLimitsTest {
    private static final int HEAP_ALLOWED = 128 * 1024;
    private static final int EXTENSION = 3;
    private static final int EXTENSION_LIMIT = 100;

    // cases 19, 21, A-01
    @ParameterizedTest
    @ValueSource(strings = {"80000000", "ffffffff", "7fffffff", "00100001"})
    void prefixOverTheCapIsRefusedOnItsFourthByte(String prefix) {
        for (boolean dripping : new boolean[] {false, true}) {
            DecoderProbe probe = probe();

            ProtocolException error = refused(probe, prefix, dripping);

            assertThat(error.reason()).isEqualTo(Reason.LENGTH);
            assertThat(error.messageId()).isEqualTo(-1);
            assertThat(error.offset()).isEqualTo(Handshake.LENGTH);
            assertThat(error).hasMessageContaining(Long.toString(Long.parseLong(prefix, 16)));
            probe.closeWithoutLeak();
        }
    }

    // case 20, A-01
    @ParameterizedTest
    @CsvSource({"00100000", "00000000", "00004009"})
    void prefixUpToTheCapIsNot(String prefix) {
        DecoderProbe probe = probe();

        probe.feed(bytes(prefix));

        assertThat(probe.heldBytes()).isLessThan(HEAP_ALLOWED);
        probe.closeWithoutLeak();
    }

    // cases 15, 19, A-01, A-02: one byte more than the type may have
    @ParameterizedTest
    @CsvSource({
        "CHOKE, 0000000200",
        "UNCHOKE, 0000000201",
        "INTERESTED, 0000000202",
        "NOT_INTERESTED, 0000000203",
        "HAVE, 0000000604",
        "BITFIELD, 0004000205",
        "REQUEST, 0000000e06",
        "PIECE, 0000400a07",
        "CANCEL, 0000000e08",
        "PORT, 0000000409",
        "SUGGEST_PIECE, 000000060d",
        "HAVE_ALL, 000000020e",
        "HAVE_NONE, 000000020f",
        "REJECT_REQUEST, 0000000e10",
        "ALLOWED_FAST, 0000000611",
        "HASH_REQUEST, 0000003215",
        "HASHES, 0000483216",
        "HASH_REJECT, 0000003217",
        "UNKNOWN, 000040020a",
        "UNKNOWN, 00004002ff"
    })
    void lengthOverTheCapOfItsTypeIsRefusedOnTheFifthByte(String type, String head) {
        for (boolean dripping : new boolean[] {false, true}) {
            DecoderProbe probe = probe();

            ProtocolException error = refused(probe, head, dripping);

            assertThat(error.reason()).isEqualTo(Reason.LENGTH);
            assertThat(error.messageId()).isEqualTo(Integer.parseInt(head.substring(8), 16));
            assertThat(error.offset()).isEqualTo(Handshake.LENGTH);
            assertThat(error).hasMessageContaining(type);
            probe.closeWithoutLeak();
        }
    }

    // cases 17, 20, A-01
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
    void messageOfExactlyItsCapIsDecoded(String head, int length) {
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

    // case 19, A-01: handshake, an extension with a limit of its own, one without
    @ParameterizedTest
    @ValueSource(strings = {"000080031400", "000000671403", "000100031409"})
    void lengthOverTheCapOfItsExtensionIsRefusedOnTheSixthByte(String head) {
        for (boolean dripping : new boolean[] {false, true}) {
            DecoderProbe probe = probe();

            ProtocolException error = refused(probe, head, dripping);

            assertThat(error.reason()).isEqualTo(Reason.LENGTH);
            assertThat(error.messageId()).isEqualTo(20);
            probe.closeWithoutLeak();
        }
    }

    // R2: check before allocate
    @ParameterizedTest
    @ValueSource(strings = {"0004000105", "0000400907", "0010000014", "000100021409"})
    void nothingIsReservedForWhatAPrefixClaims(String head) {
        DecoderProbe probe = probe();

        probe.feed(bytes(head));

        assertThat(probe.heldBytes()).isLessThan(HEAP_ALLOWED);
        probe.closeWithoutLeak();
    }

    // what is held never exceeds the message and one read by much
    @Test
    void buffersGrowWithWhatArrives() {
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

    //
    @ParameterizedTest
    @CsvSource({
        "0000000104, 4",
        "00000004040000" + "00, 4",
        "0000000c06" + "0000000000000000000000, 6",
        "0000000807" + "00000000000000, 7",
        "0000000209" + "00, 9",
        "000000010d, 13",
        "0000000114, 20",
        "0000000116, 22",
        "0000000115, 21"
    })
    void tooShortMessageIsRefusedWhenItIsThere(String frame, int id) {
        DecoderProbe probe = probe();
        byte[] all = bytes(frame);

        probe.feed(all, 0, all.length - 1);
        ProtocolException error =
                catchThrowableOfType(ProtocolException.class, () -> probe.feed(all, all.length - 1, 1));

        assertThat(error).isNotNull();
        assertThat(error.reason()).isEqualTo(Reason.LENGTH);
        assertThat(error.messageId()).isEqualTo(id);
        assertThat(error.offset()).isEqualTo(Handshake.LENGTH);
        probe.closeWithoutLeak();
    }

    @Test
    void offsetIsWhereTheBadMessageBegins() {
        DecoderProbe probe = probe();
        probe.feed(bytes("0000000100" + "00000000"));

        assertThat(refused(probe, "ffffffff", false).offset()).isEqualTo(Handshake.LENGTH + 9);
        probe.closeWithoutLeak();
    }

    @Test
    void knownPieceCountLimitsTheBitfield() {
        DecoderProbe probe = probe();
        probe.limits().pieceCount(10);

        probe.feed(bytes("0000000305a040"));
        ProtocolException error = refused(probe, "0000000405", false);

        assertThat(error.messageId()).isEqualTo(5);
        probe.closeWithoutLeak();
    }

    // case 5, A-08: as soon as a byte differs
    @ParameterizedTest
    @CsvSource({"0", "1", "2", "10", "19"})
    void otherProtocolIsRefusedOnTheFirstByteThatDiffers(int index) {
        byte[] protocol = Handshake.protocol();
        protocol[index] ^= 1;
        DecoderProbe probe = DecoderProbe.with(PayloadMode.COPY);

        for (int i = 0; i < index; i++) {
            probe.feed(protocol, i, 1);
        }
        HandshakeException error = catchThrowableOfType(HandshakeException.class, () -> probe.feed(protocol, index, 1));

        assertThat(error).isNotNull().hasMessageContaining("byte " + index);
        assertThat(error.reason()).isEqualTo(HandshakeException.Reason.NOT_BITTORRENT);
        probe.closeWithoutLeak();
    }

    private static DecoderProbe probe() {
        DecoderProbe probe = DecoderProbe.withHandshake(PayloadMode.COPY);
        probe.limits().extension(EXTENSION, EXTENSION_LIMIT);
        return probe;
    }

    /** Feeds all but the last byte without harm; dripping, every byte is a read of its own. */
    private static ProtocolException refused(DecoderProbe probe, String head, boolean dripping) {
        byte[] all = bytes(head);
        int step = dripping ? 1 : all.length - 1;
        for (int at = 0; at < all.length - 1; at += step) {
            probe.feed(all, at, step);
        }
        ProtocolException error =
                catchThrowableOfType(ProtocolException.class, () -> probe.feed(all, all.length - 1, 1));
        assertThat(error).as("%s was not refused", head).isNotNull();
        return error;
    }
}
