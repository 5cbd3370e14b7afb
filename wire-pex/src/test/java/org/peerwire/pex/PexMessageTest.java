/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.pex.Peers.added;
import static org.peerwire.pex.Peers.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.pex.PeerEvent.Added;

/** Cases 84, 85 and 90. */
class PexMessageTest {
    private final List<PexIgnored> ignored = new ArrayList<>();

    // ---- golden: PROTOCOL vectors, payload after the id ----

    @Test
    void readsTheVectorWithBothFamilies() {
        PexMessage message = decode("64353a616464656431323ac00002011ae1c6336407c8d5373a61646465642e66323a1102"
                + "363a61646465643631383a20010db80000000000000000000000011ae1383a6164646564362e66313a04"
                + "373a64726f70706564363acb0071090001383a64726f7070656436303a65");
        assertThat(message.added())
                .containsExactly(
                        new Added(peer("192.0.2.1:6881"), new PexFlags(0x11)),
                        new Added(peer("198.51.100.7:51413"), new PexFlags(0x02)),
                        new Added(peer("[2001:db8::1]:6881"), new PexFlags(0x04)));
        assertThat(message.dropped()).containsExactly(peer("203.0.113.9:1"));
        assertThat(ignored).isEmpty();
    }

    @Test
    void writesTheMinimalVector() {
        PexMessage message = Peers.adding(new Added(peer("192.0.2.1:6881"), new PexFlags(0x12)));
        assertWritten(message, "64353a6164646564363ac00002011ae1373a61646465642e66313a1265");
    }

    @Test
    void writesTheDropVector() {
        assertWritten(Peers.dropping(peer("192.0.2.1:6881")), "64373a64726f70706564363ac00002011ae165");
    }

    @Test // case 85
    void writesBothFamiliesSortedWithOneByteOfFlagsPerPeer() {
        PexMessage message = new PexMessage(
                List.of(
                        new Added(peer("[2001:db8::1]:6881"), new PexFlags(0x04)),
                        new Added(peer("192.0.2.1:6881"), new PexFlags(0x11)),
                        new Added(peer("198.51.100.7:51413"), new PexFlags(0x02))),
                List.of(peer("[2001:db8::2]:1"), peer("203.0.113.9:1")));
        ByteBuf written = message.encode();
        assertThat(written.toString(ISO_8859_1))
                .isEqualTo("d5:added12:\u00c0\0\2\1\u001a\u00e1\u00c63d\7\u00c8\u00d57:added.f2:\u0011\2"
                        + "6:added618: \1\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\1\u001a\u00e18:added6.f1:\4"
                        + "7:dropped6:\u00cb\0q\t\0\1"
                        + "8:dropped618: \1\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\2\0\1e");
        PexMessage read = PexMessage.decode(written, 100, 50, ignored::add);
        assertThat(read.added()).containsExactlyInAnyOrderElementsOf(message.added());
        assertThat(read.dropped()).containsExactlyInAnyOrderElementsOf(message.dropped());
        assertThat(ignored).isEmpty();
    }

    @Test // case 85; BEP 11 requires at least one key
    void writesAnEmptyListForAnEmptyMessage() {
        assertThat(PexMessage.EMPTY.encode().toString(ISO_8859_1)).isEqualTo("d5:added0:e");
    }

    // ---- golden: real traffic ----

    @Test
    void readsARecordedMessage() {
        PexMessage message = decode("64353a616464656431323ab99f9d14b56797f969861090373a61646465642e66323a0c00"
                + "363a616464656436303a383a6164646564362e66303a373a64726f70706564303a383a64726f7070656436303a65");
        assertThat(message.added())
                .containsExactly(
                        new Added(peer("185.159.157.20:46439"), new PexFlags(0x0c)), added("151.249.105.134:4240"));
        assertThat(message.dropped()).isEmpty();
        assertThat(ignored).isEmpty();
    }

    @Test // the message of anacrolix's tests
    void readsAnacrolix() {
        PexMessage message = decode("64353a6164646564363a7f00000155aa373a61646465642e66313a11363a616464656436303a"
                + "383a6164646564362e66303a373a64726f70706564303a383a64726f7070656436303a65");
        assertThat(message.added()).containsExactly(new Added(peer("127.0.0.1:21930"), new PexFlags(0x11)));
    }

    @Test // libtorrent 2.0.8 sends all six lists
    void readsLibtorrent() {
        PexMessage message = decode("64353a6164646564363a7f000023cb25373a61646465642e66313a00363a616464656436303a"
                + "383a6164646564362e66303a373a64726f70706564363a7f0000229663383a64726f7070656436303a65");
        assertThat(message.added()).containsExactly(added("127.0.0.35:52005"));
        assertThat(message.dropped()).containsExactly(peer("127.0.0.34:38499"));
        assertThat(ignored).isEmpty();
    }

    @Test // Transmission 3.00 omits empty lists
    void readsTransmission() {
        PexMessage message = decode("64353a6164646564363a34100f05cb27373a61646465642e66313a00363a61646465643633363a"
                + "2a03b0c0000000000000000000000005cb252a03b0c0000000000000000000000006ac49"
                + "383a6164646564362e66323a000065");
        assertThat(message.added())
                .containsExactly(
                        added("52.16.15.5:52007"), added("[2a03:b0c0::5]:52005"), added("[2a03:b0c0::6]:44105"));
        assertThat(ignored).isEmpty();
    }

