/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.peerwire.discovery.Scrape;
import org.peerwire.discovery.TrackerException;

/** The layouts of BEP 15 and 41. Attack A-87. */
class UdpPacketsTest {
    private static final URI PLAIN = URI.create("udp://t:80");

    @Test
    void aConnectRequestHasThe16BytesOfBep15() {
        assertThat(hex(UdpPackets.connect(0x01020304))).isEqualTo("0000041727101980" + "00000000" + "01020304");
    }

    @Test
    void anAnnounceRequestHasThe98BytesOfBep15() {
        String head = "1112131415161718" + "00000001" + "01020304" + Requests.HASH.toHex() + Requests.ID.toHex()
                + "0000000000000002" + "0000000000000003" + "0000000000000001";
        String tail = "00000000" + "0a0b0c0d" + "00000032" + "1ae1";
        List<String> events = List.of("00000000", "00000001", "00000002", "00000003");
        for (AnnounceEvent event : AnnounceEvent.values()) {
            String packet = hex(UdpPackets.announce(0x1112131415161718L, 0x01020304, Requests.of(event), PLAIN));
            assertThat(packet)
                    .isEqualTo(head + events.get(event.ordinal()) + tail)
                    .hasSize(2 * 98);
        }
        assertThat(AnnounceEvent.values())
                .containsExactly(
                        AnnounceEvent.NONE, AnnounceEvent.COMPLETED, AnnounceEvent.STARTED, AnnounceEvent.STOPPED);
    }

    @Test
    void aScrapeRequestHasTheLayoutOfBep15() {
        assertThat(hex(UdpPackets.scrape(0x1112131415161718L, 0x01020304, List.of(Requests.HASH, Requests.HASH))))
                .isEqualTo("1112131415161718" + "00000002" + "01020304"
                        + Requests.HASH.toHex().repeat(2));
    }

    /** The example of BEP 41. */
    @Test
    void pathAndQueryAreAnOption() {
        assertThat(options("udp://tracker.example.com:80/dir?a=b&c=d"))
                .isEqualTo("020c" + HexFormat.of().formatHex("/dir?a=b&c=d".getBytes()));
        assertThat(options("udp://tracker.example.com:80/")).isEqualTo("02012f");
        assertThat(options("udp://tracker.example.com:80")).isEmpty();
    }

    @Test
    void aLongPathIsSplitAt255Bytes() {
        String path = "/" + "a".repeat(299);
        String hex = HexFormat.of().formatHex(path.getBytes());
        assertThat(options("udp://t:80" + path))
                .isEqualTo("02ff" + hex.substring(0, 510) + "022d" + hex.substring(510));
        assertThat(options("udp://t:80/" + "a".repeat(5_000))).hasSize(2 * (1_024 + 2 * 5));
    }

    private static String options(String uri) {
        return hex(UdpPackets.announce(1, 1, Requests.of(AnnounceEvent.NONE), URI.create(uri)))
                .substring(2 * 98);
    }

    @Test
    void anAnnounceAnswerIsReadByTheFamilyOfTheSocket() {
        UdpReply four =
                reply("00000001" + "01020304" + "00000708" + "00000009" + "00000007" + "010203041ae1" + "050607080050");
        assertThat(four.action()).isEqualTo(UdpPackets.ANNOUNCE);
        assertThat(four.transaction()).isEqualTo(0x01020304);
        TrackerAnswer answer = four.announce(4, false);
        assertThat(answer.interval()).hasValue(1_800);
        assertThat(answer.leechers()).hasValue(9);
        assertThat(answer.seeders()).hasValue(7);
        assertThat(answer.peers())
                .containsExactly(new InetSocketAddress("1.2.3.4", 6881), new InetSocketAddress("5.6.7.8", 80));
        UdpReply six = reply("00000001" + "01020304" + "ffffffff" + "ffffffff" + "00000000"
                + "26064700000000000000000000000001" + "0050" + "2606");
        assertThat(six.announce(16, false).peers()).containsExactly(new InetSocketAddress("2606:4700::1", 80));
        assertThat(six.announce(16, false).interval()).isEmpty();
        assertThat(six.announce(16, false).leechers()).hasValue(0xffff_ffffL);
    }

    @Test
    void aConnectAnswerAScrapeAnswerAndAnErrorAreRead() {
        assertThat(reply("00000000" + "01020304" + "f112131415161718").connection())
                .isEqualTo(0xf112131415161718L);
        assertThat(reply("00000002" + "01020304" + "00000001" + "00000002" + "00000003" + "0000")
                        .scrape(List.of(Requests.HASH, Requests.HASH)))
                .containsExactly(new Scrape(Requests.HASH, 1, 2, 3));
        assertThat(reply("00000003" + "01020304" + "6e6f").failure()).hasMessage("refused by the tracker: no");
        assertThat(reply("00000003" + "01020304").failure()).hasMessage("refused by the tracker: no reason");
    }

    @Test
    void anAnnounceAnswerWithoutContentIsARefusal() {
        UdpReply empty = reply("00000001" + "01020304");
        assertThatThrownBy(() -> empty.announce(4, false))
                .isInstanceOfSatisfying(
                        TrackerException.class, e -> assertThat(e.reason()).isEqualTo(TrackerException.Reason.REFUSED))
                .hasMessage("refused by the tracker: it does not serve this torrent");
    }

    @Test
    void aShortPacketIsMalformed() {
        assertThat(UdpReply.read(Unpooled.wrappedBuffer(new byte[7]))).isNull();
        assertThatThrownBy(
                        () -> reply("00000000" + "01020304" + "f1121314151617").connection())
                .isInstanceOf(TrackerException.class)
                .hasMessage("a connection id must have 16 bytes or more, has 15");
        UdpReply shortAnswer = reply("00000001" + "01020304" + "0000070800000009000000");
        assertThatThrownBy(() -> shortAnswer.announce(4, false)).isInstanceOf(TrackerException.class);
        assertThatThrownBy(() -> shortAnswer.scrape(List.of(Requests.HASH))).isInstanceOf(TrackerException.class);
    }

    private static UdpReply reply(String hex) {
        return Objects.requireNonNull(
                UdpReply.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex))));
    }

    private static String hex(ByteBuf packet) {
        return ByteBufUtil.hexDump(packet);
    }
}
