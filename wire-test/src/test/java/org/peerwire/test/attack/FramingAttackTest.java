/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Fixture.PLAIN;
import static org.peerwire.test.Fixture.peer;
import static org.peerwire.test.Peers.PEER_ID;
import static org.peerwire.test.Peers.TORRENT;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.endOf;
import static org.peerwire.test.Peers.failureOf;
import static org.peerwire.test.Peers.hex;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Features;
import org.peerwire.Handshake;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.Tolerance;
import org.peerwire.message.Message;
import org.peerwire.message.MessageType;
import org.peerwire.test.Fixture;
import org.peerwire.test.Recorder;
import org.peerwire.test.Role;
import org.peerwire.test.ScriptedPeer;

/** Tests false lengths and malformed messages. */
class FramingAttackTest {

    private static ScriptedPeer open() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(Features.DEFAULT);
        peer.received();
        return peer;
    }

    /** Sends these bytes and checks that nothing happens before the last one. If dripping, each byte is one read. */
    private static ProtocolException refusedOnTheLastByte(String head, boolean dripping) {
        ScriptedPeer peer = open();
        int last = head.length() - 2;
        for (int at = 0; at < last; at += dripping ? 2 : last) {
            peer.sendHex(head.substring(at, dripping ? at + 2 : last));
        }
        assertThat(peer.isClosed()).isFalse();

        peer.sendHex(head.substring(last));

        assertThat(peer.isClosed()).isTrue();
        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.LENGTH);
        assertThat(error.offset()).isEqualTo(Handshake.LENGTH);
        assertThat(failureOf(peer.wire().inbound())).isEqualTo(error);
        return error;
    }

    // cases 19, 21
    @ParameterizedTest
    @ValueSource(strings = {"80000000", "ffffffff", "7fffffff", "00100001"})
    void a01_hugeLengthPrefixIsRefusedOnItsFourthByte(String prefix) {
        for (boolean dripping : new boolean[] {false, true}) {
            ProtocolException error = refusedOnTheLastByte(prefix, dripping);

            assertThat(error.messageId()).isEqualTo(-1);
            assertThat(error)
                    .hasMessageContaining(Long.toString(Long.parseLong(prefix, 16)))
                    .hasMessageContaining("1048576");
        }
    }

    // cases 15, 19: one byte over the maximum of the type
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
    void a01_lengthOverTheCapOfItsTypeIsRefusedOnTheFifthByte(String type, String head) {
        for (boolean dripping : new boolean[] {false, true}) {
            ProtocolException error = refusedOnTheLastByte(head, dripping);

            assertThat(error.messageId()).isEqualTo(Integer.parseInt(head.substring(8), 16));
            assertThat(error)
                    .hasMessageContaining(type)
                    .hasMessageContaining(Long.toString(Long.parseLong(head.substring(0, 8), 16)));
        }
    }

    // case 19: the extended handshake, and a number we have not given
    @ParameterizedTest
    @ValueSource(strings = {"000080031400", "000100031409"})
    void a01_lengthOverTheCapOfItsExtensionIsRefusedOnTheSixthByte(String head) {
        for (boolean dripping : new boolean[] {false, true}) {
            assertThat(refusedOnTheLastByte(head, dripping).messageId()).isEqualTo(20);
        }
    }

    // case 20
    @ParameterizedTest
    @CsvSource({"0004000105, 262145", "000040010a, 16385", "000080021400, 32770", "000100021409, 65538", "00100000, 0"})
    void a01_lengthOfExactlyTheCapIsAccepted(String head, int length) {
        ScriptedPeer peer = open().sendHex(head);
        if (length > 0) {
            peer.sendHex("00".repeat(4 + length - head.length() / 2));
        }

        assertThat(peer.isClosed()).isFalse();
        assertThat(peer.wire().stats().messagesIn()).isEqualTo(length > 0 ? 1 : 0);
        peer.dispose();
    }

    static Stream<Arguments> wrongLengths() {
        return Arrays.stream(MessageType.values())
                .filter(type -> type.id() >= 0)
                .flatMap(type -> {
                    int exact = type.isFixedLength() ? type.minLength() : -1;
                    IntStream wrong =
                            switch (type) {
                                case BITFIELD -> IntStream.of(262_145);
                                case PIECE -> IntStream.of(0, 1, 7);
                                case EXTENDED -> IntStream.of(0);
                                case HASHES -> IntStream.of(0, 1, 47, 49, 79, 81);
                                default -> IntStream.of(0, 1, exact - 1, exact + 1);
                            };
                    return wrong.filter(body -> body >= 0 && body != exact)
                            .distinct()
                            .mapToObj(body -> Arguments.of(type, body));
                });
    }

    @ParameterizedTest
    @MethodSource("wrongLengths")
    void a02_wrongLengthOfAMessageIsRefused(MessageType type, int body) {
        ScriptedPeer peer = open().sendHex("00000000");

        peer.sendHex("%08x%02x%s".formatted(body + 1, type.id(), "00".repeat(body)));

        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.LENGTH);
        assertThat(error.messageId()).isEqualTo(type.id());
        assertThat(error.offset()).isEqualTo(Handshake.LENGTH + 4);
        assertThat(error)
                .hasMessageContaining(type.name())
                .hasMessageMatching(".* (%d|%d) bytes.*".formatted(body, body + 1));
        if (type.isFixedLength()) {
            assertThat(error)
                    .hasMessageMatching(
                            ".*; (%d|at most %d) are accepted".formatted(type.minLength(), type.minLength() + 1));
        }
    }

    @Test
    void a03_floodOfKeepAlivesEndsTheWire() {
        ScriptedPeer peer = peer(PLAIN);
        for (int i = 0; i < 100; i++) {
            peer.send(new Message.KeepAlive());
        }
        peer.advance(Duration.ofSeconds(11));
        for (int i = 0; i < 100; i++) {
            peer.send(new Message.KeepAlive());
        }
        assertThat(peer.isClosed()).isFalse();

        peer.send(new Message.KeepAlive());
        assertThat(Fixture.violation(peer)).isEqualTo(ProtocolException.Reason.FLOOD);
    }

    // case 23
    @ParameterizedTest
    @EnumSource(Role.class)
    void a04_handshakeMayBeCutAnywhere(Role role) {
        String hex = "13426974546f7272656e742070726f746f636f6c0000000000100004" + TORRENT.toHex() + PEER_ID.toHex();
        for (int cut = 2; cut < hex.length(); cut += 2) {
            ScriptedPeer peer = role.peer(alice());

            peer.sendHex(hex.substring(0, cut)).sendHex(hex.substring(cut) + "0000000101");

            assertThat(peer.wire().remote()).isEqualTo(new Handshake(Features.DEFAULT, TORRENT, PEER_ID));
            assertThat(peer.wire().state().peerChoking()).isFalse();
            peer.dispose();
        }
    }

    // case 22
    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12, 18, 19, 24, 255})
    void a06_unknownMessageIsShownAndCounted(int id) {
        List<Message> seen = new ArrayList<>();
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                        alice(), o -> o, wire -> wire.inbound().subscribe(seen::add))
                .handshake(Features.DEFAULT);
        Message unknown = new Message.Unknown(id, hex("0102"));

        peer.send(unknown, new Message.Unchoke());

        assertThat(seen).containsExactly(unknown, new Message.Unchoke());
        assertThat(peer.wire().stats().ignored(Ignored.UNKNOWN_MESSAGE)).isEqualTo(1);
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.dispose();
    }

    // 20 in a minute
    @Test
    void a06_moreUnknownMessagesThanAnHonestPeerSendsEndTheWire() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(Features.DEFAULT);
        for (int i = 0; i < 20; i++) {
            peer.sendHex("000000010a");
        }
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            peer.sendHex("000000010a");
        }
        assertThat(peer.wire().isDisposed()).isFalse();

        peer.sendHex("000000010a");

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.FLOOD);
    }

    @Test
    void a03_millionKeepAlivesInOneReadEndAfterAHundred() {
        ScriptedPeer peer = open();
        Recorder<Message> inbound = Recorder.of(peer.wire().inbound());

        peer.send(Unpooled.wrappedBuffer(new byte[4_000_000]));

        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.FLOOD);
        assertThat(error.offset()).isEqualTo(Handshake.LENGTH + 400);
        assertThat(peer.wire().stats().messagesIn()).isEqualTo(101);
        assertThat(peer.wire().stats().ignored(Ignored.KEEP_ALIVE)).isEqualTo(101);
        assertThat(inbound.values()).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 12, 18, 19, 24, 255})
    void a06_withoutToleranceTheFirstUnknownMessageEndsTheWire(int id) {
        ScriptedPeer peer = ScriptedPeer.dialledBy(
                        alice(),
                        options -> options.limits(limits -> limits.tolerance(Ignored.UNKNOWN_MESSAGE, Tolerance.NONE)),
                        wire -> {})
                .handshake(Features.DEFAULT);

        peer.sendHex("0000000101" + "00000001%02x".formatted(id));

        ProtocolException error = endOf(peer.wire(), ProtocolException.class);
        assertThat(error.reason()).isEqualTo(Reason.UNEXPECTED);
        assertThat(error.messageId()).isEqualTo(id);
        assertThat(error.offset()).isEqualTo(Handshake.LENGTH + 5);
    }
}
