/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzz tests of magnet links. A text is a link or fails with one line for people. The canonical form gives the same
 * link.
 */
class MagnetFuzzTest {
    private static final String V1 = "xt=urn:btih:0102030405060708090a0b0c0d0e0f1011121314";
    private static final String V2 = "xt=urn:btmh:1220" + "ab".repeat(32);

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "magnet:?" + V1,
                        "magnet:?" + V2 + "&dn=a%20name+b&so=0,2,4-6,9-7,4294967295",
                        "magnet:?" + V1 + "&" + V2 + "&tr=http%3A%2F%2Ftracker%2Fannounce&tr=udp://b:1&ws=http://c/",
                        "magnet:?" + V1 + "&tr.1=http://a&tr.1=http://b&tr.2=http://c&tr=http://d",
                        "magnet:?" + V1 + "&x.pe=192.0.2.1:6881&x.pe=[2001:db8::1]:6881&x.pe=host:0&dht=router:6881",
                        "magnet:?" + V1 + "&x.pe=[fe80::1%25eth0]:1&x.pe=%E2%80%83host:80&dn=%",
                        "\"MAGNET:?XT=URN:BTIH:aebagbafaydqqcikbmga2dqpcaireeyu\" ",
                        "magnet:?" + V1 + "&amp;xs=http://x&as=y&kt=a+b&xl=5&#38;dn=C# x#fragment&tr=a&tr.1=b&tr=c",
                        "0102030405060708090a0b0c0d0e0f1011121314",
                        "magnet:?dn=nothing&so=0-4294967295&xt=urn:btih:zz")
                .map(link -> link.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aTextIsALinkOrRefusedInOneLine(byte[] input) {
        MagnetLink link;
        try {
            link = MagnetLink.parse(new String(input, UTF_8));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(refused)
                    .hasMessageStartingWith("not a usable magnet link")
                    .hasMessageNotContaining("\n");
            return;
        }
        assertThat(link.trackers().stream().mapToInt(List::size).sum()).isLessThanOrEqualTo(MagnetLink.MAX_TRACKERS);
        assertThat(link.webSeeds()).hasSizeLessThanOrEqualTo(MagnetLink.MAX_TRACKERS);
        assertThat(link.peers()).hasSizeLessThanOrEqualTo(MagnetLink.MAX_PEERS);
        assertThat(link.dhtNodes()).hasSizeLessThanOrEqualTo(MagnetLink.MAX_PEERS);
        assertThat(link.peers()).allMatch(peer -> peer.isUnresolved() && peer.getPort() > 0);
        assertThat(link.others()).hasSizeLessThanOrEqualTo(MagnetLink.MAX_TRACKERS);
        assertThat(link.files().ranges()).allMatch(range -> range.last() <= FileSelection.MAX_INDEX);
        String canonical = link.toString();
        if (canonical.length() <= MagnetLink.MAX_LENGTH) {
            assertThat(MagnetLink.parse(canonical)).isEqualTo(link).hasToString(canonical);
        }
    }
}
