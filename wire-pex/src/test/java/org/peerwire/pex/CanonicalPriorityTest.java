/* SPDX-License-Identifier: MIT */
package org.peerwire.pex;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.peerwire.pex.Peers.peer;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalPriorityTest {

    @ParameterizedTest // case 94
    @CsvSource({
        "123.213.32.10:0, 98.76.54.32:0, ec2d7224", // BEP 40
        "123.213.32.10:0, 123.213.32.234:0, 99568189", // BEP 40
        "123.213.32.10:0, 123.213.33.234:0, f61850a9",
        "206.248.98.111:0, 142.147.89.224:0, 2b41d456",
        "123.213.32.10:51413, 123.213.32.10:6881, 9f852e9f",
        "[2a03:2880:f277:1cd:face:b00c:0:167]:0, [2a03:2880:f177:185:face:b00c:0:25de]:0, e4d0f2e2",
    })
    void hasThePublishedPriorityInBothDirections(String a, String b, String priority) {
        long expected = Long.parseLong(priority, 16);
        assertThat(CanonicalPriority.of(peer(a), peer(b))).isEqualTo(expected);
        assertThat(CanonicalPriority.of(peer(b), peer(a))).isEqualTo(expected);
    }

    @ParameterizedTest // case 95
    @CsvSource({"0, 8a9136aa", "255, 62a8ab43", "-1, 46dd794e"})
    void crc32cHasThePublishedValues(int fill, String expected) {
        byte[] input = new byte[32];
        for (int i = 0; i < input.length; i++) {
            input[i] = (byte) (fill < 0 ? i : fill);
        }
        assertThat(Long.toHexString(crc(input))).isEqualTo(expected);
        assertThat(Long.toHexString(crc("123456789".getBytes(US_ASCII)))).isEqualTo("e3069283");
    }

    @Test
    void ipv6KeepsOneByteMoreThanTheFirstThatDiffers() {
        // In the same /48, the seventh byte counts in full and the following bytes by mask only.
        InetSocketAddress self = peer("[2a00:1:2:1000::1]:1");
        assertThat(CanonicalPriority.of(self, peer("[2a00:1:2:2000::1]:1")))
                .isNotEqualTo(CanonicalPriority.of(self, peer("[2a00:1:2:a000::1]:1")))
                .isEqualTo(CanonicalPriority.of(self, peer("[2a00:1:2:2000::3]:1")));
    }

    @Test
    void portsCountOnlyForTheSameAddress() {
        assertThat(CanonicalPriority.of(peer("1.2.3.4:1"), peer("1.2.9.4:2")))
                .isEqualTo(CanonicalPriority.of(peer("1.2.3.4:3"), peer("1.2.9.4:4")));
        assertThat(CanonicalPriority.of(peer("1.2.3.4:1"), peer("1.2.3.4:2")))
                .isNotEqualTo(CanonicalPriority.of(peer("1.2.3.4:1"), peer("1.2.3.4:3")));
    }

    @Test
    void refusesAPriorityBetweenFamilies() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalPriority.of(peer("1.2.3.4:1"), peer("[2a00::1]:1")));
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("peer.example", 1);
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalPriority.of(unresolved, unresolved));
    }

    @Test
    void comparatorPutsTheHighestFirstAndOtherFamiliesLast() {
        InetSocketAddress self = peer("123.213.32.10:51413");
        List<InetSocketAddress> peers = List.of(
                peer("[2a00::1]:1"),
                peer("123.213.32.234:1"), // 99568189
                InetSocketAddress.createUnresolved("peer.example", 1),
                peer("98.76.54.32:1"), // ec2d7224
                peer("123.213.33.234:1")); // f61850a9
        assertThat(peers.stream().sorted(CanonicalPriority.comparator(self)))
                .containsExactly(peers.get(4), peers.get(3), peers.get(1), peers.get(0), peers.get(2));
    }

    private static long crc(byte[] input) {
        CRC32C crc = new CRC32C();
        crc.update(input);
        return crc.getValue();
    }
}
