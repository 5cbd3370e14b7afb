/* SPDX-License-Identifier: MIT */
package org.peerwire.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.LTEP;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.collect;
import static org.peerwire.test.Peers.endOf;
import static org.peerwire.test.Peers.handshake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.ProtocolException;
import org.peerwire.ProtocolException.Reason;
import org.peerwire.WireStats.Ignored;
import org.peerwire.extension.ExtendedHandshake;

/** Extended handshakes that no honest peer sends: one strange key never costs the others. */
class HostileExtendedHandshakeTest {

    private static ScriptedPeer peer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(LTEP);
        peer.received();
        return peer;
    }

    /** What holds after a dictionary with these entries and an {@code m} that has to survive. */
    private static ExtendedHandshake with(String entries) {
        ScriptedPeer peer = peer().send(handshake("d1:md6:ut_pexi1ee" + entries + "e"));
        List<ExtendedHandshake> taken = collect(peer.wire().extendedHandshake());
        assertThat(taken).as("the handshake was taken").hasSize(1);
        ExtendedHandshake now = taken.get(0);
        assertThat(now.extensions()).isEqualTo(Map.of("ut_pex", 1));
        assertThat(peer.wire().isDisposed()).isFalse();
        peer.dispose();
        return now;
    }

    // case 65, A-37
    @ParameterizedTest
    @CsvSource({
        "i1e, 1",
        "i500e, 500",
        "i65536e, 65536",
        "i65537e, 65536",
        "i9223372036854775807e, 65536",
        "i0e,",
        "i-1e,",
        "i-9223372036854775808e,",
        "3:500,",
        "li500ee,"
    })
    void requestQueueIsInRangeOrAbsent(String value, @Nullable Integer expected) {
        assertThat(with("4:reqq" + value).requestQueue())
                .isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
    }

    //
    @ParameterizedTest
    @ValueSource(strings = {"4:reqqi9223372036854775808e", "1:pi99999999999999999999e"})
    void integerOfMoreThanSixtyFourBitsIsAbsent(String entry) {
        ExtendedHandshake now = with(entry);

        assertThat(now.requestQueue()).isEmpty();
        assertThat(now.listenPort()).isEmpty();
    }

    //
    @ParameterizedTest
    @CsvSource({"i1e, 1", "i65535e, 65535", "i0e,", "i-1e,", "i65536e,", "i4294967297e,", "4:6881,"})
    void listenPortIsAPortOrAbsent(String value, @Nullable Integer expected) {
        assertThat(with("1:p" + value).listenPort())
                .isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
    }

    // case 65, A-37
    @ParameterizedTest
    @CsvSource({"i31235e, 31235", "i1e, 1", "i0e,", "i-1e,", "5:31235,", "i9223372036854775807e, 9223372036854775807"})
    void metadataSizeIsPositiveOrAbsent(String value, @Nullable Long expected) {
        assertThat(with("13:metadata_size" + value).metadataSize())
                .isEqualTo(expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
    }

    // case 67, A-37
    @ParameterizedTest
    @CsvSource({
        "'4:P\u0004\u0004\u00c8', 80.4.4.200",
        "'16:\u0020\u0001\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\2', 2001:db8::2",
        "'3:abc',",
        "'0:',",
        "'5:abcde',",
        "'15:abcdefghijklmno',",
        "'17:abcdefghijklmnopq',",
        "i1e,"
    })
    void yourIpHasTheLengthOfAnAddressOrIsAbsent(String value, @Nullable String expected) throws UnknownHostException {
        ExtendedHandshake now = with("6:yourip" + value);

        if (expected == null) {
            assertThat(now.yourIp()).isEmpty();
        } else {
            assertThat(now.yourIp()).contains(InetAddress.getByName(expected));
        }
    }

    //
    @Test
    void ownAddressesHaveTheirFamilysLengthOrAreAbsent() throws UnknownHostException {
        assertThat(with("4:ipv44:P\4\4\u00c8").ipv4()).contains(InetAddress.getByName("80.4.4.200"));
        assertThat(with("4:ipv416:abcdefghijklmnop").ipv4()).isEmpty();
        assertThat(with("4:ipv64:abcd").ipv6()).isEmpty();
        assertThat(with("4:ipv616:abcdefghijklmnop").ipv6()).isPresent();
    }

    static Stream<String[]> clients() {
        return Stream.of(
                new String[] {"Test 1.0", "Test 1.0"},
                new String[] {"", ""},
                new String[] {"a\0b\nc\u001b[31md\u007f", "abc[31md"},
                new String[] {"x".repeat(30_000), "x".repeat(128)},
                new String[] {"\ud83d\ude00".repeat(200), "\ud83d\ude00".repeat(128)},
                new String[] {"\u00b5Torrent 3.5", "\u00b5Torrent 3.5"});
    }

    //
    @ParameterizedTest
    @MethodSource("clients")
    void clientNameIsShortAndPrintable(String sent, String shown) {
        byte[] utf8 = sent.getBytes(UTF_8);
        ExtendedHandshake now = with("1:v" + utf8.length + ":" + new String(utf8, ISO_8859_1));

        assertThat(now.client()).contains(shown);
        assertThat(now.dictionary().getBytes("v")).contains(utf8);
    }

    //
    @Test
    void clientNameThatIsNotUtf8IsReplacedAndKept() {
        ExtendedHandshake now = with("1:v3:a\u00ffb");

        assertThat(now.client()).contains("a\ufffdb");
        assertThat(now.dictionary().getBytes("v")).contains(new byte[] {'a', (byte) 0xff, 'b'});
        assertThat(with("1:vi1e").client()).isEmpty();
    }

    //
    @Test
    void flagsOfAnotherKindAreOff() {
        assertThat(with("11:upload_onlyi1e").uploadOnly()).isTrue();
        assertThat(with("11:upload_only1:1").uploadOnly()).isFalse();
        assertThat(with("11:upload_onlyi0e").uploadOnly()).isFalse();
        assertThat(with("1:ei1e").prefersEncryption()).isTrue();
        assertThat(with("1:ele").prefersEncryption()).isFalse();
    }

    //
    @ParameterizedTest
    @ValueSource(strings = {"d1:mi1ee", "d1:mlee", "d1:m6:ut_pexe", "de"})
    void mThatIsNoDictionaryIsAnEmptyOne(String dictionary) {
        ScriptedPeer peer = peer().send(handshake(dictionary));

        assertThat(collect(peer.wire().extendedHandshake()))
                .singleElement()
                .satisfies(now -> assertThat(now.extensions()).isEmpty());
        peer.dispose();
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

    //
    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsCountedAndChangesNothing(String payload) {
        ScriptedPeer peer = peer();

        peer.send(handshake(payload));
        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(1);
        assertThat(collect(peer.wire().extendedHandshake())).isEmpty();
        peer.send(handshake("d1:md6:ut_pexi1eee"));

        assertThat(collect(peer.wire().extendedHandshake())).hasSize(1);
        peer.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"i1e", "le", "3:abc"})
    void valueThatIsNoDictionaryIsCountedAndChangesNothing(String payload) {
        ScriptedPeer peer = peer().send(handshake(payload));

        assertThat(peer.wire().stats().ignored(Ignored.EXTENDED_HANDSHAKE)).isEqualTo(1);
        assertThat(collect(peer.wire().extendedHandshake())).isEmpty();
        peer.dispose();
    }

    //
    @Test
    void handshakeOverTheLimitEndsTheWireOnItsSixthByte() {
        ScriptedPeer peer = peer().sendHex("000080031400");

        assertThat(endOf(peer.wire(), ProtocolException.class).reason()).isEqualTo(Reason.LENGTH);
    }

    //
    @Test
    void thousandEqualHandshakesAreOneEvent() {
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
    void handshakesAreHeardAtOneASecond() {
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

    //
    @Test
    void thousandChangingHandshakesAreHeardAHundredTimes() {
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

    // A-33, R4: ever new keys do not add up without end
    @Test
    void mergedHandshakeIsBounded() {
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
