/* SPDX-License-Identifier: MIT */
package org.peerwire.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;

class MagnetLinkTest {
    private static final String HEX = "0102030405060708090a0b0c0d0e0f1011121314";
    private static final String BASE32 = "AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU";
    private static final String V2 = "0e944f4bac6b551028725f1aee990956e387207c01e658db62d329b3ca362def";
    private static final String XT = "magnet:?xt=urn:btih:" + HEX;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "magnet:?xt=urn:btih:" + HEX,
                "magnet:?xt=urn:btih:" + BASE32,
                "magnet:?xt=urn:btih:aebagbafaydqqcikbmga2dqpcaireeyu",
                "magnet:?xt=urn:btih:0102030405060708090A0B0C0D0E0F1011121314",
                "MAGNET:?XT=URN:BTIH:" + HEX,
                "mAgNeT:?xT=UrN:bTiH:" + HEX,
                "magnet:?xt.1=urn:btih:" + HEX,
                "magnet:?xt=urn%3Abtih%3A" + HEX,
                "magnet:?xt=urn:btih:%30102030405060708090a0b0c0d0e0f1011121314",
                "magnet:?dn=before&xt=urn:btih:" + HEX,
                "magnet:?xt=urn:ed2k:31d6cfe0d16ae931b73c59d7e0c089c0&xt=urn:btih:" + HEX,
                "magnet:?xt=urn:btih:" + HEX + "&xt=urn:btih:" + BASE32,
                "magnet:?\nxt=urn:btih:" + HEX + "\n",
                "  magnet:?xt=urn:btih:" + HEX + " \t ",
                "\"magnet:?xt=urn:btih:" + HEX + "\"",
                "magnet:?\"xt=urn:btih:" + HEX + "\"",
                "magnet:?&&=&x&xt=urn:btih:" + HEX + "&",
                "magnet:?dn=a&amp;tr=t&amp;xt=urn:btih:" + HEX + "&AMP;x",
                "magnet:?dn=a&amp;amp;xt=urn:btih:" + HEX + "&#38;x&#x26;y",
                "magnet:?xt=urn:btih:" + HEX + "#fragment",
                "magnet:?xt=urn:btih:" + HEX + "#fragment?a=b&c=d",
                "magnet:?dn=C# in depth&xt=urn:btih:" + HEX,
                "\ufeff\u00a0magnet:?xt=urn:btih:" + HEX + "\u200b\u3000",
                HEX,
                " " + BASE32 + "\n",
            })
    void readsTheVersion1Hash(String link) {
        assertThat(MagnetLink.parse(link).hashes()).isEqualTo(InfoHashes.of(InfoHash.parse(HEX)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'must begin with magnet:? or be an info hash of 40 characters, was \"\" of 0'",
        "0102030405060708090a0b0c0d0e0f10111213, of 38",
        "0102030405060708090a0b0c0d0e0f101112131415, of 42",
        "http://example.org/, must begin with magnet:?",
        "magnet:, must begin with magnet:?",
        "magnet:?, must have an info hash",
        "magnet:?dn=name, must have an info hash",
        "magnet:?xt=urn:sha1:AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU, must have an info hash",
        "magnet:?xt=urn:btih:, of 0",
        "magnet:?xt=urn:btih:0102030405060708090a0b0c0d0e0f10111213, of 38",
        "magnet:?xt=urn:btih:0102030405060708090a0b0c0d0e0f101112131415, of 42",
        "magnet:?xt=urn:btih: 102030405060708090a0b0c0d0e0f1011121314, 40 hexadecimal or 32 base32",
        "magnet:?xt=urn:btih:g102030405060708090a0b0c0d0e0f1011121314, 40 hexadecimal or 32 base32",
        "magnet:?xt=urn:btih:%zz02030405060708090a0b0c0d0e0f1011121314, 40 hexadecimal or 32 base32",
        "magnet:?xt=urn:btih:1EBAGBAFAYDQQCIKBMGA2DQPCAIREEYU, 40 hexadecimal or 32 base32",
        "magnet:?xt=urn:btmh:1120" + V2 + ", 1220 and 64 hexadecimal",
        "magnet:?xt=urn:btmh:1220" + HEX + ", of 44",
        "magnet:?xt=urn:btmh:1220" + V2 + "00, of 70",
        "magnet:?xt=urn:btmh:1220x" + V2 + ", 1220 and 64 hexadecimal",
        "magnet:?xt=urn:btih:" + HEX + "&xt=urn:btih:1402030405060708090a0b0c0d0e0f1011121314, must name one torrent",
    })
    void refusesInOneLine(String link, String reason) {
        assertThatThrownBy(() -> MagnetLink.parse(link))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a usable magnet link: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    @Test
    void readsTheVersion2HashAndBothHashesOfAHybridInEitherOrder() {
        InfoHashV2 v2 = InfoHashV2.parse(V2);
        assertThat(v2.truncated()).hasToString("0e944f4bac6b551028725f1aee990956e387207c");
        assertThat(MagnetLink.parse("magnet:?xt=urn:btmh:1220" + V2).hashes()).isEqualTo(InfoHashes.of(v2));
        InfoHashes hybrid = InfoHashes.hybrid(InfoHash.parse(HEX), v2);
        assertThat(MagnetLink.parse(XT + "&xt=urn:btmh:1220" + V2).hashes()).isEqualTo(hybrid);
        assertThat(MagnetLink.parse("magnet:?xt=urn:btmh:1220" + V2 + "&xt=urn:btih:" + HEX)
                        .hashes())
                .isEqualTo(hybrid);
    }

    @Test
    void readsEveryKindOfHint() {
        MagnetLink link = MagnetLink.parse(XT + "&dn=a%20b+c%E2%82%AC&tr=http%3A%2F%2Ft%2Fa%2Bb&tr=udp://u:1"
                + "&ws=http://w/&x.pe=192.0.2.1:6881&x.pe=[2001:db8::1]:1&x.pe=peer.example:65535&x.pe=%5B::1%5D:2"
                + "&so=0,2&so=4-6&dht=router.example:6881&xl=10&as=x&kt=y");
        assertThat(link.name()).isEqualTo("a b c€");
        assertThat(link.trackers()).containsExactly(List.of("http://t/a+b"), List.of("udp://u:1"));
        assertThat(link.webSeeds()).containsExactly("http://w/");
        assertThat(link.peers())
                .containsExactly(
                        address("192.0.2.1", 6881),
                        address("2001:db8::1", 1),
                        address("peer.example", 65535),
                        address("::1", 2))
                .allMatch(InetSocketAddress::isUnresolved);
        assertThat(link.dhtNodes()).containsExactly(address("router.example", 6881));
        assertThat(link.files()).hasToString("0,2,4-6");
    }

    @Test
    void anAmpersandOutOfHtmlSeparatesParameters() {
        MagnetLink link = MagnetLink.parse(XT + "&amp;dn=a%26amp%3Bb&amp;tr=t1&amp;tr=t2&amp;x.pe=h:1");
        assertThat(link.name()).isEqualTo("a&amp;b");
        assertThat(link.trackers()).containsExactly(List.of("t1"), List.of("t2"));
        assertThat(link.peers()).hasSize(1);
    }

    @Test
    void aFragmentIsNotAPartOfTheLastParameter() {
        assertThat(MagnetLink.parse(XT + "&dn=name#top").name()).isEqualTo("name");
        assertThat(MagnetLink.parse(XT + "&dn=a %231 b").name()).isEqualTo("a #1 b");
        assertThat(MagnetLink.parse(XT + "&dn=Song #1&tr=t").name()).isEqualTo("Song #1");
    }

    @Test
    void keepsOtherParameters() {
        String others = "&xs=http%3A%2F%2Fx%2Fa%2Bb&as=http%3A%2F%2Fy&kt=free%20music&xl=10&xs=dchub%3A%2F%2Fz";
        MagnetLink link = MagnetLink.parse(XT + others);
        assertThat(link.others())
                .startsWith(new MagnetLink.Parameter("xs", "http://x/a+b"), new MagnetLink.Parameter("as", "http://y"));
        assertThat(link).hasToString(XT + others);
        assertThat(MagnetLink.parse(XT + "&XS.1=a&kt=free+music&xl=&unknown=1"))
                .hasToString(XT + "&xs=a&kt=free%20music");
    }

    @Test
    void readsABareHashOfEitherVersion() {
        assertThat(InfoHashes.parse(" " + HEX.toUpperCase(Locale.ROOT))).isEqualTo(InfoHashes.of(InfoHash.parse(HEX)));
        assertThat(InfoHashes.parse(V2)).isEqualTo(InfoHashes.of(InfoHashV2.parse(V2)));
        assertThat(MagnetLink.parse("1220" + V2).hashes()).isEqualTo(InfoHashes.of(InfoHashV2.parse(V2)));
        assertThatThrownBy(() -> InfoHashes.parse(HEX + "0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("40 hexadecimal or 32 base32 characters")
                .hasMessageContaining("of 41 characters");
    }

    @Test
    void groupsNumberedTrackersIntoTiersInTheOrderOfTheLink() {
        MagnetLink link = MagnetLink.parse(XT + "&tr=z&tr.2=c&tr.1=a&tr.1=b&tr.a=ignored&tr.=ignored&tr=&tr.1=a&tr=y");
        assertThat(link.trackers()).containsExactly(List.of("z"), List.of("c"), List.of("a", "b"), List.of("y"));
    }

    @ParameterizedTest
    @CsvSource({
        "xt=urn:btih:" + BASE32 + ", xt=urn:btih:" + HEX,
        "xt=urn:btmh:1220" + V2 + "&xt=urn:btih:" + HEX + ", xt=urn:btih:" + HEX + "&xt=urn:btmh:1220" + V2,
        "DN=a+b%2B&xt=urn:btih:" + HEX + ", xt=urn:btih:" + HEX + "&dn=a%20b%2B",
        "xt=urn:btih:" + HEX + "&tr=a&tr=b:/, xt=urn:btih:" + HEX + "&tr=a&tr=b%3A%2F",
        "xt=urn:btih:" + HEX + "&tr.5=a&tr.5=b&tr=c, xt=urn:btih:" + HEX + "&tr.0=a&tr.0=b&tr.1=c",
        "xt=urn:btih:" + HEX + "&x.pe=[::1]:2&so=2&so=0-1&dht=a:1," + "xt=urn:btih:" + HEX
                + "&x.pe=[::1]:2&so=0-2&dht=a:1",
        "xt=urn:btih:" + HEX + "&x.pe=[fe80::1%25ee]:1&dht=%E2%80%83a:1, " + "xt=urn:btih:" + HEX
                + "&x.pe=[fe80::1%25ee]:1&dht=%E2%80%83a:1",
        "xt=urn:btih:" + HEX + "&so=bad, xt=urn:btih:" + HEX,
    })
    void writesOneCanonicalForm(String read, String written) {
        MagnetLink link = MagnetLink.parse("magnet:?" + read);
        assertThat(link).hasToString("magnet:?" + written);
        assertThat(MagnetLink.parse(link.toString())).isEqualTo(link);
    }

    @Test
    void isNotMadeOfTheTwentyBytesOfAHandshake() {
        InfoHashes unknown = InfoHashes.ofHandshake(InfoHash.parse(HEX));
        assertThatThrownBy(() -> MagnetLink.of(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hashes must be of a known version, was " + HEX);
    }

    @Test
    void isBuiltPartByPart() {
        MagnetLink link = MagnetLink.of(InfoHashes.of(InfoHash.parse(HEX)))
                .withName("n")
                .withTrackers(List.of(List.of("t")))
                .withPeers(List.of(new InetSocketAddress("192.0.2.1", 5)))
                .withFiles(FileSelection.parse("1"));
        assertThat(link).hasToString(XT + "&dn=n&tr=t&x.pe=192.0.2.1:5&so=1");
    }

    private static InetSocketAddress address(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }
}
