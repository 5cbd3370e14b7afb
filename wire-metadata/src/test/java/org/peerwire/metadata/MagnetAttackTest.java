/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of hostile links: A-75. */
class MagnetAttackTest {
    private static final String HEX = "0102030405060708090a0b0c0d0e0f1011121314";
    private static final String XT = "magnet:?xt=urn:btih:" + HEX;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":1",
                "host",
                "host:",
                "host:0",
                "host:65536",
                "host:+1",
                "host:1x",
                "2001:db8::1:6881",
                "[::1]",
                "[::1]:0",
                "[host]:1",
                "[::1:1",
                "a b:1",
                "a/b:1",
                "a%00b:1"
            })
    void a75_malformedAddressesAreSkipped(String address) {
        MagnetLink link = MagnetLink.parse(XT + "&x.pe=" + address + "&dht=" + address + "&x.pe=good:1");
        assertThat(link.peers()).containsExactly(address("good", 1));
        assertThat(link.dhtNodes()).isEmpty();
    }

    @Test
    void a75_badEscapesStayAsTheyAre() {
        MagnetLink link = MagnetLink.parse(XT + "&dn=100%25 % %2 %zz%C3%A9&tr=http://t/%");
        assertThat(link.name()).isEqualTo("100% % %2 %zzé");
        assertThat(link.trackers()).containsExactly(List.of("http://t/%"));
    }

    @Test
    void a75_theContentOfALinkIsBounded() {
        StringBuilder many = new StringBuilder(XT);
        for (int i = 0; i < 1000; i++) {
            many.append("&tr=t")
                    .append(i)
                    .append("&ws=w")
                    .append(i)
                    .append("&x.pe=p:")
                    .append(i + 1);
            many.append("&dht=d:").append(i + 1);
        }
        MagnetLink link = MagnetLink.parse(many.toString());
        assertThat(link.trackers()).hasSize(256);
        assertThat(link.webSeeds()).hasSize(256);
        assertThat(link.peers()).hasSize(64);
        assertThat(link.dhtNodes()).hasSize(64);

        String longest = XT + "&dn=" + "x".repeat(MagnetLink.MAX_LENGTH - XT.length() - 4);
        assertThat(MagnetLink.parse(longest).name()).isNotNull();
        assertThatThrownBy(() -> MagnetLink.parse(longest + "x"))
                .hasMessageContaining("must have at most 65536 characters, had 65537");
    }

    @Test
    void a75_tenThousandTrackersAreReadUpTo256() {
        StringBuilder link = new StringBuilder(XT);
        for (int i = 0; i < 10_000; i++) {
            link.append("&tr=").append(Integer.toString(i, 36));
        }
        assertThat(link.length()).isGreaterThan(MagnetLink.MAX_LENGTH);
        assertThatThrownBy(() -> MagnetLink.parse(link.toString())).isInstanceOf(IllegalArgumentException.class);
        link.setLength(MagnetLink.MAX_LENGTH);
        assertThat(MagnetLink.parse(link.toString()).trackers()).hasSize(MagnetLink.MAX_TRACKERS);
    }

    @Test
    void a75_tiersShareTheLimitOfTrackers() {
        StringBuilder link = new StringBuilder(XT);
        for (int i = 0; i < 1_000; i++) {
            link.append("&tr.").append(999_999_999 - i).append("=t").append(i);
        }
        assertThat(MagnetLink.parse(link.toString()).trackers()).hasSize(MagnetLink.MAX_TRACKERS);
        assertThat(MagnetLink.parse(XT + "&tr.4294967296=t").trackers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:6881", "10.0.0.1:22", "169.254.169.254:80", "0.0.0.0:1", "[::1]:6881", "localhost:25"
            })
    void a75_localAddressesAreHintsThatNobodyLooksUp(String address) {
        List<InetSocketAddress> peers =
                MagnetLink.parse(XT + "&x.pe=" + address).peers();
        assertThat(peers).hasSize(1).allMatch(InetSocketAddress::isUnresolved);
    }

    @ParameterizedTest
    @CsvSource({
        "0-4294967295, ''",
        "0-2147483647, ''",
        "0-99999999, 0-99999999",
        "'1,0-99999999,5', 0-99999999",
        "99999999999999999999, ''",
        "'4294967296,7', 7"
    })
    void a75_rangesOfFilesStayRanges(String so, String kept) {
        FileSelection files = MagnetLink.parse(XT + "&so=" + so).files();
        assertThat(files).hasToString(kept);
        assertThat(files.ranges()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void a75_asManyRangesAsALinkCanHoldAreRead() {
        StringBuilder link = new StringBuilder(XT).append("&so=");
        for (int i = 0; link.length() < MagnetLink.MAX_LENGTH - 10; i += 2) {
            link.append(99_999_998 - i).append(',');
        }
        assertThat(MagnetLink.parse(link.toString()).files().ranges())
                .hasSize(link.toString().split(",", -1).length - 1);
    }

    @Test
    void a75_theSameHashTwiceIsOneAndTwoThatDifferAreRefused() {
        assertThat(MagnetLink.parse(XT + "&xt.1=urn:btih:" + HEX.toUpperCase(Locale.ROOT))
                        .hashes())
                .isEqualTo(MagnetLink.parse(XT).hashes());
        assertThatThrownBy(() -> MagnetLink.parse(XT + "&xt.1=urn:btih:" + "0".repeat(40)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must name one torrent, named two");
    }

    @Test
    void a75_randomTextGivesALinkOrTheOneException() {
        Random random = new Random(75);
        String[] words = {
            "&", "=", "%", "%00", "%ff", "xt", "urn:btih:", HEX, "so", "tr.", "x.pe", "9", "-", ",", ":", "[", "é"
        };
        int links = 0;
        for (int round = 0; round < 50_000; round++) {
            StringBuilder link = new StringBuilder(random.nextBoolean() ? XT + "&" : "magnet:?");
            for (int i = random.nextInt(12); i > 0; i--) {
                link.append(words[random.nextInt(words.length)]);
            }
            try {
                MagnetLink read = MagnetLink.parse(link.toString());
                assertThat(MagnetLink.parse(read.toString())).isEqualTo(read);
                links++;
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageStartingWith("not a usable magnet link: ");
            }
        }
        assertThat(links).isPositive();
    }

    private static InetSocketAddress address(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Test
    void anAmpersandThatIsEscapedVeryOftenIsOne() {
        String link = "magnet:?xt=urn:btih:" + "ab".repeat(20) + "&" + "amp;".repeat(16_000) + "dn=x";
        assertThat(MagnetLink.parse(link).name()).contains("x");
    }
}
