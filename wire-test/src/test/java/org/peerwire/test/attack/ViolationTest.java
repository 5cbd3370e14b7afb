/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.SELF;
import static org.peerwire.test.Fixture.end;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.message.Feature;
import org.peerwire.message.Message;
import org.peerwire.test.Fixture;
import org.peerwire.test.Recorder;
import org.peerwire.test.ScriptedPeer;

/** Tests that a violation ends the wire with one error that has the reason, the message and the offset. */
class ViolationTest {
    private static final Features ALL = Features.DEFAULT.with(Feature.V2_UPGRADE);
    private static final String RANGE = "00".repeat(32) + "00000000 00000000 00000002 00000000";

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of(ALL, "ffffffff", Reason.LENGTH, -1, "4294967295"),
                Arguments.of(ALL, "0000000200", Reason.LENGTH, 0, "2"),
                Arguments.of(ALL, "0000000404 000000", Reason.LENGTH, 4, "3"),
                Arguments.of(ALL, "0000000504 0000000a", Reason.PIECE_INDEX, 4, "10"),
                Arguments.of(ALL, "0000000504 ffffffff", Reason.PIECE_INDEX, 4, "4294967295"),
                Arguments.of(ALL, "0000000205 a0", Reason.BITFIELD, 5, "1"),
                Arguments.of(ALL, "0000000305 a060", Reason.BITFIELD, 5, "last piece"),
                Arguments.of(ALL, "0000000b07 00000001 00004000 ffff", Reason.UNSOLICITED_BLOCK, 7, "1:16384"),
                Arguments.of(Features.NONE, "000000010e", Reason.UNEXPECTED, 14, "FAST"),
                Arguments.of(Features.NONE, "00000004 14 00 6465", Reason.UNEXPECTED, 20, "EXTENSION_PROTOCOL"),
                Arguments.of(Features.DEFAULT, "00000031 15" + RANGE, Reason.UNEXPECTED, 21, "V2_UPGRADE"),
                Arguments.of(ALL, "00000031 17" + RANGE, Reason.UNEXPECTED, 23, "not requested"),
                Arguments.of(ALL, "00000006 14 01 0000000a", Reason.PIECE_INDEX, 20, "10"),
                Arguments.of(ALL, "00000003 14 01 00", Reason.LENGTH, 20, "1"),
                Arguments.of(ALL, "00000001 0b".repeat(21), Reason.FLOOD, 11, "20"),
                Arguments.of(ALL, ("0000000d 10" + "00".repeat(12)).repeat(65), Reason.FLOOD, 16, "64"));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void violationTellsItsMessageItsOffsetAndItsNumbers(
            Features features, String hex, Reason reason, int messageId, String number) {
        ScriptedPeer peer = Fixture.peer(SELF.withFeatures(ALL), features);
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());
        String before = "00000001 01 00000001 02"; // unchoke, interested
        int length = hex.replace(" ", "").length() / 2;
        int times = reason == Reason.FLOOD ? Integer.parseInt(number) + 1 : 1;

        peer.sendHex(before + hex);

        assertThat(end(peer.wire())).isInstanceOfSatisfying(ProtocolException.class, violation -> {
            assertThat(violation.reason()).isEqualTo(reason);
            assertThat(violation.messageId()).isEqualTo(messageId);
            assertThat(violation.offset()).isEqualTo(Handshake.LENGTH + 10 + (long) length / times * (times - 1));
            assertThat(violation).hasMessageContaining(number);
            assertThat(inbound.error()).isSameAs(violation);
        });
        assertThat(peer.isClosed()).isTrue();
    }

    // no single message is wrong
    @Test
    void violationOfAShapeThatComesLaterHasNoOffset() {
        ScriptedPeer peer = Fixture.peer(Fixture.UNSHAPED, Features.NONE).send(new Message.Have(10));

        peer.wire().shape(Fixture.SHAPE).subscribe(done -> {}, error -> {});

        assertThat(end(peer.wire()))
                .isInstanceOfSatisfying(ProtocolException.class, violation -> assertThat(violation.offset())
                        .isEqualTo(-1));
    }
}
