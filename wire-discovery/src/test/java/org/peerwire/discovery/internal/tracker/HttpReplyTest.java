/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;
import org.peerwire.discovery.TrackerException.Reason;

/** Attack A-87. */
class HttpReplyTest {

    @Test
    void aCompactAnswerIsRead() {
        TrackerAnswer answer = read("d8:completei7e10:incompletei9e8:intervali1800e12:min intervali60e"
                + "5:peers12:\1\2\3\4\32\341\5\6\7\10\0\120"
                + "15:warning message4:slow10:tracker id2:xy11:external ip4:\11\11\11\11e");
        assertThat(answer.interval()).hasValue(1_800);
        assertThat(answer.minInterval()).hasValue(60);
        assertThat(answer.seeders()).hasValue(7);
        assertThat(answer.leechers()).hasValue(9);
        assertThat(answer.peers()).containsExactly(peer("1.2.3.4", 6881), peer("5.6.7.8", 80));
        assertThat(answer.warning()).isEqualTo("slow");
        assertThat(answer.trackerId()).isEqualTo(new byte[] {'x', 'y'});
        assertThat(answer.externalAddress()).isEqualTo(peer("9.9.9.9", 1).getAddress());
    }

    @Test
    void peersOfTheDictionaryFormAreReadAndNamesSkipped() {
        assertThat(read("d5:peersld2:ip7:1.2.3.44:porti80eed2:ip11:2606:4700::4:porti81eed2:ip9:localhost4:porti82ee"
                                + "d2:ip7:1.2.3.44:porti65536eed2:ip7:1.2.3.44:porti0eei5eee")
                        .peers())
                .containsExactly(peer("1.2.3.4", 80), peer("2606:4700::", 81));
    }

    @Test
    void peers6AreRead() {
        String six = "\46\6\107\0\0\0\0\0\0\0\0\0\0\0\0\1\0\120";
        assertThat(read("d5:peers0:6:peers618:" + six + "e").peers()).containsExactly(peer("2606:4700::1", 80));
    }

    @Test
    void anIncompletePeerIsSkippedAndARepeatedOneOnce() {
        assertThat(read("d5:peers16:\1\2\3\4\0\120\1\2\3\4\0\120\1\2\3\4e").peers())
                .containsExactly(peer("1.2.3.4", 80));
    }

    @Test
    void peersOfTheLocalNetworkNeedPermission() {
        String body = "d5:peers24:\177\0\0\1\0\120\300\250\1\1\0\120\0\0\0\0\0\120\340\0\0\1\0\120"
                + "6:peers618:\0\0\0\0\0\0\0\0\0\0\377\377\12\0\0\1\0\120e";
        assertThat(read(body).peers()).isEmpty();
        assertThat(HttpReply.announce(body.getBytes(ISO_8859_1), true).peers())
                .containsExactly(peer("127.0.0.1", 80), peer("192.168.1.1", 80), peer("10.0.0.1", 80));
    }

    @Test
    void aMappedAddressIsThatOfIpv4() {
        String body = "d5:peersld2:ip18:::ffff:81.2.69.1424:porti80eed2:ip16:::ffff:127.0.0.14:porti80ee"
                + "d2:ip14:::ffff:0.0.0.04:porti80eed2:ip16:::ffff:224.0.0.14:porti80eee"
                + "6:peers618:\0\0\0\0\0\0\0\0\0\0\377\377\1\1\1\1\0\120e";
        assertThat(read(body).peers()).containsExactly(peer("81.2.69.142", 80), peer("1.1.1.1", 80));
        assertThat(HttpReply.announce(body.getBytes(ISO_8859_1), true).peers())
                .containsExactly(peer("81.2.69.142", 80), peer("127.0.0.1", 80), peer("1.1.1.1", 80));
    }

    @Test
    void noMoreThanTwoThousandPeersAreKept() {
        StringBuilder peers = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            peers.append("\1\1")
                    .append((char) (i >> 8))
                    .append((char) (i & 0xff))
                    .append("\0\1");
        }
        assertThat(read("d5:peers15000:" + peers + "e").peers()).hasSize(2_000);
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "8:intervali-1e",
        "8:intervali2147483648e",
        "8:intervali99999999999999999999e",
        "8:interval2:10",
        "8:completei4294967296e"
    })
    void numbersOutOfRangeCountAsAbsent(String entry) {
        TrackerAnswer answer = read("d" + entry + "e");
        assertThat(answer.interval()).isEmpty();
        assertThat(answer.seeders()).isEmpty();
        assertThat(answer.peers()).isEmpty();
        assertThat(answer.warning()).isNull();
    }

    @Test
    void aFailureReasonIsARefusal() {
        TrackerException e = failure("d14:failure reason9:not\nhere\1e");
        assertThat(e.reason()).isEqualTo(Reason.REFUSED);
        assertThat(e).hasMessage("refused by the tracker: not\uFFFDhere\uFFFD");
        assertThat(e.retryIn()).isEmpty();
        assertThat(failure("d14:failure reason" + "300:" + "x".repeat(300) + "e")
                        .getMessage())
                .hasSize(24 + 200);
    }

    /** BEP 31. */
    @ParameterizedTest
    @CsvSource({
        "i5e, 300",
        "1:5, 300",
        "i0e, -1",
        "i-5e, -1",
        "i9223372036854775807e, 86400",
        "5:never, 9223372036854775807"
    })
    void theTimeOfARetryIsRead(String value, long seconds) {
        assertThat(failure("d14:failure reason1:x8:retry in" + value + "e")
                        .retryIn()
                        .map(Duration::toSeconds))
                .isEqualTo(seconds < 0 ? java.util.Optional.empty() : java.util.Optional.of(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "i5e", "<html>", "d", "d8:interval", "le", "4:spam"})
    void anotherBodyIsMalformed(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(TrackerException.class, e -> assertThat(e.reason())
                .isEqualTo(Reason.MALFORMED));
    }

    @Test
    void aLineEndAfterTheAnswerIsIgnored() {
        assertThat(read("d8:intervali5ee\r\n").interval()).hasValue(5);
    }

    /** BEP 48, with the numbers of its example. */
    @Test
    void aScrapeIsReadInTheOrderAsked() {
        InfoHash one = InfoHash.parse("ff".repeat(20));
        InfoHash two = InfoHash.parse("61".repeat(20));
        String body = "d5:filesd20:" + "a".repeat(20) + "d8:completei11e10:downloadedi13772e10:incompletei19ee" + "20:"
                + "b".repeat(20) + "de20:" + "\377".repeat(20) + "d8:completei21ee" + "eee";
        assertThat(HttpReply.scrape(body.getBytes(ISO_8859_1), List.of(one, two, Requests.HASH)))
                .containsExactly(new Scrape(one, 21, 0, 0), new Scrape(two, 11, 13_772, 19));
        assertThatThrownBy(() -> HttpReply.scrape("d14:failure reason1:xe".getBytes(ISO_8859_1), List.of(one)))
                .isInstanceOf(TrackerException.class);
    }

    private static TrackerAnswer read(String body) {
        return HttpReply.announce(body.getBytes(ISO_8859_1), false);
    }

    private static TrackerException failure(String body) {
        return catchThrowableOfType(TrackerException.class, () -> read(body));
    }

    private static InetSocketAddress peer(String literal, int port) {
        return new InetSocketAddress(literal, port);
    }
}
