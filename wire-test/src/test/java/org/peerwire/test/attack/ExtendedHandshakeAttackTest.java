/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.LTEP;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.collect;
import static org.peerwire.test.Peers.endOf;
import static org.peerwire.test.Peers.handshake;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Ignored;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.test.ScriptedPeer;

/** Tests extended handshakes that are too large, too deep or too frequent. */
class ExtendedHandshakeAttackTest {

    private static ScriptedPeer peer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(LTEP);
        peer.received();
        return peer;
    }

    static Stream<String> nonsense() {
        return Stream.of(
                "",
                "d",
                "x",
                "d1:me",
                "d1:md6:ut_pexi1ee",
                "l".repeat(32_768),
                "d1:a".repeat(8_192),
                "l" + "i1e".repeat(4_096) + "e",
                "99999999:x",
                "i1");
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void a32_nonsenseIsCountedAndChangesNothing(String payload) {
        ScriptedPeer peer = peer();

        peer.send(handshake(payload));
        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(1);
        assertThat(collect(peer.wire().extendedHandshake())).isEmpty();
        peer.send(handshake("d1:md6:ut_pexi1eee"));

        assertThat(collect(peer.wire().extendedHandshake())).hasSize(1);
        peer.dispose();
    }

    @Test
    void a32_dictionaryOfExactlyTheLimitsIsTaken() {
        String tokens = "d" + "1:ai1e".repeat(2_047) + "e"; // 4,095 values and the dictionary
        String deep = "d1:x" + "l".repeat(31) + "e".repeat(31) + "e";
        for (String most : List.of(tokens, deep)) {
            ScriptedPeer peer = peer().send(handshake(most));
            assertThat(collect(peer.wire().extendedHandshake())).hasSize(1);
            assertThat(peer.wire().stats().ignored()).isEmpty();
            peer.dispose();
        }

        for (String more :
                List.of("d" + "1:ai1e".repeat(2_048) + "e", "d1:x" + "l".repeat(32) + "e".repeat(32) + "e")) {
            ScriptedPeer peer = peer().send(handshake(more));
            assertThat(collect(peer.wire().extendedHandshake())).isEmpty();
            assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(1);
            peer.dispose();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"i1e", "le", "3:abc"})
    void a32_valueThatIsNotADictionaryIsCountedAndChangesNothing(String payload) {
        ScriptedPeer peer = peer().send(handshake(payload));

        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(1);
        assertThat(collect(peer.wire().extendedHandshake())).isEmpty();
        peer.dispose();
    }

    @Test
    void a32_handshakeOverTheLimitEndsTheWireOnItsSixthByte() {
        ScriptedPeer peer = peer().sendHex("000080031400");

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.LENGTH);
    }

    @Test
    void a33_thousandEqualHandshakesAreOneEvent() {
        ScriptedPeer peer = peer();
        List<ExtendedHandshake> seen = collect(peer.wire().extendedHandshakes());

        for (int i = 0; i < 1_000; i++) {
            peer.send(handshake("d1:md6:ut_pexi1ee4:reqqi9ee"));
        }

        assertThat(seen).hasSize(1);
        assertThat(peer.wire().isDisposed()).isFalse();
        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(992);
        peer.expectNothing().dispose();
    }

    // eight at once, then one a second
    @Test
    void a33_handshakesAreHeardAtOneASecond() {
        ScriptedPeer peer = peer();
        List<ExtendedHandshake> seen = collect(peer.wire().extendedHandshakes());
        int sent = 0;
        for (; sent < 20; sent++) {
            peer.send(handshake("d4:reqqi" + (sent + 1) + "ee"));
        }
        assertThat(seen).hasSize(8);

        peer.advance(Duration.ofMillis(999)).send(handshake("d4:reqqi100ee"));
        assertThat(seen).hasSize(8);
        peer.advance(Duration.ofMillis(1)).send(handshake("d4:reqqi101ee"), handshake("d4:reqqi102ee"));

        assertThat(seen).hasSize(9).last().satisfies(now -> assertThat(now.requestQueue())
                .hasValue(101));
        peer.advance(Duration.ofSeconds(60)).sendHex("00000000");
        for (int i = 200; i < 220; i++) {
            peer.send(handshake("d4:reqqi" + i + "ee"));
        }
        assertThat(seen).hasSize(17);
        peer.dispose();
    }

    @Test
    void a33_thousandChangingHandshakesAreHeardAHundredTimes() {
        ScriptedPeer peer = peer();
        List<ExtendedHandshake> seen = collect(peer.wire().extendedHandshakes());

        for (int i = 1; i <= 1_000; i++) {
            peer.advance(Duration.ofSeconds(1)).send(handshake("d1:md6:ut_pexi1ee4:reqqi" + i + "ee"));
            peer.received();
        }

        assertThat(seen).hasSize(100);
        assertThat(peer.wire().extendedHandshake().block(Duration.ZERO).requestQueue())
                .hasValue(100);
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.expectNothing().dispose();
    }

    // the number of merged keys has a limit
    @Test
    void a33_mergedHandshakeIsBounded() {
        ScriptedPeer peer = peer();

        for (int i = 0; i < 100; i++) {
            String key = String.format("key%05d", i);
            peer.advance(Duration.ofSeconds(1)).send(handshake("d8:" + key + "8000:" + "z".repeat(8_000) + "e"));
        }

        ExtendedHandshake now = peer.wire().extendedHandshake().block(Duration.ZERO);
        assertThat(now.dictionary().encodedLength()).isLessThanOrEqualTo(64 * 1024);
        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isPositive();
        peer.dispose();
    }
}
