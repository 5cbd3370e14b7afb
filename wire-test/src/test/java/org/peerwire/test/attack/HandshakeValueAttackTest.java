/* SPDX-License-Identifier: MIT */
package org.peerwire.test.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.test.Peers.LTEP;
import static org.peerwire.test.Peers.alice;
import static org.peerwire.test.Peers.collect;
import static org.peerwire.test.Peers.handshake;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
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
import org.peerwire.Features;
import org.peerwire.Ignored;
import org.peerwire.LocalPeer;
import org.peerwire.TorrentShape;
import org.peerwire.extension.ExtendedHandshake;
import org.peerwire.message.Message;
import org.peerwire.test.ScriptedPeer;
import reactor.core.publisher.Mono;

/** Tests invalid values of an extended handshake: the other keys keep their values. */
class HandshakeValueAttackTest {
    private static ScriptedPeer peer() {
        ScriptedPeer peer = ScriptedPeer.dialledBy(alice()).handshake(LTEP);
        peer.received();
        return peer;
    }

    /** Returns the handshake after a dictionary with these entries and a valid {@code m}. */
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

    static Stream<String[]> clients() {
        return Stream.of(
                new String[] {"Test 1.0", "Test 1.0"},
                new String[] {"", ""},
                new String[] {"a\0b\nc\u001b[31md\u007f", "abc[31md"},
                new String[] {"x".repeat(30_000), "x".repeat(128)},
                new String[] {"\ud83d\ude00".repeat(200), "\ud83d\ude00".repeat(128)},
                new String[] {"\u00b5Torrent 3.5", "\u00b5Torrent 3.5"});
    }

