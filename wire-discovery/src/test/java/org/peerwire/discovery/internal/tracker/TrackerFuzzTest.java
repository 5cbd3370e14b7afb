/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;

/** Fuzz tests of what trackers send: an answer in range, or a failure with one line for people. Attack A-87. */
class TrackerFuzzTest {

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "d8:completei7e10:incompletei9e8:intervali1800e12:min intervali60e5:peers6:\1\2\3\4\32\341e",
                        "d5:peersld2:ip7:1.2.3.44:porti80eed2:ip11:2606:4700::4:porti81eeee",
                        "d6:peers618:\46\6\107\0\0\0\0\0\0\0\0\0\0\0\0\1\0\120e",
                        "d14:failure reason4:gone8:retry in5:nevere",
                        "d14:failure reason2:no8:retry ini5ee",
                        "d15:warning message4:slow10:tracker id2:xy11:external ip4:\11\11\11\11e",
                        "d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1e10:downloadedi2e10:incompletei3eeee")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    @MethodSource("bodies")
    @FuzzTest
    void aBodyIsAnAnswerInRangeOrAFailure(byte[] body) {
        try {
            check(HttpReply.announce(body, false));
            HttpReply.scrape(body, List.of(Requests.HASH)).forEach(TrackerFuzzTest::check);
        } catch (TrackerException e) {
            check(e);
        }
    }

    static Stream<byte[]> packets() {
        return Stream.of(
                        "000000000102030411121314151617",
                        "00000000010203041112131415161718",
                        "000000010102030400000708000000090000000701020304" + "1ae1",
                        "0000000101020304000007080000000900000007" + "260647000000000000000000000000010050",
                        "0000000201020304000000010000000200000003",
                        "00000003010203046e6f0a")
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("packets")
    @FuzzTest
    void aPacketIsAnAnswerInRangeOrAFailure(byte[] packet) {
        UdpReply reply = UdpReply.read(Unpooled.wrappedBuffer(packet));
        if (reply == null) {
            assertThat(packet).hasSizeLessThan(8);
            return;
        }
        check(reply.failure());
        try {
            reply.connection();
            check(reply.announce(4, false));
            check(reply.announce(16, true));
            reply.scrape(List.of(Requests.HASH)).forEach(TrackerFuzzTest::check);
        } catch (TrackerException e) {
            check(e);
        }
    }

    private static void check(TrackerAnswer answer) {
        answer.interval().ifPresent(seconds -> assertThat(seconds).isBetween(0L, (long) Integer.MAX_VALUE));
        answer.minInterval().ifPresent(seconds -> assertThat(seconds).isBetween(0L, (long) Integer.MAX_VALUE));
        answer.seeders().ifPresent(peers -> assertThat(peers).isBetween(0L, 0xffff_ffffL));
        assertThat(answer.peers())
                .hasSizeLessThanOrEqualTo(TrackerPeers.MAX_PEERS)
                .doesNotHaveDuplicates();
        assertThat(answer.peers())
                .allMatch(peer -> peer.getPort() > 0 && !peer.getAddress().isAnyLocalAddress());
    }

    private static void check(Scrape scrape) {
        assertThat(scrape.seeders()).isBetween(0L, 0xffff_ffffL);
        assertThat(scrape.completed()).isBetween(0L, 0xffff_ffffL);
        assertThat(scrape.leechers()).isBetween(0L, 0xffff_ffffL);
    }

    private static void check(TrackerException e) {
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400).doesNotContainPattern("\\p{Cntrl}");
        e.retryIn().ifPresent(time -> assertThat(time.isNegative() || time.isZero())
                .isFalse());
    }
}