    // ---- tolerated anomalies: A-41 ----

    @ParameterizedTest
    @ValueSource(strings = {"de", "d5:added0:e", "d3:fooi1ee", "d5:added0:7:added.f0:6:added60:8:added6.f0:e"})
    void isEmptyWithoutLists(String payload) {
        assertThat(decodeText(payload)).isEqualTo(PexMessage.EMPTY);
        assertThat(ignored).isEmpty();
    }

    @Test
    void toleratesTrailingBytesUnknownAndUnsortedKeys() {
        assertThat(decodeText("d3:zooli1ee5:added6:ABCD\0\1" + "1:x0:7:added.f1:\2egarbage")
                        .added())
                .containsExactly(new Added(peer("65.66.67.68:1"), new PexFlags(2)));
        assertThat(ignored).containsExactly(PexIgnored.NOT_CANONICAL, PexIgnored.TRAILING_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void a41_theWholeEntriesOfAListOfAWrongLengthAreUsedAndTheRestIsCounted(int surplus) {
        String rest = "x".repeat(surplus);
        String two = "\u0014\u0001\u0007\u0001\u001a\u00e1\u0014\u0002\u0007\u0001\u001a\u00e1" + rest;
        String six = "\u002a\0" + "\0".repeat(13) + "\1\u001a\u00e1" + rest;
        int four = 12 + surplus;
        int sixteen = 18 + surplus;
        PexMessage message = decodeText("d5:added" + four + ":" + two + "7:added.f2:\0!6:added6" + sixteen + ":" + six
                + "8:added6.f1:\1" + "7:dropped" + four + ":" + two + "8:dropped6" + sixteen + ":" + six + "e");
        assertThat(message.added())
                .containsExactly(
                        added(1), new Added(Peers.nth(2), new PexFlags(33)), new Added(ipv6(), new PexFlags(1)));
        assertThat(message.dropped()).containsExactly(Peers.nth(1), Peers.nth(2), ipv6());
        assertThat(ignored).hasSize(4).containsOnly(PexIgnored.LIST_LENGTH);
    }

    private static InetSocketAddress ipv6() {
        return peer("[2a00::1]:6881");
    }

    @Test
    void readsTheMaximumOfBothFamiliesTogether() {
        List<Added> all = new ArrayList<>(Peers.added(0, 7));
        all.add(added("[2a00::1]:1"));
        all.add(added("[2a00::2]:1"));
        PexMessage message = PexMessage.decode(Peers.adding(all).encode(), 8, 50, ignored::add);
        assertThat(message.added()).isEqualTo(all.subList(0, 8));
        assertThat(ignored).containsExactly(PexIgnored.TOO_MANY);
    }

    @Test // as an IPv4 address it would bypass the policy
    void keepsMappedAddressesIpv6() {
        PexMessage message = decodeText("d6:added618:\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\12\0\0\1\0\1e");
        assertThat(message.added().get(0).peer().getAddress()).isInstanceOf(Inet6Address.class);
    }

    @Test
    void leavesTheBufferAsItWas() {
        ByteBuf payload = Peers.adding(Peers.added(0, 3)).encode();
        int readable = payload.readableBytes();
        PexMessage first = PexMessage.decode(payload, 10, 50, ignored::add);
        assertThat(payload.readableBytes()).isEqualTo(readable);
        assertThat(PexMessage.decode(payload, 10, 50, ignored::add)).isEqualTo(first);
    }

    @Test // case 121
    void survivesNoise() {
        Random random = new Random(11);
        byte[] valid = ByteBufUtil.getBytes(new PexMessage(Peers.added(0, 5), Peers.peers(7, 9)).encode());
        for (int i = 0; i < 20_000; i++) {
            byte[] noisy = valid.clone();
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                noisy[random.nextInt(noisy.length)] = (byte) random.nextInt(256);
            }
            ByteBuf payload = Unpooled.wrappedBuffer(noisy, 0, random.nextInt(noisy.length + 1));
            PexMessage message = PexMessage.decode(payload, 200, 50, reason -> {});
            byte[] written = ByteBufUtil.getBytes(message.encode());
            assertThat(Bencode.decodeStrict(written, BencodeLimits.DEFAULT).encoded())
                    .isEqualTo(written);
            PexMessage again = PexMessage.decode(Unpooled.wrappedBuffer(written), 200, 50, reason -> {});
            assertThat(again).isEqualTo(message);
        }
    }

    private PexMessage decode(String hex) {
        return PexMessage.decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)), 100, 50, ignored::add);
    }

    private PexMessage decodeText(String payload) {
        return PexMessage.decode(Unpooled.copiedBuffer(payload, ISO_8859_1), 100, 50, ignored::add);
    }

    private void assertWritten(PexMessage message, String hex) {
        assertThat(ByteBufUtil.hexDump(message.encode())).isEqualTo(hex);
        assertThat(decode(hex)).isEqualTo(message);
    }
}