    // case 65
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
    void a37_requestQueueIsInRangeOrAbsent(String value, @Nullable Integer expected) {
        assertThat(with("4:reqq" + value).requestQueue())
                .isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4:reqqi9223372036854775808e", "1:pi99999999999999999999e"})
    void a37_integerOfMoreThanSixtyFourBitsIsAbsent(String entry) {
        ExtendedHandshake now = with(entry);

        assertThat(now.requestQueue()).isEmpty();
        assertThat(now.listenPort()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"i1e, 1", "i65535e, 65535", "i0e,", "i-1e,", "i65536e,", "i4294967297e,", "4:6881,"})
    void a37_listenPortIsAPortOrAbsent(String value, @Nullable Integer expected) {
        assertThat(with("1:p" + value).listenPort())
                .isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
    }

    // case 65
    @ParameterizedTest
    @CsvSource({"i31235e, 31235", "i1e, 1", "i0e,", "i-1e,", "5:31235,", "i9223372036854775807e, 9223372036854775807"})
    void a37_metadataSizeIsPositiveOrAbsent(String value, @Nullable Long expected) {
        assertThat(with("13:metadata_size" + value).metadataSize())
                .isEqualTo(expected == null ? OptionalLong.empty() : OptionalLong.of(expected));
    }

    // case 67
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
    void a37_yourIpHasTheLengthOfAnAddressOrIsAbsent(String value, @Nullable String expected)
            throws UnknownHostException {
        ExtendedHandshake now = with("6:yourip" + value);

        if (expected == null) {
            assertThat(now.yourIp()).isEmpty();
        } else {
            assertThat(now.yourIp()).contains(InetAddress.getByName(expected));
        }
    }

    @Test
    void a37_ownAddressesHaveTheirFamilysLengthOrAreAbsent() throws UnknownHostException {
        assertThat(with("4:ipv44:P\4\4\u00c8").ipv4()).contains(InetAddress.getByName("80.4.4.200"));
        assertThat(with("4:ipv416:abcdefghijklmnop").ipv4()).isEmpty();
        assertThat(with("4:ipv64:abcd").ipv6()).isEmpty();
        assertThat(with("4:ipv616:abcdefghijklmnop").ipv6()).isPresent();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void a37_clientNameIsShortAndPrintable(String sent, String shown) {
        byte[] utf8 = sent.getBytes(UTF_8);
        ExtendedHandshake now = with("1:v" + utf8.length + ":" + new String(utf8, ISO_8859_1));

        assertThat(now.client()).contains(shown);
        assertThat(now.dictionary().getBytes("v")).contains(utf8);
    }

    @Test
    void a37_clientNameThatIsNotUtf8IsReplacedAndKept() {
        ExtendedHandshake now = with("1:v3:a\u00ffb");

        assertThat(now.client()).contains("a\ufffdb");
        assertThat(now.dictionary().getBytes("v")).contains(new byte[] {'a', (byte) 0xff, 'b'});
        assertThat(with("1:vi1e").client()).isEmpty();
    }

    @Test
    void a37_flagsOfAnotherKindAreOff() {
        assertThat(with("11:upload_onlyi1e").uploadOnly()).isTrue();
        assertThat(with("11:upload_only1:1").uploadOnly()).isFalse();
        assertThat(with("11:upload_onlyi0e").uploadOnly()).isFalse();
        assertThat(with("1:ei1e").prefersEncryption()).isTrue();
        assertThat(with("1:ele").prefersEncryption()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"d1:mi1ee", "d1:mlee", "d1:m6:ut_pexe", "de"})
    void a37_mThatIsNotADictionaryIsAnEmptyOne(String dictionary) {
        ScriptedPeer peer = peer().send(handshake(dictionary));

        assertThat(collect(peer.wire().extendedHandshake()))
                .singleElement()
                .satisfies(now -> assertThat(now.extensions()).isEmpty());
        peer.dispose();
    }

    // each typed view omits exactly the counted values
    @Test
    void a37_whatMakesNoSenseIsCountedByKey() {
        ScriptedPeer peer = peer();

        peer.send(handshake("d1:ei2e4:ipv43:abc4:ipv64:abcd1:md6:ut_pexi256ee13:metadata_sizei-1e1:pi0e4:reqqi0e"
                + "11:upload_onlyle1:vi1e6:yourip3:abc7:unknownlee"));

        assertThat(peer.wire().stats().ignored(Ignored.HANDSHAKE_VALUE)).isEqualTo(10);
        assertThat(peer.wire().extendedHandshake().block(Duration.ZERO).oddKeys())
                .containsExactlyInAnyOrder(
                        "v", "p", "reqq", "metadata_size", "yourip", "ipv4", "ipv6", "upload_only", "e");
        peer.send(handshake("d1:ei1e4:ipv44:abcd1:mde13:metadata_sizei1e1:pi1e4:reqqi99999e11:upload_onlyi0e1:v1:Xe"));
        peer.send(handshake("d1:mlee"));
        assertThat(peer.wire().stats().ignored(Ignored.HANDSHAKE_VALUE)).isEqualTo(11);
        peer.dispose();
    }

    // the claim of one peer about our address changes no behaviour
    @Test
    void a38_yourIpIsAHintAndNothingMore() throws UnknownHostException {
        LocalPeer self = alice().withFeatures(Features.DEFAULT).withShape(TorrentShape.of(5_000L * 16_384, 16_384));
        List<List<Message>> said = new ArrayList<>();
        for (String address : List.of("", "6:yourip4:" + "\u0001\u0002\u0003\u0004", "6:yourip4:" + "\u0009\0\0\0")) {
            ScriptedPeer peer = ScriptedPeer.dialledBy(self).handshake(Features.DEFAULT);
            SocketAddress before = peer.wire().localAddress();
            peer.send(handshake("d" + address + "e"));
            peer.wire().blocks().serve(block -> Mono.empty()).subscribe();
            said.add(peer.received());
            assertThat(peer.wire().localAddress()).isEqualTo(before);
            assertThat(peer.wire()
                            .extendedHandshake()
                            .block(Duration.ZERO)
                            .yourIp()
                            .isPresent())
                    .isEqualTo(!address.isEmpty());
            peer.dispose();
        }

        assertThat(said.get(0)).hasSize(11); // the extended handshake, ten allowed-fast pieces
        assertThat(said).allMatch(said.get(0)::equals);
    }
}
