/* SPDX-License-Identifier: MIT */
package org.peerwire.discovery.internal.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;

/** Attack A-97. */
class LocalAnnounceTest {
    private static final String HEX = "0123456789abcdef0123456789abcdef01234567";
    private static final InfoHash HASH = InfoHash.parse(HEX);
    private static final InfoHash OTHER = InfoHash.parse("f".repeat(40));

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** The layout of BEP 14. */
    @Test
    void aPacketHasTheLinesOfTheSpecification() {
        LocalAnnounce announce = new LocalAnnounce(6881, List.of(HASH, OTHER), "c00c1e");

        assertThat(new String(announce.encode("239.192.152.143:6771"), ISO_8859_1))
                .isEqualTo("BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: " + HEX
                        + "\r\nInfohash: " + "f".repeat(40) + "\r\ncookie: c00c1e\r\n\r\n\r\n");
        assertThat(LocalAnnounce.decode(announce.encode("x"))).isEqualTo(announce);
    }

    @Test
    void aFullPacketFitsIntoTheLimitOfTheSpecification() {
        List<InfoHash> hashes = new ArrayList<>();
        for (int i = 0; i < LocalAnnounce.MAX_HASHES; i++) {
            hashes.add(InfoHash.parse("%040x".formatted(i)));
        }
        LocalAnnounce announce = new LocalAnnounce(65_535, hashes, "ffffffff");

        assertThat(announce.encode("[ff15::efc0:988f]:6771")).hasSizeLessThanOrEqualTo(LocalAnnounce.MAX_LENGTH);
        assertThat(LocalAnnounce.decode(announce.encode("x"))).isEqualTo(announce);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 51413\r\nInfohash: " + HEX
                        + "\r\n\r\n\r\n",
                "bt-search * http/1.1\nPORT:51413\nINFOHASH:  0123456789ABCDEF0123456789ABCDEF01234567  \n\n",
                "BT-SEARCH * HTTP/1.1\r\nX-Header\r\n: empty\r\nPort: 51413\r\nInfohash: zz\r\nInfohash: " + HEX
                        + "\r\nInfohash: " + HEX
            })
    void whatOthersSendIsRead(String packet) {
        assertThat(LocalAnnounce.decode(bytes(packet))).isEqualTo(new LocalAnnounce(51_413, List.of(HASH), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "M-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: " + HEX,
                "BT-SEARCH * HTTP/1.1\r\nInfohash: " + HEX,
                "BT-SEARCH * HTTP/1.1\r\nPort: 1",
                "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: " + HEX,
                "BT-SEARCH * HTTP/1.1\r\nPort: -1\r\nInfohash: " + HEX,
                "BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: " + HEX,
                "BT-SEARCH * HTTP/1.1\r\nPort: 99999999999\r\nInfohash: " + HEX,
                "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: 0123",
                "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: g123456789abcdef0123456789abcdef01234567"
            })
    void anythingElseIsNoAnnounce(String packet) {
        assertThat(LocalAnnounce.decode(bytes(packet))).isNull();
    }

    @Test
    void aPacketOfAnyLengthIsBounded() {
        String valid = "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: " + HEX + "\r\n";
        assertThat(LocalAnnounce.decode(bytes(valid + "\r\n".repeat(1_000)))).isNotNull();
        assertThat(LocalAnnounce.decode(bytes(valid + "\r\n".repeat(2_000)))).isNull();
    }
}
